import { useElementSize } from '@mantine/hooks';
import { dot, lineY, plot, pointerX, ruleX, text, tip } from '@observablehq/plot';
import { useEffect, useMemo, useRef } from 'react';
import type { EpochReport } from '../../state/comparison.ts';
import styles from './TrainingCurves.module.css';
import { bestEpoch, type CurveChart, chartSummary, curveCharts, formatFigure } from './training-words.ts';

const HEIGHT = 168;
/** The axis is not stretched while the first epochs come in. */
const LEAST_EPOCHS = 10;

/** Loss, accuracy and retrieval by epoch, side by side. The table behind them is their text alternative. */
export default function TrainingCurves({ reports }: { readonly reports: readonly EpochReport[] }) {
  const charts = useMemo(() => curveCharts(reports), [reports]);
  const best = useMemo(() => bestEpoch(reports), [reports]);
  return (
    <div className={styles.charts}>
      {charts.map((chart) => (
        <Chart key={chart.title} chart={chart} best={best} />
      ))}
    </div>
  );
}

interface ChartProps {
  readonly chart: CurveChart;
  readonly best: EpochReport | null;
}

function Chart({ chart, best }: ChartProps) {
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (host.current === null || width === 0) return;
    host.current.replaceChildren(drawing(chart, best?.epoch ?? null, width));
  }, [chart, best, width]);

  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>{chart.title}</figcaption>
      <div ref={sizeRef}>
        <div role="img" aria-label={chartSummary(chart, best)}>
          <div ref={host} className={styles.chart} aria-hidden="true" />
        </div>
      </div>
      <div className={styles.legend}>
        {chart.curves.map(({ name, colour, dash }) => (
          <span key={name} className={styles.key}>
            <svg width="20" height="8" aria-hidden="true">
              <line x1="0" x2="20" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {name}
          </span>
        ))}
      </div>
    </figure>
  );
}

function drawing({ unit, curves }: CurveChart, best: number | null, width: number): Element {
  const last = Math.max(LEAST_EPOCHS, ...curves.flatMap(({ points }) => points.map(({ epoch }) => epoch)));
  const highest = Math.max(...curves.flatMap(({ points }) => points.map(({ value }) => value)));
  const atBest = curves.flatMap(({ name, colour, points }) =>
    name === 'refit' ? [] : points.filter(({ epoch }) => epoch === best).map((point) => ({ ...point, colour })),
  );
  const epochs = Array.from({ length: last }, (_, at) => at + 1);
  const mark = best === null ? [] : [best];
  const valuesAt = (wanted: number): string =>
    curves
      .flatMap(({ name, points }) => {
        const point = points.find(({ epoch }) => epoch === wanted);
        return point === undefined ? [] : [`${name} ${formatFigure(point.value, unit)}`];
      })
      .join('\n');
  return plot({
    width,
    height: HEIGHT,
    marginLeft: 34,
    marginRight: 8,
    marginTop: 18,
    marginBottom: 22,
    style: { background: 'none', color: 'var(--ink-quiet)', fontFamily: 'inherit', fontSize: '12px' },
    x: { domain: [1, last], label: null, ticks: wholeTicks(last), tickSize: 0, tickFormat: 'd' },
    y: {
      domain: unit === 'share' ? [0, 1] : [0, highest],
      label: null,
      grid: true,
      ticks: 4,
      tickSize: 0,
      nice: unit === 'loss',
      ...(unit === 'share' ? { tickFormat: (value: number) => String(Math.round(value * 100)) } : {}),
    },
    marks: [
      ruleX(mark, { stroke: 'var(--ink-quiet)', strokeDasharray: '2 3' }),
      text(mark, {
        x: (epoch: number) => epoch,
        frameAnchor: 'top',
        dy: -14,
        text: (epoch: number) => `best: ${epoch}`,
        // At the edges, a centred text would be cut.
        textAnchor: best === null || best < last * 0.15 ? 'start' : best > last * 0.85 ? 'end' : 'middle',
      }),
      ...curves.map(({ colour, dash, points }) =>
        lineY(points, { x: 'epoch', y: 'value', stroke: colour, strokeWidth: 1.75, strokeDasharray: dash }),
      ),
      dot(atBest, { x: 'epoch', y: 'value', fill: 'colour', r: 3.5 }),
      ruleX(epochs, pointerX({ x: (epoch: number) => epoch, stroke: 'var(--hairline)' })),
      tip(
        epochs,
        pointerX({
          x: (epoch: number) => epoch,
          frameAnchor: 'top',
          fill: 'var(--surface)',
          stroke: 'var(--hairline)',
          title: (epoch: number) => `Epoch ${epoch}\n${valuesAt(epoch)}`,
        }),
      ),
    ],
  });
}

/** The first epoch, the last, and round ones between. */
function wholeTicks(last: number): number[] {
  const step = [2, 5, 10, 20, 50, 100, 200, 500].find((size) => last / size <= 5) ?? 1000;
  const round = Array.from({ length: Math.floor(last / step) }, (_, at) => (at + 1) * step);
  return [1, ...round];
}
