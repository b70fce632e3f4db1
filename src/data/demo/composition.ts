import { type Random, seededRandom } from '../../math/random.ts';
import type { Split } from '../../types.ts';
import { type Hand, hands } from './hands.ts';
import { kinds } from './kinds.ts';

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
