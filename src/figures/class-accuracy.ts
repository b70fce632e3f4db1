import { axisX, dot, gridX, link, pointerY, ruleY, text, tip } from '@observablehq/plot';
import type { ClassAccuracy, ClassComparison } from '../metrics/by-class.ts';
import type { Numbers } from '../metrics/format.ts';
import {
  accuracySummary,
  type ClassAccuracyData,
  classTable,
  comparisonSummary,
  type NamedRun,
} from './class-accuracy-words.ts';
import { cut, isolated } from './class-names.ts';
import type { Figure, LegendEntry, Paper } from './figure.ts';
import { plotOn, tipOn } from './on-paper.ts';
import { runColour } from './palette.ts';

/** More lines than this are a wall: the table has all. */
export const MOST_LINES = 40;
const LINE = 18;
/** From this many lines on the axis stands above them too. */
const LONG = 15;
/** Characters of a class's name, and pixels a character takes. */
const NAME = { wide: 22, narrow: 13, character: 6.6 };
const NARROW = 480;
/** Shares that the axis names. */
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** One run's classes as what is compared with nothing, in the same order. */
export const aloneByClass = (classes: readonly ClassAccuracy[]): ClassComparison[] =>
  classes.map((a) => ({ className: a.className, a, b: null, change: null }));

/**
 * Top-k accuracy class by class, at most MOST_LINES lines: of one run the worst classes with their 95 % intervals, of
 * two runs those that changed most, as two dots a line. The table has every class.
 */
export function classAccuracyFigure(data: ClassAccuracyData): Figure {
  const { k, images, a, b } = data;
  const drawn = drawnClasses(data);
  return {
    id: 'class-accuracy',
    title: `Top-${k} accuracy by class, ${images} queries`,
    summary: (numbers) => (b === null ? accuracySummary : comparisonSummary)(data, drawn.length, numbers),
    legend:
      b === null
        ? [entry(`${a.label}, with 95 % interval`, a)]
        : [entry(`A, filled: ${a.label}`, a), entry(`B, ring: ${b.label}`, b)],
    table: classTable(data),
    draw: (paper) => drawing(data, drawn, paper),
  };
}

const entry = (label: string, { colour }: NamedRun): LegendEntry => ({ label, colour: runColour(colour), dash: null });

/** The greatest losses and gains between two runs, half of the room each; all of them where there is room. */
export function drawnClasses({ b, classes }: Pick<ClassAccuracyData, 'b' | 'classes'>): readonly ClassComparison[] {
  if (classes.length <= MOST_LINES) return classes;
  if (b === null) return classes.slice(0, MOST_LINES);
  const changes = classes.filter(({ change }) => change !== null);
  if (changes.length <= MOST_LINES) return changes;
  return [...changes.slice(0, MOST_LINES / 2), ...changes.slice(-MOST_LINES / 2)];
}

function drawing(data: ClassAccuracyData, drawn: readonly ClassComparison[], paper: Paper): SVGSVGElement {
  const { k, a, b } = data;
  const long = drawn.length >= LONG;
  const most = paper.width < NARROW ? NAME.narrow : NAME.wide;
  const longest = Math.max(4, ...drawn.map(({ className }) => Math.min(most, [...className].length)));
  const ticks = { ticks: QUARTERS, tickFormat: (share: number) => String(Math.round(share * 100)) };
  const colourA = runColour(a.colour);
  const of = (side: 'a' | 'b') => (row: ClassComparison) => row[side]?.share ?? null;
  const y = 'className';
  return plotOn(paper, {
    height: drawn.length * LINE + 38 + (long ? 44 : 24),
    marginTop: long ? 44 : 24,
    marginBottom: 38,
    marginLeft: longest * NAME.character + 10,
    marginRight: 58,
    x: { domain: [0, 1] },
    y: {
      type: 'point',
      domain: drawn.map(({ className }) => className),
      label: null,
      tickSize: 0,
      tickFormat: (name: string) => cut(name, most),
      padding: 0.5,
    },
    marks: [
      // The plot's own grid would stand at other shares than the axis names.
      gridX(QUARTERS),
      axisX({
        ...ticks,
        anchor: 'bottom',
        label: `Top-${k} accuracy (%)`,
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      ...(long ? [axisX({ ...ticks, anchor: 'top', label: null })] : []),
      ...(b === null
        ? [
            ruleY(drawn, {
              y,
              x1: (row: ClassComparison) => row.a?.interval[0],
              x2: (row: ClassComparison) => row.a?.interval[1],
              stroke: colourA,
              strokeWidth: 2,
              strokeOpacity: 0.5,
            }),
          ]
        : [
            link(drawn, { y, x1: of('a'), x2: of('b'), stroke: paper.quiet, strokeWidth: 1.5 }),
            dot(drawn, {
              y,
              x: of('b'),
              stroke: runColour(b.colour),
              strokeWidth: 2,
              fill: paper.surface,
              r: 5.5,
            }),
          ]),
      dot(drawn, { y, x: of('a'), fill: colourA, r: b === null ? 4 : 3.5 }),
      text(drawn, {
        y,
        text: ({ a: first, b: second }: ClassComparison) => queryCount(first ?? second, paper.numbers),
        frameAnchor: 'right',
        textAnchor: 'end',
        dx: 50,
      }),
      text(['queries'], {
        frameAnchor: 'top-right',
        textAnchor: 'end',
        dx: 50,
        dy: long ? -30 : -12,
      }),
      ...(paper.interactive
        ? [tip(drawn, pointerY({ y, x: of('a'), title: tipWords(b, paper.numbers), ...tipOn(paper) }))]
        : []),
    ],
  });
}

const queryCount = (side: ClassAccuracy | null, { count }: Numbers): string =>
  side === null ? '' : count(side.queries);

const tipWords =
  (b: NamedRun | null, numbers: Numbers) =>
  (row: ClassComparison): string =>
    b === null
      ? `${isolated(row.className)}\n${sideWords(row.a, numbers)}`
      : `${isolated(row.className)}\nA ${sideWords(row.a, numbers)}\nB ${sideWords(row.b, numbers)}`;

const sideWords = (side: ClassAccuracy | null, { share, interval, count }: Numbers): string =>
  side === null
    ? 'no query'
    : `${share(side.share)} ${interval(side.interval)}, ${count(side.hits)} of ${count(side.queries)}`;
