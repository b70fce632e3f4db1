import { VisuallyHidden } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconTilde } from '@tabler/icons-react';
import { memo } from 'react';
import { type Difference, type LeaderboardState, type Verdict, verdictOf } from '../../../app/dashboard/leaderboard.ts';
import type { ResultRow } from '../../../core/result-rows.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { formatDifference, formatDifferenceInterval } from '../../format.ts';
import type { Labels } from '../../runs/model-words.ts';
import shared from '../../runs/runs.module.css';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import { axisOf, type DifferenceRow, ensembleDifferences, headDifferences } from './difference-rows.ts';
import styles from './leaderboard.module.css';

interface DifferencesProps {
  readonly rows: readonly ResultRow[];
  readonly split: ScoredSplit;
  readonly judged: Metric;
  readonly labels: Labels;
  readonly differences: LeaderboardState['differences'];
}

/** What fine-tuning and combining gain, each with its interval. */
export const Differences = memo(function Differences(props: DifferencesProps) {
  const { name, format } = props.judged;
  const heads = headDifferences(props);
  const ensembles = ensembleDifferences(props);
  if (heads.length + ensembles.length === 0) return null;
  const axis = axisOf(
    [...heads, ...ensembles].flatMap(({ difference }) => difference ?? []),
    format,
  );
  return (
    <section className={styles.differences} aria-labelledby="differences-heading">
      <h2 id="differences-heading">Differences in {name}</h2>
      <p className={styles.differencesNote}>
        {format === 'share' ? 'In percentage points' : 'In ranks, of which fewer are better'}, with the 95 % interval of
        the paired bootstrap over the queries that count for both models; where all queries differ by as much, of the
        score interval (Wilson, Tango), since equal values resample to no width.
      </p>
      <Table caption="Fine-tuned against frozen" lines={heads} axis={axis} judged={props.judged} />
      <Table caption="Ensembles against their best single member" lines={ensembles} axis={axis} judged={props.judged} />
    </section>
  );
});

interface TableProps {
  readonly caption: string;
  readonly lines: readonly DifferenceRow[];
  readonly axis: readonly [number, number];
  readonly judged: Metric;
}

function Table({ caption, lines, axis, judged: { format, higherIsBetter } }: TableProps) {
  if (lines.length === 0) return null;
  return (
    <table className={`${shared.table} ${styles.table}`}>
      <caption className={styles.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" className={shared.numeric}>
            {format === 'share' ? 'Difference, points' : 'Difference'}
          </th>
          <th scope="col" className={styles.barCell}>
            <span className={styles.axis} aria-hidden="true">
              <span>{formatDifference(axis[0], format)}</span>
              <span>{formatDifference(axis[1], format)}</span>
            </span>
            <VisuallyHidden>Interval as a line</VisuallyHidden>
          </th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, name, detail, difference, remark }) => (
          <tr key={key}>
            <th scope="row">
              <bdi className={shared.name}>{name}</bdi>
              <span className={shared.second}>{detail}</span>
              {remark === null ? null : <span className={shared.second}>{remark}</span>}
            </th>
            <td className={shared.numeric}>
              {difference ? (
                <>
                  {formatDifference(difference.difference, format)}
                  <span className={shared.second}>{formatDifferenceInterval(difference.interval, format)}</span>
                </>
              ) : (
                <span className={shared.none}>–</span>
              )}
            </td>
            <td className={styles.barCell}>
              <IntervalBar difference={difference ?? null} axis={axis} />
            </td>
            <td>
              {difference ? (
                <VerdictWords verdict={verdictOf(difference.interval, higherIsBetter)} />
              ) : (
                <Without found={difference} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why there is no difference to see. */
function Without({ found }: { readonly found: null | undefined }) {
  const stopped = useStore(useWorkspace().leaderboard, (state) => state.stopped);
  return (
    <span className={shared.none}>
      {found === null ? 'no queries in common' : stopped ? 'not computed' : 'comparing …'}
    </span>
  );
}

const icons = { better: IconArrowUpRight, worse: IconArrowDownRight, 'not separable': IconTilde };
const tones: Readonly<Record<Verdict, string | undefined>> = {
  better: styles.better,
  worse: styles.worse,
  'not separable': styles.same,
};

function VerdictWords({ verdict }: { readonly verdict: Verdict }) {
  const Icon = icons[verdict];
  return (
    <span className={`${styles.verdict} ${tones[verdict]}`}>
      <Icon size={16} aria-hidden="true" />
      {verdict}
    </span>
  );
}

const WIDTH = 200;
const HEIGHT = 20;
const MIDDLE = HEIGHT / 2;

interface IntervalBarProps {
  readonly difference: Difference | null;
  /** Ends of the axis that all bars have in common. */
  readonly axis: readonly [number, number];
}

/** The difference as a dot with its interval as a line, beside the line of no difference. The numbers stand beside it. */
function IntervalBar({ difference, axis: [from, to] }: IntervalBarProps) {
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
