import { areaY, lineY, pointerX, ruleX, ruleY, tip } from '@observablehq/plot';
import type { Numbers } from '../metrics/format.ts';
import type { Bins } from '../metrics/similarities.ts';
import { type Figure, type Paper, percent } from './figure.ts';
import { plotOn, tipOn } from './on-paper.ts';
import { RUN_COLOURS } from './palette.ts';

/** One run's right and wrong neighbours in each bin. */
export interface SimilarityCounts {
  /** File name's ending, as `a`. */
  readonly id: string;
  /** Name of the run. */
  readonly label: string;
  readonly right: Int32Array;
  readonly wrong: Int32Array;
}

interface Bin {
  readonly from: number;
  readonly to: number;
  /** Shares of all neighbours. */
  readonly right: number;
  readonly wrong: number;
}

/** Green and red that differ in lightness too, and in line: right is solid, wrong is dashed. */
const RIGHT = { label: 'right', colour: RUN_COLOURS[2], dash: null } as const;
const WRONG = { label: 'wrong', colour: RUN_COLOURS[5], dash: '5 3' } as const;

/**
 * Cosine similarities of right and wrong neighbours, one figure a run, on the same axes so that they can stand side by
 * side. `first`: neighbours a query that were counted; `images`: "test" or "validation".
 */
export function similarityFigures(
  runs: readonly SimilarityCounts[],
  bins: Bins,
  first: number,
  images: string,
): Figure[] {
  const counted = runs.map((run) => ({ run, shares: sharesOf(run, bins) }));
  const highest = Math.max(...counted.flatMap(({ shares }) => shares.flatMap(({ right, wrong }) => [right, wrong])));
  return counted.map(({ run, shares }) => ({
    id: `similarities-${run.id}`,
    title: `Similarity of right and wrong neighbours, ${run.label}`,
    summary: (numbers) =>
      `Cosine similarity of the first ${first} neighbours of each ${images} query. ${summary(run, shares, numbers)}`,
    legend: [RIGHT, WRONG],
    table: {
      columns: [
        { title: 'Similarity from', numeric: true, digits: 3 },
        { title: 'to', numeric: true, digits: 3 },
        { title: 'Right neighbours', numeric: true, digits: 0 },
        { title: 'Wrong neighbours', numeric: true, digits: 0 },
        { title: 'Right among them (%)', numeric: true, digits: 1 },
      ],
      rows: shares.map(({ from, to }, at) => {
        const right = run.right[at] ?? 0;
        const wrong = run.wrong[at] ?? 0;
        return [from, to, right, wrong, right + wrong === 0 ? null : percent(right / (right + wrong))];
      }),
    },
    draw: (paper) => drawing(shares, highest, paper),
  }));
}

function sharesOf({ right, wrong }: SimilarityCounts, { first, perUnit, count }: Bins): Bin[] {
  const all = sum(right) + sum(wrong);
  return Array.from({ length: count }, (_, at) => ({
    from: (first + at) / perUnit,
    to: (first + at + 1) / perUnit,
    right: (right[at] ?? 0) / Math.max(1, all),
    wrong: (wrong[at] ?? 0) / Math.max(1, all),
  }));
}

function summary({ right, wrong }: SimilarityCounts, shares: readonly Bin[], { share, tick }: Numbers): string {
  const all = sum(right) + sum(wrong);
  const peak = (counts: Int32Array): string => {
    const at = counts.indexOf(Math.max(...counts));
    return `${tick(shares[at]?.from ?? 0)} to ${tick(shares[at]?.to ?? 0)}`;
  };
  const parts = [
    `${share(sum(right) / Math.max(1, all))} % are right`,
    ...(sum(right) > 0 ? [`right ones are most frequent from ${peak(right)}`] : []),
    ...(sum(wrong) > 0 ? [`wrong ones from ${peak(wrong)}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

const sum = (counts: Int32Array): number => counts.reduce((total, count) => total + count, 0);

function drawing(bins: readonly Bin[], highest: number, paper: Paper): SVGSVGElement {
  const low = bins[0]?.from ?? 0;
  const high = bins.at(-1)?.to ?? 1;
  return plotOn(paper, {
    height: 240,
    marginLeft: 40,
    marginRight: 12,
    marginBottom: 38,
    x: {
      domain: [low, high],
      label: 'Cosine similarity',
      ticks: Math.max(3, Math.floor(paper.width / 80)),
      tickSize: 4,
      tickFormat: paper.numbers.tick,
    },
    y: {
      domain: [0, highest],
      nice: true,
      label: 'Neighbours (%)',
      tickFormat: (share: number) => paper.numbers.tick(Math.round(share * 1000) / 10),
      ticks: 5,
      grid: true,
      tickSize: 0,
    },
    marks: [
      ...[RIGHT, WRONG].flatMap(({ label, colour, dash }) => {
        const steps = outline(bins, label);
        return [
          areaY(steps, { x: 'x', y1: 0, y2: 'y', fill: colour, fillOpacity: 0.18 }),
          lineY(steps, { x: 'x', y: 'y', stroke: colour, strokeWidth: 1.75, ...(dash && { strokeDasharray: dash }) }),
        ];
      }),
      ruleY([0], { stroke: paper.quiet }),
      ...(paper.interactive ? pointer(bins, paper) : []),
    ],
  });
}

/** Corners of the steps, from the axis up and down to it again. */
function outline(bins: readonly Bin[], kind: 'right' | 'wrong'): { readonly x: number; readonly y: number }[] {
  const corners = bins.flatMap(({ from, to, ...shares }) => [
    { x: from, y: shares[kind] },
    { x: to, y: shares[kind] },
  ]);
  const [start, end] = [corners[0], corners.at(-1)];
  return start && end ? [{ x: start.x, y: 0 }, ...corners, { x: end.x, y: 0 }] : [];
}

function pointer(bins: readonly Bin[], paper: Paper) {
  const { share, tick } = paper.numbers;
  const middle = ({ from, to }: Bin): number => (from + to) / 2;
  return [
    ruleX(bins, pointerX({ x: middle, stroke: paper.hairline })),
    tip(
      bins,
      pointerX({
        x: middle,
        frameAnchor: 'top',
        title: ({ from, to, right, wrong }: Bin) =>
          `${tick(from)} to ${tick(to)}\nright ${share(right)} %\nwrong ${share(wrong)} %`,
        ...tipOn(paper),
      }),
    ),
  ];
}
