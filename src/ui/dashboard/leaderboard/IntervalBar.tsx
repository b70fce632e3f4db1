import type { Difference } from '../../../app/dashboard/leaderboard.ts';
import styles from './Differences.module.css';

const WIDTH = 200;
const HEIGHT = 20;
const MIDDLE = HEIGHT / 2;

interface IntervalBarProps {
  readonly difference: Difference | null;
  /** Ends of the axis that all bars have in common. */
  readonly axis: readonly [number, number];
}

/** The difference as a dot with its interval as a line, beside the line of no difference. The numbers stand beside it. */
export function IntervalBar({ difference, axis: [from, to] }: IntervalBarProps) {
  const x = (share: number) => ((share - from) / (to - from)) * WIDTH;
  return (
    <svg className={styles.bar} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <line className={styles.zero} x1={x(0)} x2={x(0)} y1="0" y2={HEIGHT} />
      {difference === null ? null : <Whisker difference={difference} x={x} />}
    </svg>
  );
}

function Whisker({
  difference: { difference, interval },
  x,
}: {
  difference: Difference;
  x: (share: number) => number;
}) {
  const [low, high] = interval.map(x);
  return (
    <>
      <line className={styles.whisker} x1={low} x2={high} y1={MIDDLE} y2={MIDDLE} />
      {[low, high].map((end, at) => (
        <line
          key={at === 0 ? 'low' : 'high'}
          className={styles.whisker}
          x1={end}
          x2={end}
          y1={MIDDLE - 4}
          y2={MIDDLE + 4}
        />
      ))}
      {/* A round cap keeps its shape however the bar is stretched. */}
      <line className={styles.dot} x1={x(difference)} x2={x(difference)} y1={MIDDLE} y2={MIDDLE} />
    </>
  );
}
