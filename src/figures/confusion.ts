import { axisX, axisY, cell, pointer, text, tip } from '@observablehq/plot';
import {
  type ConfusedPair,
  type Confusion,
  type ConfusionView,
  confusedPairs,
  mostConfusedClasses,
} from '../metrics/confusion.ts';
import type { Numbers } from '../metrics/format.ts';
import { cut, isolated } from './class-names.ts';
import { type Figure, type FigureTable, type Paper, percent } from './figure.ts';
import { plotOn, svgElement, TEXT_SIZE, tipOn } from './on-paper.ts';
import { RUN_COLOURS } from './palette.ts';

/** More classes than this have no room for their names. */
export const MOST_CLASSES = 40;
/** Sides of a cell, in pixels: names need the least, two digits in a cell `numbered`. */
const SIDE = { least: 13, numbered: 24, most: 48 };
const NAME = { wide: 18, narrow: 11, character: 6.6 };
const NARROW = 480;
/** Room above the cells for what their colours mean. */
const SCALE = 62;
/** The darkest cell still lets ink be read on it, in both themes. */
const DARKEST = 0.7;
const PALEST = 0.16;
/** Colours of what is right, on the diagonal, and of what is not. */
const COLOURS = { right: RUN_COLOURS[0], wrong: RUN_COLOURS[1] };

export interface ConfusionData {
  /** Name of the run. */
  readonly label: string;
  /** "test" or "validation". */
  readonly images: string;
  readonly view: ConfusionView;
  readonly confusion: Confusion;
}

/** What each view is called, and where the neighbour's class stands. */
const WORDS = {
  first: {
    id: 'confusion-matrix',
    title: 'Confusion matrix',
    met: 'Class of the first neighbour',
    what: 'Rows are the classes of the queries, columns those of their first neighbours; right answers make the diagonal.',
    none: 'No first neighbour is of another class.',
  },
  wrong: {
    id: 'first-wrong-neighbours',
    title: 'First wrong neighbours',
    met: 'First other class',
    what: 'For each query, the first neighbour of another class, whether or not a right one comes before it.',
    none: 'There is none.',
  },
} as const satisfies Readonly<Record<ConfusionView, Readonly<Record<string, string>>>>;

/** How many classes a matrix of them all would have. */
export const classesOf = ({ pairs }: Confusion): number =>
  new Set(pairs.flatMap(({ query, neighbour }) => [query, neighbour])).size;

/**
 * Heat map of the classes that queries meet: rows are the queries' classes, columns the neighbours', cells shares of the
 * row's queries. With more than MOST_CLASSES classes (fewer on narrow paper), those of the most frequent pairs off the
 * diagonal. The table has every pair.
 */
export function confusionFigure({ label, images, view, confusion }: ConfusionData): Figure {
  const { id, title } = WORDS[view];
  const classes = classesOf(confusion);
  return {
    id,
    title: `${title}, ${images} queries of ${label}`,
    summary: (numbers) => summary(view, confusion, classes, numbers),
    legend: [],
    table: tableOf(view, confusion),
    draw: (paper) => drawing(view, confusion, classes, paper),
  };
}

function summary(view: ConfusionView, confusion: Confusion, classes: number, numbers: Numbers): string {
  const { what, none } = WORDS[view];
  const right = confusion.pairs.reduce(
    (sum, { query, neighbour, count }) => sum + (query === neighbour ? count : 0),
    0,
  );
  const share =
    view === 'first' && confusion.queries > 0
      ? ` ${numbers.count(right)} of ${numbers.count(confusion.queries)} (${numbers.share(right / confusion.queries)} %) lie on it.`
      : '';
  const [first] = confusedPairs(confusion);
  if (!first) return `${what}${share} ${none}`;
  const often = `Most often ${isolated(first.query)} meets ${isolated(first.neighbour)}: ${pairWords(first, numbers)}.`;
  const which =
    classes > MOST_CLASSES ? ` Drawn are the ${MOST_CLASSES} most confused of ${numbers.count(classes)} classes.` : '';
  return `${what}${share} ${often}${which}`;
}

