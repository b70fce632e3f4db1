import { dot, lineY, pointerX, ruleX, text, tip } from '@observablehq/plot';
import type { Numbers } from '../metrics/format.ts';
import { type Figure, type FigureTable, type LegendEntry, type Paper, percent } from './figure.ts';
import { inColumns, plotOn, tipOn } from './on-paper.ts';
import { bestEpoch, type CurveChart, curveCharts, type TrainedEpoch } from './training-epochs.ts';

const HEIGHT = 184;
/** Three charts in a row on a wide screen, one below the other on a phone. */
const LEAST_WIDTH = 220;
/** The axis is not stretched while the first epochs come in. */
const LEAST_EPOCHS = 10;

/** Loss, accuracy and retrieval by epoch. `id` as a file's name; `label` as "ResNet-50, cosine, seed 0". */
export function trainingFigure(id: string, label: string, epochs: readonly TrainedEpoch[]): Figure {
  const charts = curveCharts(epochs);
  const best = bestEpoch(epochs)?.epoch ?? null;
  return {
    id,
    title: `Training of ${label}`,
    summary: (numbers) =>
      `${charts.map((chart) => chartSummary(chart, numbers)).join('. ')}.${best === null ? '' : ` The best epoch is ${best}.`}`,
    legend: legendOf(charts),
    table: tableOf(epochs, best),
    draw: (paper) =>
      inColumns(
        paper,
        charts.map((chart) => ({ title: chart.title, draw: (part) => drawing(chart, best, part) })),
        LEAST_WIDTH,
      ),
  };
}

const words = (value: number, unit: CurveChart['unit'], { loss, share }: Numbers): string =>
  unit === 'loss' ? loss(value) : share(value);

function chartSummary({ title, unit, curves }: CurveChart, numbers: Numbers): string {
  const each = curves.map(({ name, points }) => {
    const ends = [points[0], points.at(-1)].flatMap((point) => (point ? [words(point.value, unit, numbers)] : []));
    return `${name} from ${ends.join(' to ')}`;
  });
  return `${title} by epoch: ${each.join('; ')}`;
}

/** Each line once, though it is in several charts. */
function legendOf(charts: readonly CurveChart[]): LegendEntry[] {
  const entries = charts.flatMap(({ curves }) =>
    curves.map(({ name, colour, dash }) => [name, { label: name, colour, dash }] as const),
  );
  return [...new Map(entries).values()];
}

function tableOf(epochs: readonly TrainedEpoch[], best: number | null): FigureTable {
  const loss = (title: string) => ({ title, numeric: true, digits: 3 });
  const share = (title: string) => ({ title, numeric: true, digits: 1 });
  const shareOf = (value: number | undefined): number | null => (value === undefined ? null : percent(value));
  return {
    columns: [
      { title: 'Epoch', numeric: false },
      loss('Loss, fit'),
      loss('Loss, validation'),
      share('Accuracy, fit (%)'),
      share('Accuracy, validation (%)'),
      ...['1', '5', '10'].map((k) => share(`Top-${k} (%)`)),
    ],
    rows: epochs.map(({ phase, epoch, loss: fitLoss, accuracy, validation }) => [
      phase === 'refit' ? `${epoch}, refit` : epoch === best ? `${epoch}, best` : String(epoch),
      fitLoss,
      validation?.loss ?? null,
      percent(accuracy),
      shareOf(validation?.accuracy),
      ...['1', '5', '10'].map((k) => shareOf(validation?.topk[k])),
    ]),
  };
}

function drawing({ unit, curves }: CurveChart, best: number | null, paper: Paper): SVGSVGElement {
  const last = Math.max(LEAST_EPOCHS, ...curves.flatMap(({ points }) => points.map(({ epoch }) => epoch)));
  const highest = Math.max(...curves.flatMap(({ points }) => points.map(({ value }) => value)));
  const atBest = curves.flatMap(({ name, colour, points }) =>
    name === 'refit' ? [] : points.filter(({ epoch }) => epoch === best).map((point) => ({ ...point, colour })),
  );
  const mark = best === null ? [] : [best];
  return plotOn(paper, {
    height: HEIGHT,
    marginLeft: 34,
    marginRight: 8,
    marginTop: 20,
    marginBottom: 36,
    x: { domain: [1, last], label: 'Epoch', ticks: wholeTicks(last), tickSize: 0, tickFormat: 'd' },
    y: {
      domain: unit === 'share' ? [0, 1] : [0, highest],
      label: null,
      grid: true,
      ticks: 4,
      tickSize: 0,
      nice: unit === 'loss',
      tickFormat: unit === 'share' ? (value: number) => String(Math.round(value * 100)) : paper.numbers.tick,
    },
    marks: [
      ruleX(mark, { stroke: paper.quiet, strokeDasharray: '2 3' }),
      text(mark, {
        x: (epoch: number) => epoch,
        frameAnchor: 'top',
        dy: -14,
        text: (epoch: number) => `best: ${epoch}`,
        // At the edges, a centred text would be cut.
        textAnchor: best === null || best < last * 0.15 ? 'start' : best > last * 0.85 ? 'end' : 'middle',
      }),
      ...curves.map(({ colour, dash, points }) =>
        lineY(points, {
          x: 'epoch',
          y: 'value',
          stroke: colour,
          strokeWidth: 1.75,
          ...(dash && { strokeDasharray: dash }),
        }),
      ),
      dot(atBest, { x: 'epoch', y: 'value', fill: 'colour', r: 3.5 }),
      ...(paper.interactive ? pointer(curves, unit, last, paper) : []),
    ],
  });
}

function pointer(curves: CurveChart['curves'], unit: CurveChart['unit'], last: number, paper: Paper) {
  const epochs = Array.from({ length: last }, (_, at) => at + 1);
  const valuesAt = (wanted: number): string =>
    curves
      .flatMap(({ name, points }) => {
        const point = points.find(({ epoch }) => epoch === wanted);
        return point === undefined ? [] : [`${name} ${words(point.value, unit, paper.numbers)}`];
      })
      .join('\n');
  return [
    ruleX(epochs, pointerX({ x: (epoch: number) => epoch, stroke: paper.hairline })),
    tip(
      epochs,
      pointerX({
        x: (epoch: number) => epoch,
        frameAnchor: 'top',
        title: (epoch: number) => `Epoch ${epoch}\n${valuesAt(epoch)}`,
        ...tipOn(paper),
      }),
    ),
  ];
}

/** The first epoch, the last, and round ones between. */
function wholeTicks(last: number): number[] {
  const step = [2, 5, 10, 20, 50, 100, 200, 500].find((size) => last / size <= 5) ?? 1000;
  const round = Array.from({ length: Math.floor(last / step) }, (_, at) => (at + 1) * step);
  return [1, ...round];
}
