import { type Random, seededRandom } from '../../math/random.ts';
import type { Split } from '../../types.ts';
import { type Hand, hands } from './hands.ts';

/** A thing that every hand drew. */
export interface Kind {
  /** Its name in every set of Iconify, and, with spaces, its class in the demo. */
  readonly name: string;
  /** Unicode code point in hex, as the sets list them. */
  readonly codePoint: string;
}

/** Things that all nine hands drew under the same name, and that cannot be confused with one another. */
export const kinds: readonly Kind[] = [
  { name: 'grapes', codePoint: '1f347' },
  { name: 'tomato', codePoint: '1f345' },
  { name: 'mushroom', codePoint: '1f344' },
  { name: 'tulip', codePoint: '1f337' },
  { name: 'honeybee', codePoint: '1f41d' },
  { name: 'octopus', codePoint: '1f419' },
  { name: 'turtle', codePoint: '1f422' },
  { name: 'snail', codePoint: '1f40c' },
  { name: 'elephant', codePoint: '1f418' },
  { name: 'chicken', codePoint: '1f414' },
  { name: 'snake', codePoint: '1f40d' },
  { name: 'bug', codePoint: '1f41b' },
  { name: 'automobile', codePoint: '1f697' },
  { name: 'bus', codePoint: '1f68c' },
  { name: 'bicycle', codePoint: '1f6b2' },
  { name: 'tractor', codePoint: '1f69c' },
  { name: 'sailboat', codePoint: '26f5' },
  { name: 'rocket', codePoint: '1f680' },
  { name: 'helicopter', codePoint: '1f681' },
  { name: 'airplane', codePoint: '2708' },
  { name: 'wrench', codePoint: '1f527' },
  { name: 'guitar', codePoint: '1f3b8' },
  { name: 'trumpet', codePoint: '1f3ba' },
  { name: 'balloon', codePoint: '1f388' },
  { name: 'tent', codePoint: '26fa' },
  { name: 'television', codePoint: '1f4fa' },
  { name: 'crown', codePoint: '1f451' },
  { name: 'jeans', codePoint: '1f456' },
  { name: 'handbag', codePoint: '1f45c' },
  { name: 'bomb', codePoint: '1f4a3' },
  { name: 'bell', codePoint: '1f514' },
  { name: 'battery', codePoint: '1f50b' },
];

/** How one drawing is put on one picture. */
export interface View {
  /** Side of the square picture, in pixels. */
  readonly side: number;
  /** Side of the drawing as a share of the picture's. */
  readonly scale: number;
  /** Clockwise, in degrees. */
  readonly rotation: number;
  /** Where the drawing's middle is, as shares of the side. */
  readonly x: number;
  readonly y: number;
  /** CSS colours; the second one is where the background goes to, in the direction of `slope` degrees. */
  readonly background: { readonly from: string; readonly to: string; readonly slope: number };
}

/** One picture of the demo: a hand's drawing of a kind, seen in one way. */
export interface DemoPicture {
  /** As in a dropped folder, unique. */
  readonly path: string;
  readonly hand: Hand['id'];
  readonly kind: string;
  readonly view: View;
}

/**
 * Raise it when anything that can be seen changes: drawings, kinds, hands, views. The pictures of another edition are
 * another data set, so that nothing that was computed for old ones is taken for new ones.
 */
export const EDITION = 1;
const SEED = 20;

/** Views of a drawing: 32 kinds by 5, 3 and 1 hands make 640, 288 and 96 pictures. */
const VIEWS: Readonly<Record<Split, number>> = { training: 4, gallery: 3, query: 3 };
const FOLDERS: Readonly<Record<Split, string>> = {
  training: 'training',
  query: 'test/query',
  gallery: 'test/gallery',
};
const SIDES = [160, 192, 224, 256] as const;

const DEMO_NAME = EDITION === 1 ? 'Emoji demo' : `Emoji demo ${EDITION}`;

/** Every picture of the demo, the same on every machine. */
export function composeDemo(): DemoPicture[] {
  const pictures: DemoPicture[] = [];
  for (const [handAt, hand] of hands.entries()) {
    for (const [kindAt, kind] of kinds.entries()) {
      // A stream for each drawing, so that one more hand or kind does not change the others' views.
      const random = seededRandom(SEED, handAt * 1000 + kindAt);
      for (let number = 1; number <= VIEWS[hand.split]; number++) {
        pictures.push({
          path: `${DEMO_NAME}/${FOLDERS[hand.split]}/${className(kind.name)}/${hand.id} ${number}.jpg`,
          hand: hand.id,
          kind: kind.name,
          view: composeView(random),
        });
      }
    }
  }
  return pictures;
}

const className = (kind: string) => kind.replaceAll('-', ' ');

function composeView(random: Random): View {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const scale = between(0.55, 0.9);
  // The middle moves as far as the drawing stays within the picture, were it not turned.
  const room = (1 - scale) / 2;
  const hue = between(0, 360);
  return {
    side: SIDES[random.below(SIDES.length)] ?? SIDES[0],
    scale,
    rotation: between(-30, 30),
    x: 0.5 + between(-room, room),
    y: 0.5 + between(-room, room),
    background: { from: pastel(random, hue), to: pastel(random, hue + between(20, 90)), slope: between(0, 360) },
  };
}

/** Light, so that outlines in black and drawings in white both stand out a little. */
function pastel(random: Random, hue: number): string {
  const saturation = 15 + random.below(50);
  const lightness = 62 + random.below(32);
  return `hsl(${Math.round(hue) % 360} ${saturation}% ${lightness}%)`;
}
