import { useElementSize } from '@mantine/hooks';
import { barY, plot, pointerX, ruleY, tip } from '@observablehq/plot';
import { useEffect, useMemo, useRef } from 'react';
import type { Split } from '../../types.ts';
import panel from '../components/screen.module.css';
import { formatAmount, formatCount } from '../format.ts';
import { type ClassCount, wholeTicks } from './class-counts.ts';
import styles from './dataset.module.css';

/** More bars than this are thinner than a pixel. */
const MOST_BARS = 400;
/** Names under the bars, as long as each has room to be read. */
const ROOM_FOR_A_NAME = 16;
/** Pixels of a letter, and the longest name that is written out where names lie flat, or aslant. */
const LETTER = 7;
const LONGEST_FLAT = 30;
const LONGEST_ASLANT = 18;
const HEIGHT = 240;
/** How far a letter of a slanted name reaches downwards, and to the left of its bar. */
const DOWN = 0.72 * LETTER;
/** Room for the numbers beside the bars, and the most that names aslant need there. */
const LEFT = 44;
const MOST_LEFT = 14 + DOWN * LONGEST_ASLANT;

const splits: readonly { readonly split: Split; readonly label: string }[] = [
  { split: 'training', label: 'Training' },
  { split: 'query', label: 'Query' },
  { split: 'gallery', label: 'Gallery' },
];

/** Stacked bars, the largest class first. The table behind it is its text alternative. */
export default function ClassChart({ classes }: { readonly classes: readonly ClassCount[] }) {
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => classes.slice(0, MOST_BARS), [classes]);

  useEffect(() => {
    if (host.current === null || width === 0) return;
    host.current.replaceChildren(drawing(shown, width));
  }, [shown, width]);

  return (
    <figure className={styles.chartFigure}>
      <div ref={sizeRef}>
        <div role="img" aria-label={summary(classes)}>
          <div ref={host} className={styles.chart} aria-hidden="true" />
        </div>
      </div>
      <figcaption className={styles.chartLegend}>
        {splits.map(({ split, label }) => (
          <span key={split} className={styles.chartKey}>
            <span className={styles.swatch} style={{ background: `var(--split-${split})` }} aria-hidden="true" />
            {label}
          </span>
        ))}
        {classes.length > MOST_BARS ? (
          <span className={panel.note}>
            The {formatCount(MOST_BARS)} largest of {formatCount(classes.length)} classes; the table has all.
          </span>
        ) : null}
      </figcaption>
    </figure>
  );
}

function summary(classes: readonly ClassCount[]): string {
  const most = classes[0];
  const least = classes.at(-1);
  if (most === undefined || least === undefined) return 'No classes';
  return `Bar chart of images per class, ${formatAmount(classes.length, 'class', 'classes')}: from ${formatAmount(least.total, 'image')} (${least.className}) to ${formatAmount(most.total, 'image')} (${most.className}). The table shows all.`;
}

function drawing(classes: readonly ClassCount[], width: number): Element {
  const bars = classes.flatMap((entry) =>
    splits.map(({ split }) => ({ className: entry.className, split, images: entry[split] })),
  );
  const ticks = wholeTicks(Math.max(0, ...classes.map(({ total }) => total)));
  const room = width / classes.length;
  const named = room >= ROOM_FOR_A_NAME;
  const longest = classes.reduce((most, { className }) => Math.max(most, className.length), 0);
  const flat = room >= LETTER * (Math.min(longest, LONGEST_FLAT) + 1);
  const most = flat ? LONGEST_FLAT : LONGEST_ASLANT;
  const aslant = named && !flat;
  const lengthOf = (name: string) => DOWN * Math.min(name.length, most);
  const below = flat ? 28 : aslant ? 28 + DOWN * Math.min(longest, most) : 16;
  // A slanted name ends below the middle of its bar: the first ones would start left of the drawing.
  const narrow = (width - MOST_LEFT) / classes.length;
  const before = classes.map(({ className }, at) => 14 + lengthOf(className) - (at + 0.5) * narrow);
  const left = aslant ? Math.max(LEFT, ...before) : LEFT;
  return plot({
    width,
    height: HEIGHT,
    marginLeft: left,
    marginRight: 4,
    marginTop: 12,
    marginBottom: below,
    style: { background: 'none', color: 'var(--ink-quiet)', fontFamily: 'inherit', fontSize: '12px' },
    x: {
      domain: classes.map((entry) => entry.className),
      label: null,
      axis: named ? 'bottom' : null,
      tickRotate: flat ? 0 : -45,
      tickSize: 0,
      tickFormat: (name: string) => (name.length > most ? `${name.slice(0, most - 1)}…` : name),
      padding: named ? 0.2 : 0.05,
    },
    y: { label: null, grid: true, domain: [0, ticks.at(-1) ?? 1], ticks, tickSize: 0, tickFormat: formatCount },
    color: { domain: splits.map(({ split }) => split), range: splits.map(({ split }) => `var(--split-${split})`) },
    marks: [
      barY(bars, { x: 'className', y: 'images', fill: 'split', order: splits.map(({ split }) => split) }),
      ruleY([0], { stroke: 'var(--ink-quiet)', strokeOpacity: 0.5 }),
      tip(
        classes,
        pointerX({
          x: 'className',
          y: 'total',
          fill: 'var(--surface)',
          stroke: 'var(--hairline)',
          lineHeight: 1.4,
          title: (entry: ClassCount) =>
            `${entry.className}\n${splits.map(({ split, label }) => `${label} ${formatCount(entry[split])}`).join(' · ')}`,
        }),
      ),
    ],
  });
}
