import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import { type Kind, kinds } from '../../src/data/demo/composition.ts';
import type { Drawing, Drawings } from '../../src/data/demo/drawings.ts';
import { type Hand, hands } from '../../src/data/demo/hands.ts';

const require = createRequire(import.meta.url);

const iconsSchema = v.object({
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  icons: v.record(
    v.string(),
    v.object({ body: v.string(), width: v.optional(v.number()), height: v.optional(v.number()) }),
  ),
});
const infoSchema = v.object({
  name: v.string(),
  author: v.object({ name: v.string(), url: v.string() }),
  license: v.object({ spdx: v.string(), url: v.string() }),
});
/** Code points (joined by dashes) → names; some sets list none. */
const charsSchema = v.record(v.string(), v.string());

/** What has no place in a drawing: it would run, load, or draw text in whatever font is there. */
const FORBIDDEN = /<(script|foreignObject|image|style|text|a|animate|set)\b|\bon\w+=|href="(?!#)|url\((?!#)/i;

/** Every kind drawn by every hand, out of the packages of Iconify. Throws where one is missing or is not what we say. */
export function makeDrawings(): Drawings {
  return Object.fromEntries(hands.map((hand) => [hand.id, drawingsOf(hand)]));
}

function drawingsOf(hand: Hand): Record<string, Drawing> {
  checkCredits(hand);
  const set = read(hand, 'icons.json', iconsSchema);
  const names = read(hand, 'chars.json', charsSchema);
  const drawingOf = (kind: Kind): Drawing => {
    const icon = set.icons[kind.name];
    const listed = names[kind.codePoint];
    if (!icon) throw new Error(`${hand.name} has no drawing named ${kind.name}.`);
    if (listed !== undefined && listed !== kind.name) {
      throw new Error(`${hand.name} calls ${kind.codePoint} “${listed}”, not “${kind.name}”.`);
    }
    if (FORBIDDEN.test(icon.body)) throw new Error(`${hand.name}’s ${kind.name} is more than a drawing.`);
    const width = icon.width ?? set.width ?? DEFAULT_SIDE;
    return { width, height: icon.height ?? set.height ?? DEFAULT_SIDE, body: icon.body };
  };
  return Object.fromEntries(kinds.map((kind) => [kind.name, drawingOf(kind)]));
}

/** Iconify's, where a set names none. */
const DEFAULT_SIDE = 16;

/** What the app says of a set is what its package says: nobody is credited wrongly after an update. */
function checkCredits(hand: Hand): void {
  const { name, author, license } = read(hand, 'info.json', infoSchema);
  const ours = [hand.name, hand.author, hand.url, hand.licence, hand.licenceUrl];
  const theirs = [name, author.name, author.url, license.spdx, license.url];
  if (ours.join('\n') !== theirs.join('\n')) {
    throw new Error(
      `src/data/demo/hands.ts says of ${hand.id}: ${ours.join(', ')}; the package: ${theirs.join(', ')}.`,
    );
  }
}

function read<Schema extends v.GenericSchema>(hand: Hand, file: string, schema: Schema): v.InferOutput<Schema> {
  return v.parse(schema, JSON.parse(readFileSync(require.resolve(`@iconify-json/${hand.id}/${file}`), 'utf8')));
}
