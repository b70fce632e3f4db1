import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Hand, hands } from '../../src/data/demo/hands.ts';
import { LICENCES } from './licence-texts.ts';

/** Somebody else's work in the built app. */
export interface Work {
  /** With its version. */
  readonly name: string;
  /** SPDX. */
  readonly licence: string;
  readonly url: string;
  /** What is in the app of it, where the name does not say. */
  readonly note?: string;
  /** Copyright and permission as its authors word them; null where LICENCES has the words, or none are needed. */
  readonly text: string | null;
}

const packageSchema = v.object({
  name: v.string(),
  version: v.string(),
  license: v.string(),
  author: v.optional(v.union([v.string(), v.object({ name: v.string() })])),
  homepage: v.optional(v.string()),
  repository: v.optional(v.union([v.string(), v.object({ url: v.string() })])),
});

/** The folder of the package that a module of the build belongs to; null for our own. */
export function packageFolder(module: string): string | null {
  return /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(module.replace(/^\0/, '').replaceAll('\\', '/'))?.[0] ?? null;
}

const packageFacts = (folder: string) =>
  v.parse(packageSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/** A package by its own words. Throws where it has no licence, or one that LICENCES does not know. */
export function packageWork(folder: string): Work {
  const stated = packageFacts(folder);
  const repository = typeof stated.repository === 'string' ? stated.repository : stated.repository?.url;
  const author = typeof stated.author === 'string' ? stated.author : stated.author?.name;
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|copying|notice)/i.test(file));
  const words = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  return {
    name: `${stated.name} ${stated.version}`,
    licence: stated.license,
    url: webAddress(stated.homepage ?? repository ?? `https://www.npmjs.com/package/${stated.name}`),
    text: words.length > 0 ? words.join('\n\n') : wordsOf(stated.license, author),
  };
}

function wordsOf(licence: string, holder: string | undefined): string | null {
  const words = LICENCES[licence];
  if (!words) return null;
  if (!holder) throw new Error(`A package under ${licence} names neither its text nor its author.`);
  return words(`Copyright (c) ${holder.replace(/\s*<[^>]*>/, '')}`);
}

