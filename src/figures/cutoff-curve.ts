import { dot, lineY, pointerX, ruleX, text, tip } from '@observablehq/plot';
import { type Cutoff, cutoffFor, PRECISIONS, type PrecisionCurve } from '../metrics/cutoff.ts';
import type { Numbers } from '../metrics/format.ts';
import { type Figure, type FigureTable, type LegendEntry, type Paper, percent } from './figure.ts';
import { plotOn, tipOn } from './on-paper.ts';
import { RUN_COLOURS, runColour } from './palette.ts';

interface Point {
  readonly similarity: number;
  /** Share of the neighbours at least as similar that is right. */
  readonly precision: number;
  /** They, as a share of all. */
  readonly share: number;
  readonly kept: number;
}

interface Mark extends Cutoff {
  readonly wanted: number;
}

/** No drawing shows more, and no table of more is read. */
const MOST_POINTS = 200;
const KEPT_DASH = '2 3';

/**
 * What share of the neighbours above a similarity is right. `label`: name of the run, `colour`: its slot; `first`:
 * neighbours a validation query that were counted. The curve must have an entry.
 */
export function cutoffFigure(label: string, colour: number, curve: PrecisionCurve, first: number): Figure {
  const points = pointsOf(curve);
  const marks = PRECISIONS.flatMap((wanted): Mark[] => {
    const cutoff = cutoffFor(curve, wanted);
    return cutoff ? [{ wanted, ...cutoff }] : [];
  });
  const legend: LegendEntry[] = [
    { label: 'right among those kept', colour: runColour(colour), dash: null },
    { label: 'kept, of all neighbours', colour: RUN_COLOURS[7], dash: KEPT_DASH },
  ];
  return {
    id: 'relevance-cutoff',
    title: `Relevance cut-off, ${label}`,
    summary: (numbers) =>
      `Share of right ones among the first ${first} neighbours of each validation query that are at least as similar as the cut-off. ${summary(marks, numbers)}`,
    legend,
    table: tableOf(points),
    draw: (paper) => drawing(points, marks, runColour(colour), paper),
  };
}

/** As many entries as a line can show, evenly spread over the neighbours. */
function pointsOf({ similarities, kept, right }: PrecisionCurve): Point[] {
  const all = kept.at(-1) ?? 0;
  const chosen: number[] = [];
  let next = 0;
  kept.forEach((count, at) => {
    if (count < next && at < kept.length - 1) return;
    chosen.push(at);
    next = count + all / MOST_POINTS;
  });
  return chosen.map((at) => {
    const count = kept[at] as number;
    const similarity = similarities[at] as number;
    return { similarity, precision: (right[at] as number) / count, share: count / all, kept: count };
  });
}

function summary(marks: readonly Mark[], numbers: Numbers): string {
  const missed = PRECISIONS.filter((wanted) => !marks.some((mark) => mark.wanted === wanted));
  const reached = marks.map(
    ({ wanted, similarity, kept }) =>
      `${wanted * 100} % from a similarity of ${numbers.similarity(similarity)} on, which keeps ${numbers.count(kept)}`,
  );
  const never =
    missed.length === 0 ? '' : ` ${missed.map((wanted) => `${wanted * 100} %`).join(' and ')} is never reached.`;
  return `${reached.length === 0 ? '' : `${reached.join('; ')}.`}${never}`.trim();
}

function tableOf(points: readonly Point[]): FigureTable {
  return {
    columns: [
      { title: 'Cut-off (cosine similarity)', numeric: true, digits: 3 },
      { title: 'Right among those kept (%)', numeric: true, digits: 1 },
      { title: 'Neighbours kept', numeric: true, digits: 0 },
      { title: 'Kept, of all (%)', numeric: true, digits: 1 },
    ],
    rows: points.map(({ similarity, precision, kept, share }) => [
      Math.round(similarity * 1e6) / 1e6,
      percent(precision),
      kept,
      percent(share),
    ]),
  };
}

function drawing(points: readonly Point[], marks: readonly Mark[], colour: string, paper: Paper): SVGSVGElement {
  // Few are kept at the top, so that the curve jumps there: it begins where ten are.
  const steady = points.filter(({ kept }) => kept >= Math.min(10, points.at(-1)?.kept ?? 0));
  return plotOn(paper, {
    height: Math.max(240, Math.min(320, paper.width * 0.45)),
    marginLeft: 40,
    marginRight: 16,
    marginTop: 26,
    marginBottom: 38,
    x: {
      label: 'Cut-off (cosine similarity)',
      tickFormat: paper.numbers.tick,
      nice: true,
      ticks: Math.max(3, Math.floor(paper.width / 90)),
      tickSize: 4,
    },
    y: {
      domain: [0, 1],
      label: 'Share of neighbours (%)',
      tickFormat: (share: number) => String(Math.round(share * 100)),
      ticks: 5,
      grid: true,
      tickSize: 0,
    },
    marks: [
      lineY(points, {
        x: 'similarity',
        y: 'share',
        stroke: RUN_COLOURS[7],
        strokeWidth: 1.75,
        strokeDasharray: KEPT_DASH,
      }),
      lineY(steady, { x: 'similarity', y: 'precision', stroke: colour, strokeWidth: 2 }),
      dot(marks, { x: 'similarity', y: 'precision', fill: colour, r: 4 }),
      ...marks.map((mark) =>
        text([mark], {
          x: 'similarity',
          y: 'precision',
          text: ({ wanted, similarity }: Mark) => `${wanted * 100} % from ${paper.numbers.similarity(similarity)}`,
          textAnchor: 'end',
          dx: -9,
          // 90 and 95 % are closer to each other than two lines of text.
          dy: mark.wanted === 0.95 ? -11 : -2,
          fill: paper.ink,
          stroke: paper.surface,
          strokeWidth: 4,
        }),
      ),
      ...(paper.interactive
        ? [
            ruleX(points, pointerX({ x: 'similarity', stroke: paper.hairline })),
            tip(
              points,
              pointerX({
                x: 'similarity',
                frameAnchor: 'bottom',
                title: ({ similarity, precision, share }: Point) =>
                  `from ${paper.numbers.similarity(similarity)} on\n${paper.numbers.share(precision)} % right\n${paper.numbers.share(share)} % kept`,
                ...tipOn(paper),
              }),
            ),
          ]
        : []),
    ],
  });
}