/** "12 of 40 queries (30.0 %)" */
const pairWords = ({ count, of }: ConfusedPair, numbers: Numbers): string =>
  `${numbers.count(count)} of ${numbers.amount(of, 'query', 'queries')} (${numbers.share(count / of)} %)`;

function tableOf(view: ConfusionView, { pairs }: Confusion): FigureTable {
  return {
    columns: [
      { title: 'Class of the query', numeric: false },
      { title: WORDS[view].met, numeric: false },
      { title: 'Queries', numeric: true, digits: 0 },
      { title: 'Of the class’s queries', numeric: true, digits: 0 },
      { title: 'Share (%)', numeric: true, digits: 1 },
      ...(view === 'wrong' ? [{ title: 'Nearest of all for', numeric: true, digits: 0 }] : []),
    ],
    rows: pairs.map(({ query, neighbour, count, of, nearest }) => [
      query,
      neighbour,
      count,
      of,
      percent(count / of),
      ...(view === 'wrong' ? [nearest] : []),
    ]),
  };
}

const colourOf = ({ query, neighbour }: ConfusedPair): string => (query === neighbour ? COLOURS.right : COLOURS.wrong);

function drawing(view: ConfusionView, confusion: Confusion, all: number, paper: Paper): SVGSVGElement {
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
      axisX({ ...names, tickRotate: -90, label: WORDS[view].met, labelAnchor: 'center', labelArrow: 'none' }),
      axisY({ ...names, label: 'Class of the query', labelAnchor: 'center', labelArrow: 'none' }),
      // The diagonal stands out, also where nothing is on it.
      cell(classes, { x: (name: string) => name, y: (name: string) => name, fill: paper.hairline, fillOpacity: 0.6 }),
      cell(pairs, {
        ...place,
        fill: { value: colourOf, scale: null },
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
                  `${isolated(pair.query)} → ${isolated(pair.neighbour)}\n${pairWords(pair, paper.numbers)}${view === 'wrong' ? `\nnearest of all for ${pair.nearest}` : ''}`,
                ...tipOn(paper),
              }),
            ),
          ]
        : []),
    ],
  });
  addScale(drawn, view, highest, opacity, paper);
  if (classes.length < all) {
    const note = svgElement('text', { x: 0, y: 52, fill: paper.quiet, 'text-anchor': 'start' });
    note.textContent = `The ${classes.length} most confused of ${paper.numbers.count(all)} classes`;
    drawn.append(note);
  }
  return drawn;
}

const STEPS = 5;

/** What the colours mean: steps from no query to the highest share. */
function addScale(
  drawn: SVGSVGElement,
  view: ConfusionView,
  highest: number,
  opacity: (share: number) => number,
  paper: Paper,
): void {
  const add = (x: number, y: number, words: string): void => {
    const element = svgElement('text', { x, y: y + TEXT_SIZE, fill: paper.quiet, 'text-anchor': 'start' });
    element.textContent = words;
    drawn.append(element);
  };
  const ramps = [
    { colour: COLOURS.wrong, words: 'another class' },
    ...(view === 'first' ? [{ colour: COLOURS.right, words: 'the right one, on the diagonal' }] : []),
  ];
  for (const [at, { colour, words }] of ramps.entries()) {
    const y = at * 18;
    add(0, y, '0 %');
    for (let step = 1; step <= STEPS; step++) {
      const shade = { fill: colour, 'fill-opacity': opacity((highest * step) / STEPS) };
      drawn.append(svgElement('rect', { x: 10 + step * 20, y: y + 2, width: 19, height: 12, ...shade }));
    }
    add(36 + STEPS * 20, y, `${paper.numbers.share(highest)} % of the class’s queries: ${words}`);
  }
}