const webAddress = (address: string) =>
  address
    .replace(/^git\+/, '')
    .replace(/^git:\/\//, 'https://')
    .replace(/\.git$/, '');

const text = (licence: string, copyright: string) => LICENCES[licence]?.(copyright) ?? null;

/** What no module of the build tells: it was compiled into a binary that is committed here or lies in a package. */
function compiledWorks(root: string): Work[] {
  return [
    {
      name: `hnswlib (headers of hnswlib-node ${versionIn(root, 'hnswlib-node')})`,
      licence: 'Apache-2.0',
      url: 'https://github.com/nmslib/hnswlib',
      note: 'Compiled into src/search/simd/search.wasm, and by its authors into hnswlib-wasm.',
      text: null,
    },
    {
      ...packageWork(join(root, 'node_modules/assemblyscript')),
      note:
        'Its standard library is compiled into src/models/engines/wasm/*.wasm, src/data/resample.wasm, ' +
        'src/search/classes/classes.wasm and src/search/codes/codes.wasm.',
    },
    {
      name: 'Emscripten 3.1.6',
      licence: 'MIT',
      url: 'https://emscripten.org',
      note: 'Its system library is compiled into src/search/simd/search.wasm and the binaries of TensorFlow.js and hnswlib-wasm.',
      text: text('MIT', 'Copyright (c) 2010-2014 Emscripten authors, see AUTHORS file.'),
    },
    {
      name: 'musl',
      licence: 'MIT',
      url: 'https://musl.libc.org',
      note: 'Part of Emscripten’s system library.',
      text: text('MIT', 'Copyright © 2005-2020 Rich Felker, et al.'),
    },
    {
      name: 'XNNPACK',
      licence: 'BSD-3-Clause',
      url: 'https://github.com/google/XNNPACK',
      note: 'Compiled into the binaries of @tensorflow/tfjs-backend-wasm.',
      text: text(
        'BSD-3-Clause',
        'Copyright (c) Facebook, Inc. and its affiliates. All rights reserved.\nCopyright 2019 Google LLC',
      ),
    },
    {
      name: 'pthreadpool',
      licence: 'BSD-2-Clause',
      url: 'https://github.com/Maratyszcza/pthreadpool',
      note: 'Compiled into the binaries of @tensorflow/tfjs-backend-wasm.',
      text: text(
        'BSD-2-Clause',
        'Copyright 2019 Google LLC\nCopyright (c) 2017 Facebook Inc.\nCopyright (c) 2015-2017 Georgia Institute of Technology\nAll rights reserved.',
      ),
    },
  ];
}

/** The version in package-lock.json: the package is optional and may not be installed. */
function versionIn(root: string, name: string): string {
  const lock = v.parse(
    v.object({ packages: v.record(v.string(), v.object({ version: v.optional(v.string()) })) }),
    JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')),
  );
  const version = lock.packages[`node_modules/${name}`]?.version;
  if (version === undefined) throw new Error(`package-lock.json does not name ${name}.`);
  return version;
}

/** The sets of emoji that the demo's pictures are made of. */
export function drawnWorks(root: string): Work[] {
  return hands.map((hand) => ({
    name: `${hand.name} by ${hand.author} (${versionedPackage(root, hand)})`,
    licence: hand.licence,
    url: hand.url,
    note: `${hand.licenceUrl}\nSome drawings of the set, unchanged; the demo places them on coloured grounds, turned and scaled.`,
    text: text(hand.licence, `Copyright (c) ${hand.author}`),
  }));
}

function versionedPackage(root: string, { id }: Hand): string {
  const { name, version } = packageFacts(join(root, `node_modules/@iconify-json/${id}`));
  return `${name} ${version}`;
}

const RULE = '='.repeat(80);
const LINE = '-'.repeat(80);

/**
 * THIRD_PARTY_NOTICES: what is in the built app by others. `folders` are those of the packages that it bundles. Works with
 * the same words share one entry.
 */
export function noticesText(root: string, folders: Iterable<string>): string {
  const packages = [...new Set(folders)].map(packageWork);
  const software = grouped([...packages, ...compiledWorks(root)]);
  const apache = join(root, 'LICENSE');
  if (!existsSync(apache))
    throw new Error('The project’s own LICENSE is missing: its text is the Apache License of others too.');
  return [
    'THIRD-PARTY NOTICES\n',
    'Likeness is licensed under the Apache License 2.0. The built app contains the works of',
    'others that are listed here, each under its own licence. Written by `npm run notices`',
    `from what the build bundles; do not edit.\n\n${RULE}\nSOFTWARE\n${RULE}`,
    ...software,
    `${RULE}\nDRAWINGS OF THE DEMO\n${RULE}`,
    ...grouped(drawnWorks(root)),
    `${RULE}\nTHE APACHE LICENSE 2.0, for all works above that name it without a text\n${RULE}\n`,
    readFileSync(apache, 'utf8').trim(),
    '',
  ].join('\n');
}

function grouped(works: readonly Work[]): string[] {
  const byWords = new Map<string, Work[]>();
  for (const work of [...works].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!work.licence.split(' AND ').every((name) => name in LICENCES)) {
      throw new Error(
        `${work.name} is under ${work.licence}: look whether it may be handed on, and add it to LICENCES.`,
      );
    }
    const words = tidied(work);
    const key = `${work.licence}\n${words}`;
    byWords.set(key, [...(byWords.get(key) ?? []), work]);
  }
  return [...byWords].map(([key, [first, ...others]]) => {
    const all = first ? [first, ...others] : others;
    const heads = all.map(({ name, url, note }) => [name, url, note].filter(Boolean).join('\n'));
    const [licence = '', ...words] = key.split('\n');
    return `\n${heads.join('\n')}\nLicence: ${licence}\n${words.join('\n') === '' ? '' : `\n${words.join('\n')}\n`}\n${LINE}`;
  });
}

/** Apache's text stands once, at the end; what a package adds to it (its NOTICE) stays. */
function tidied({ licence, text: words }: Work): string {
  const lines = (words ?? '').replaceAll('\r\n', '\n').replaceAll('\f', '');
  // Where the file is Apache's and package.json names another licence, both are handed on.
  return (licence.includes('Apache-2.0') ? lines.replace(APACHE, '') : lines).trim();
}

const APACHE =
  /^\s*Apache License\s+Version 2\.0, January 2004[\s\S]*?(?:END OF TERMS AND CONDITIONS)(?:[\s\S]*?limitations under the License\.)?/m;
