import { chosenNumbers } from '../../../app/settings/number-language.ts';
import { filePaper } from '../../../figures/figure.ts';
import { inksOf, MOST_COLOURED, type Slots } from './class-colours.ts';
import { splitNames } from './map-words.ts';
import { paint, type Scene } from './paint.ts';
import { makeStamps, SHAPED_SPLITS, traceShape } from './stamps.ts';
import { fitted, normalised, type Size } from './view.ts';

const SIZE: Size = { width: 1000, height: 760 };
const DENSITY = 2;
const MARGIN = 20;
const LINE = 22;
const FONT = '14px system-ui, sans-serif';

interface PictureParts {
  readonly title: string;
  readonly note: string;
  /** Where the points lie, in the units of the method. */
  readonly coordinates: Float32Array;
  readonly scene: Omit<Scene, 'positions' | 'described'>;
  readonly slots: Slots;
}

/** The whole map as a PNG on white, with title and legend, so that it can stand alone. */
export function mapPicture({ title, note, coordinates, scene, slots }: PictureParts): Promise<Blob> {
  const paper = filePaper(SIZE.width, chosenNumbers);
  const inks = inksOf(paper.ink, paper.quiet, paper.surface);
  const map = new OffscreenCanvas(SIZE.width * DENSITY, SIZE.height * DENSITY);
  const context = map.getContext('2d');
  if (context === null) throw new Error('This browser draws on no canvas.');
  const positions = normalised(coordinates, SIZE);
  const plain = { ...scene, positions, described: null, emphasised: null };
  paint(context, plain, fitted(positions, SIZE), SIZE, makeStamps(inks, DENSITY), inks);
  const entries = legendEntries(plain, slots, inks.colours);
  const rows = layOut(context, entries);
  const height = 2 * MARGIN + 2 * LINE + SIZE.height + LINE * ((rows.at(-1)?.row ?? 0) + 1);
  const whole = new OffscreenCanvas(SIZE.width * DENSITY, height * DENSITY);
  const on = whole.getContext('2d');
  if (on === null) throw new Error('This browser draws on no canvas.');
  on.fillStyle = paper.surface;
  on.fillRect(0, 0, whole.width, whole.height);
  on.drawImage(map, 0, (MARGIN + 2 * LINE) * DENSITY);
  on.scale(DENSITY, DENSITY);
  on.textBaseline = 'middle';
  on.fillStyle = paper.ink;
  on.font = `600 ${FONT}`;
  on.fillText(title, MARGIN, MARGIN + 6, SIZE.width - 2 * MARGIN);
  on.font = FONT;
  on.fillStyle = paper.quiet;
  on.fillText(note, MARGIN, MARGIN + LINE + 4, SIZE.width - 2 * MARGIN);
  for (const { label, colour, shape, x, row } of rows) {
    const y = MARGIN + 2 * LINE + SIZE.height + LINE * (row + 0.5);
    on.save();
    on.translate(x + 6, y);
    traceShape(on, shape, 1.4);
    on.fillStyle = colour;
    on.fill();
    on.restore();
    on.fillStyle = paper.ink;
    on.fillText(label, x + 18, y);
  }
  return whole.convertToBlob({ type: 'image/png' });
}

interface Entry {
  readonly label: string;
  readonly colour: string;
  readonly shape: number;
}

/** Splits by shape, then classes by colour: those that are shown. */
function legendEntries({ shown, shapes, colours }: Scene, slots: Slots, inks: readonly string[]): Entry[] {
  const shapesSeen = new Set(Array.from(shown, (point) => shapes[point]));
  const coloursSeen = new Set(Array.from(shown, (point) => colours[point]));
  const ink = inks[MOST_COLOURED] ?? '';
  const splits = SHAPED_SPLITS.map((split, shape) => ({ label: splitNames[split], colour: ink, shape }));
  const named = slots.map((name, slot) => ({ label: name ?? '', colour: inks[slot] ?? ink, shape: 0, slot }));
  const others = { label: 'others', colour: ink, shape: 0, slot: MOST_COLOURED };
  return [
    ...splits.filter(({ shape }) => shapesSeen.has(shape)),
    ...[...named, others].filter(({ slot }) => coloursSeen.has(slot)),
  ];
}

/** Entries side by side, in as many rows as they take. */
function layOut(context: OffscreenCanvasRenderingContext2D, entries: readonly Entry[]) {
  context.font = FONT;
  let x = MARGIN;
  let row = 0;
  return entries.map((entry) => {
    const label = entry.label.length > 40 ? `${entry.label.slice(0, 39)}…` : entry.label;
    const width = 18 + context.measureText(label).width + 20;
    if (x > MARGIN && x + width > SIZE.width - MARGIN) {
      x = MARGIN;
      row += 1;
    }
    const placed = { ...entry, label, x, row };
    x += width;
    return placed;
  });
}
