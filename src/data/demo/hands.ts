import type { Split } from '../../types.ts';

/** One set of emoji: the same things, drawn by one hand. */
export interface Hand {
  /** Name of the set among the packages of Iconify: `@iconify-json/<id>`. */
  readonly id: string;
  readonly name: string;
  readonly author: string;
  readonly url: string;
  /** SPDX. All of them allow the drawings to be handed on and changed. */
  readonly licence: string;
  readonly licenceUrl: string;
  /** All drawings of a hand are in one split: what is asked with was drawn by a hand that training never saw. */
  readonly split: Split;
}

/** An older and a newer set of one house stand on the same side, since they share drawings. */
export const hands: readonly Hand[] = [
  {
    id: 'noto',
    name: 'Noto Emoji',
    author: 'Google Inc',
    url: 'https://github.com/googlefonts/noto-emoji',
    licence: 'Apache-2.0',
    licenceUrl: 'https://github.com/googlefonts/noto-emoji/blob/main/svg/LICENSE',
    split: 'training',
  },
  {
    id: 'noto-v1',
    name: 'Noto Emoji (v1)',
    author: 'Google Inc',
    url: 'https://github.com/googlefonts/noto-emoji',
    licence: 'Apache-2.0',
    licenceUrl: 'https://github.com/googlefonts/noto-emoji/blob/main/svg/LICENSE',
    split: 'training',
  },
  {
    id: 'emojione',
    name: 'Emoji One (Colored)',
    author: 'Emoji One',
    url: 'https://github.com/EmojiTwo/emojitwo',
    licence: 'CC-BY-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    split: 'training',
  },
  {
    id: 'emojione-v1',
    name: 'Emoji One (v1)',
    author: 'Emoji One',
    url: 'https://github.com/joypixels/emojione-legacy',
    licence: 'CC-BY-SA-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by-sa/4.0/',
    split: 'training',
  },
  {
    id: 'openmoji',
    name: 'OpenMoji',
    author: 'OpenMoji',
    url: 'https://github.com/hfg-gmuend/openmoji',
    licence: 'CC-BY-SA-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by-sa/4.0/',
    split: 'training',
  },
  {
    id: 'twemoji',
    name: 'Twitter Emoji',
    author: 'Twitter',
    url: 'https://github.com/jdecked/twemoji',
    licence: 'CC-BY-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    split: 'gallery',
  },
  {
    id: 'fxemoji',
    name: 'Firefox OS Emoji',
    author: 'Mozilla',
    url: 'https://github.com/mozilla/fxemoji',
    licence: 'Apache-2.0',
    licenceUrl: 'https://mozilla.github.io/fxemoji/LICENSE.md',
    split: 'gallery',
  },
  {
    id: 'streamline-emojis',
    name: 'Streamline Emojis',
    author: 'Streamline',
    url: 'https://github.com/webalys-hq/streamline-vectors',
    licence: 'CC-BY-4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    split: 'gallery',
  },
  {
    id: 'fluent-emoji-flat',
    name: 'Fluent Emoji Flat',
    author: 'Microsoft Corporation',
    url: 'https://github.com/microsoft/fluentui-emoji',
    licence: 'MIT',
    licenceUrl: 'https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE',
    split: 'query',
  },
];
