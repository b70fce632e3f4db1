import { areaY, lineY, pointerX, ruleX, tip } from '@observablehq/plot';
import type { Numbers } from '../metrics/format.ts';
import { type Figure, type FigureTable, type LegendEntry, type Paper, percent } from './figure.ts';
import { plotOn, tipOn } from './on-paper.ts';
import { RUN_COLOURS, runColour, runDash } from './palette.ts';

/** Top-k accuracy of one run, for k = 1, 2, …; shares between 0 and 1. */
export interface TopKCurve {
  /** Name of the run. */
  readonly label: string;
  /** Its colour slot. */
  readonly colour: number;
  readonly shares: Float64Array;
  /** 95 % bounds; null for a run that is drawn quietly, for comparison. */
  readonly band: { readonly lower: Float64Array; readonly upper: Float64Array } | null;
}

interface Point {
  readonly k: number;
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/** Lines of other runs are grey, whatever their colours: they show where the chosen ones stand. */
const QUIET = RUN_COLOURS[7];
const TICKS = [1, 2, 5, 10, 20, 50, 100];

/** Top-k accuracy against k, the chosen runs with their bands, others as quiet lines. `images`: "test" or "validation". */
export function topKFigure(curves: readonly TopKCurve[], images: string): Figure {
  const chosen = curves.filter(({ band }) => band !== null);
  const most = Math.max(1, ...curves.map(({ shares }) => shares.length));
  const others = curves.length - chosen.length;
  return {
    id: 'topk-accuracy',
    title: `Top-k accuracy, ${images} queries`,
    summary: (numbers) => summary(chosen, others, most, numbers),
    legend: [...chosen.map(entry), ...(others === 0 ? [] : [{ label: 'other runs', colour: QUIET, dash: null }])],
    table: tableOf(curves, most),
    draw: (paper) => drawing(curves, most, paper),
  };
}

const entry = ({ label, colour }: TopKCurve): LegendEntry => ({
  label,
  colour: runColour(colour),
  dash: runDash(colour),
});

function summary(chosen: readonly TopKCurve[], others: number, most: number, numbers: Numbers): string {
  const each = chosen.map(({ label, shares }) => {
    const ends = [1, 10, most].filter((k, at, ks) => k <= most && ks.indexOf(k) === at);
    return `${label}: ${ends.map((k) => `top-${k} ${numbers.share(shares[k - 1] ?? 0)} %`).join(', ')}`;
  });
  const rest = others === 0 ? '' : ` ${others === 1 ? 'One other run is' : `${others} other runs are`} drawn quietly.`;
  return `Share of queries with a right neighbour among the first k, with 95 % bands. ${each.join('; ')}.${rest}`;
}

function tableOf(curves: readonly TopKCurve[], most: number): FigureTable {
  return {
    columns: [
      { title: 'k', numeric: true, digits: 0 },
      ...curves.flatMap(({ label, band }) => [
        { title: `${label} (%)`, numeric: true, digits: 1 },
        ...(band === null ? [] : ['lower', 'upper'].map((end) => bound(end))),
      ]),
    ],
    rows: Array.from({ length: most }, (_, at) => [
      at + 1,
      ...curves.flatMap(({ shares, band }) => [
        numberAt(shares, at),
        ...(band === null ? [] : [numberAt(band.lower, at), numberAt(band.upper, at)]),
      ]),
    ]),
  };
}

const bound = (end: string) => ({ title: `95 % ${end} bound (%)`, numeric: true, digits: 1 });

function numberAt(shares: Float64Array, at: number): number | null {
  const share = shares[at];
  return share === undefined ? null : percent(share);
}

function drawing(curves: readonly TopKCurve[], most: number, paper: Paper): SVGSVGElement {
  const drawn = curves.map((curve) => ({ curve, points: pointsOf(curve) }));
  const chosen = drawn.filter(({ curve }) => curve.band !== null);
  const quiet = drawn.filter(({ curve }) => curve.band === null);
  const lowest = Math.min(1, ...drawn.flatMap(({ points }) => points.map(({ lower }) => lower)));
  const ks = Array.from({ length: most }, (_, at) => at + 1);
  const valuesAt = (k: number): string =>
    chosen.map(({ curve, points }) => `${curve.label} ${pointWords(points[k - 1], paper.numbers)}`).join('\n');
  return plotOn(paper, {
    height: Math.max(240, Math.min(380, paper.width * 0.5)),
    marginLeft: 40,
    marginRight: 12,
    marginBottom: 38,
    x: {
      type: 'log',
      domain: [1, Math.max(2, most)],
      label: 'Number of neighbours, k (logarithmic)',
      ticks: TICKS.filter((k) => k <= most),
      tickFormat: 'd',
      tickSize: 4,
    },
    y: {
      // From a round share below all bands: differences between good runs would vanish above an empty half.
      domain: [Math.floor(lowest * 10) / 10, 1],
      label: 'Top-k accuracy (%)',
      tickFormat: (share: number) => String(Math.round(share * 100)),
      grid: true,
      tickSize: 0,
    },
    marks: [
      ...quiet.map(({ points }) =>
        lineY(points, { x: 'k', y: 'share', stroke: QUIET, strokeWidth: 1, strokeOpacity: 0.6 }),
      ),
      ...chosen.map(({ curve, points }) =>
        areaY(points, { x: 'k', y1: 'lower', y2: 'upper', fill: runColour(curve.colour), fillOpacity: 0.16 }),
      ),
      ...chosen.map(({ curve, points }) =>
        lineY(points, {
          x: 'k',
          y: 'share',
          stroke: runColour(curve.colour),
          strokeWidth: 2,
          ...dashed(runDash(curve.colour)),
        }),
      ),
      ...(paper.interactive
        ? [
            ruleX(ks, pointerX({ x: (k: number) => k, stroke: paper.hairline })),
            tip(
              ks,
              pointerX({
                x: (k: number) => k,
                frameAnchor: 'bottom',
                title: (k: number) => `k = ${k}\n${valuesAt(k)}`,
                ...tipOn(paper),
              }),
            ),
          ]
        : []),
    ],
  });
}

function pointsOf({ shares, band }: TopKCurve): Point[] {
  return Array.from(shares, (share, at) => ({
    k: at + 1,
    share,
    lower: band?.lower[at] ?? share,
    upper: band?.upper[at] ?? share,
  }));
}

const pointWords = (point: Point | undefined, { share, interval }: Numbers): string =>
  point === undefined ? '–' : `${share(point.share)} ${interval([point.lower, point.upper])}`;

const dashed = (dash: string | null) => (dash === null ? {} : { strokeDasharray: dash });
