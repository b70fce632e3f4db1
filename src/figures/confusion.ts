import { axisX, axisY, cell, pointer, text, tip } from '@observablehq/plot';
import { type ConfusedPair, type Confusion, mostConfusedClasses } from '../metrics/confusion.ts';
import { cut, isolated } from './class-names.ts';
import type { Figure, FigureTable, Paper } from './figure.ts';
import { percent, shareWords } from './number-words.ts';
import { plotOn, svgElement, TEXT_SIZE, tipOn } from './on-paper.ts';
import { RUN_COLOURS } from './palette.ts';

/** More classes than this have no room for their names. */
export const MOST_CLASSES = 40;
/** Sides of a cell, in pixels: names need the least, two digits in a cell `numbered`. */
const SIDE = { least: 13, numbered: 24, most: 48 };
const NAME = { wide: 18, narrow: 11, character: 6.6 };
const NARROW = 480;
/** Room above the cells for what their colours mean. */
const SCALE = 44;
/** The darkest cell still lets ink be read on it, in both themes. */
const DARKEST = 0.7;
const PALEST = 0.16;
const COLOUR = RUN_COLOURS[0];

export interface ConfusionData {
  /** Name of the run. */
  readonly label: string;
  /** "test" or "validation". */
  readonly images: string;
  readonly confusion: Confusion;
}

/**
 * Heat map of the class that each query meets first besides its own: rows are the queries' classes, columns the
 * neighbours', cells shares of the row's queries. With more than MOST_CLASSES classes (fewer on narrow paper), those of
 * the most frequent pairs. The table has every pair.
 */
export function confusionFigure({ label, images, confusion }: ConfusionData): Figure {
  const classes = new Set(confusion.pairs.flatMap(({ query, neighbour }) => [query, neighbour]));
  return {
    id: 'class-confusion',
    title: `First neighbours of another class, ${images} queries of ${label}`,
    summary: summary(confusion, classes.size),
    legend: [],
    table: tableOf(confusion),
    draw: (paper) => drawing(confusion, classes.size, paper),
  };
}

function summary({ pairs }: Confusion, classes: number): string {
  const what = 'For each query, the first neighbour of another class, whether or not a right one comes before it.';
  const [first] = pairs;
  if (!first) return `${what} There is none.`;
  const often = `Most often ${isolated(first.query)} meets ${isolated(first.neighbour)}: ${pairWords(first)}.`;
  const which =
    classes > MOST_CLASSES
      ? ` Drawn are the ${MOST_CLASSES} most confused of ${classes.toLocaleString('en')} classes.`
      : '';
  return `${what} ${often}${which}`;
}

/** "12 of 40 queries (30.0 %)" */
const pairWords = ({ count, of }: ConfusedPair): string =>
  `${count} of ${of} ${of === 1 ? 'query' : 'queries'} (${shareWords(count / of)} %)`;

function tableOf({ pairs }: Confusion): FigureTable {
  return {
    columns: [
      { title: 'Class of the query', numeric: false },
      { title: 'First other class', numeric: false },
      { title: 'Queries', numeric: true, digits: 0 },
      { title: 'Of the class’s queries', numeric: true, digits: 0 },
      { title: 'Share (%)', numeric: true, digits: 1 },
      { title: 'Nearest of all for', numeric: true, digits: 0 },
    ],
    rows: pairs.map(({ query, neighbour, count, of, nearest }) => [
      query,
      neighbour,
      count,
      of,
      percent(count / of),
      nearest,
    ]),
  };
}

function drawing(confusion: Confusion, all: number, paper: Paper): SVGSVGElement {
  const most = paper.width < NARROW ? NAME.narrow : NAME.wide;
  const room = (classes: readonly string[]) =>
    Math.max(3, ...classes.map((name) => Math.min(most, [...name].length))) * NAME.character + 30;
  const fitting = Math.floor((paper.width - most * NAME.character - 30) / SIDE.least);
  const classes = mostConfusedClasses(confusion, Math.max(2, Math.min(MOST_CLASSES, fitting)));
  const left = room(classes);
  const side = Math.min(SIDE.most, (paper.width - left - 8) / Math.max(1, classes.length));
  const shown = new Set(classes);
  const pairs = confusion.pairs.filter(({ query, neighbour }) => shown.has(query) && shown.has(neighbour));
  const highest = Math.max(0, ...pairs.map(({ count, of }) => count / of));
  const opacity = (share: number): number => (highest === 0 ? 0 : PALEST + (DARKEST - PALEST) * (share / highest));
  const place = { x: 'neighbour', y: 'query' } as const;
  const names = { tickSize: 0, tickFormat: (name: string) => cut(name, most) };
  const size = classes.length * side;
  const drawn = plotOn(paper, {
    height: SCALE + size + left,
    marginTop: SCALE,
    marginBottom: left,
    marginLeft: left,
    marginRight: paper.width - left - size,
    x: { type: 'band', domain: classes, padding: 0.04, label: null },
    y: { type: 'band', domain: classes, padding: 0.04, label: null },
    marks: [
      axisX({ ...names, tickRotate: -90, label: 'First other class', labelAnchor: 'center', labelArrow: 'none' }),
      axisY({ ...names, label: 'Class of the query', labelAnchor: 'center', labelArrow: 'none' }),
      // The diagonal cannot be met.
      cell(classes, { x: (name: string) => name, y: (name: string) => name, fill: paper.hairline, fillOpacity: 0.6 }),
      cell(pairs, {
        ...place,
        fill: COLOUR,
        fillOpacity: { value: ({ count, of }: ConfusedPair) => opacity(count / of), scale: null },
      }),
      ...(side < SIDE.numbered
        ? []
        : [
            text(pairs, {
              ...place,
              text: ({ count, of }: ConfusedPair) => String(Math.round((count / of) * 100)),
              fill: paper.ink,
              fontSize: 11,
            }),
          ]),
      ...(paper.interactive
        ? [
            tip(
              pairs,
              pointer({
                ...place,
                title: (pair: ConfusedPair) =>
                  `${isolated(pair.query)} → ${isolated(pair.neighbour)}\n${pairWords(pair)}\nnearest of all for ${pair.nearest}`,
                ...tipOn(paper),
              }),
            ),
          ]
        : []),
    ],
  });
  addScale(drawn, highest, opacity, paper);
  if (classes.length < all) {
    const note = svgElement('text', { x: 0, y: 34, fill: paper.quiet, 'text-anchor': 'start' });
    note.textContent = `The ${classes.length} most confused of ${all.toLocaleString('en')} classes`;
    drawn.append(note);
  }
  return drawn;
}

const STEPS = 5;

/** What the colours mean: steps from no query to the highest share. */
function addScale(drawn: SVGSVGElement, highest: number, opacity: (share: number) => number, paper: Paper): void {
  const add = (x: number, words: string): void => {
    const element = svgElement('text', { x, y: TEXT_SIZE, fill: paper.quiet, 'text-anchor': 'start' });
    element.textContent = words;
    drawn.append(element);
  };
  add(0, '0 %');
  for (let step = 1; step <= STEPS; step++) {
    const shade = { fill: COLOUR, 'fill-opacity': opacity((highest * step) / STEPS) };
    drawn.append(svgElement('rect', { x: 10 + step * 20, y: 2, width: 19, height: 12, ...shade }));
  }
  add(36 + STEPS * 20, `${shareWords(highest)} % of the class’s queries`);
}
