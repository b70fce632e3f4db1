import { IconArrowDownRight, IconArrowUpRight, IconTilde } from '@tabler/icons-react';
import { memo } from 'react';
import { useStore } from 'zustand';
import { type LeaderboardState, leaderboardStore, type Verdict, verdictOf } from '../../../state/leaderboard.ts';
import type { Measure, ResultRow } from '../../../state/result-rows.ts';
import type { ScoredSplit } from '../../../types.ts';
import { formatPoints, formatPointsInterval } from '../../format.ts';
import { measures } from '../../runs/measures.tsx';
import type { Labels } from '../../runs/model-words.ts';
import shared from '../../runs/runs.module.css';
import styles from './Differences.module.css';
import { axisOf, type DifferenceRow, ensembleDifferences, headDifferences } from './difference-rows.ts';
import { IntervalBar } from './IntervalBar.tsx';

interface DifferencesProps {
  readonly rows: readonly ResultRow[];
  readonly split: ScoredSplit;
  readonly judged: Measure;
  readonly labels: Labels;
  readonly differences: LeaderboardState['differences'];
}

/** What fine-tuning and combining gain, each with its interval. */
export const Differences = memo(function Differences(props: DifferencesProps) {
  const title = measures.find(({ measure }) => measure === props.judged)?.title ?? props.judged;
  const heads = headDifferences(props);
  const ensembles = ensembleDifferences(props);
  if (heads.length + ensembles.length === 0) return null;
  const axis = axisOf([...heads, ...ensembles].flatMap(({ difference }) => difference ?? []));
  return (
    <section className={styles.differences} aria-labelledby="differences-heading">
      <h2 id="differences-heading">Differences in {title}</h2>
      <p className={styles.note}>
        In points of per cent, with the 95 % interval of the paired bootstrap over the queries that count for both
        models.
      </p>
      <Table caption="Fine-tuned against frozen" lines={heads} axis={axis} />
      <Table caption="Ensembles against their best single member" lines={ensembles} axis={axis} />
    </section>
  );
});

interface TableProps {
  readonly caption: string;
  readonly lines: readonly DifferenceRow[];
  readonly axis: readonly [number, number];
}

function Table({ caption, lines, axis }: TableProps) {
  if (lines.length === 0) return null;
  return (
    <table className={`${shared.table} ${styles.table}`}>
      <caption className={styles.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" className={shared.numeric}>
            Difference, points
          </th>
          <th scope="col" className={styles.barCell}>
            <span className={styles.axis} aria-hidden="true">
              <span>{formatPoints(axis[0])}</span>
              <span>{formatPoints(axis[1])}</span>
            </span>
            <span className={shared.hidden}>Interval as a line</span>
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
                  {formatPoints(difference.difference)}
                  <span className={shared.second}>{formatPointsInterval(difference.interval)}</span>
                </>
              ) : (
                <span className={shared.none}>–</span>
              )}
            </td>
            <td className={styles.barCell}>
              <IntervalBar difference={difference ?? null} axis={axis} />
            </td>
            <td>
              {difference ? <VerdictWords verdict={verdictOf(difference.interval)} /> : <Without found={difference} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why there is no difference to see. */
function Without({ found }: { readonly found: null | undefined }) {
  const stopped = useStore(leaderboardStore, (state) => state.stopped);
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
