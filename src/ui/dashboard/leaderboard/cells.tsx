/** The parts of a row, shared by table and cards. */
import { IconChevronRight, IconStarFilled } from '@tabler/icons-react';
import { type ResultRow, type RowScore, scoreOfRuns, seedOf } from '../../../core/result-rows.ts';
import { isSeeded, kindOf, rankingNamed } from '../../../core/run-choice.ts';
import { superlative } from '../../../metrics/best-run.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { Explain } from '../../components/Explain.tsx';
import { formatAmount, formatMetric } from '../../format.ts';
import { isBaseline, KindIcon } from '../../runs/KindIcon.tsx';
import { ScoreCell } from '../../runs/metric-columns.tsx';
import { type Labels, membersName } from '../../runs/model-words.ts';
import { modelName } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { RunMark } from '../ChosenRuns.tsx';
import styles from './leaderboard.module.css';
import { toggled } from './leaderboard-rows.ts';
import type { Mark } from './leaderboard-view.ts';

interface ModelProps {
  readonly row: ResultRow;
  readonly labels: Labels;
  /** Under the name; null for nothing. */
  readonly detail: string | null;
  /** Ids of the chosen runs. */
  readonly a: string | null;
  readonly b: string | null;
}

export function Model({ row, labels, detail, a, b }: ModelProps) {
  const [first] = row.runs;
  return (
    <span className={shared.model}>
      <KindIcon kind={kindOf(first.choice)} />
      <span className={shared.words}>
        <span className={shared.title}>
          <bdi className={shared.name} title={first.note}>
            {modelName(row, labels)}
          </bdi>
          {isBaseline(first) ? <span className={shared.badge}>Baseline</span> : null}
          {row.runs.map(({ id, colour }) =>
            id === a || id === b ? <RunMark key={id} letter={id === a ? 'A' : 'B'} slot={colour} /> : null,
          )}
        </span>
        {first.name === undefined ? null : (
          <span className={shared.second}>{membersName(first.choice.members, labels)}</span>
        )}
        {detail === null ? null : <span className={shared.second}>{detail}</span>}
        {first.note === undefined ? null : <span className={styles.noteOfRun}>{first.note}</span>}
      </span>
    </span>
  );
}

/** The model that stands above, with another order of its answers. */
export function Variant({ row, a, b }: Pick<ModelProps, 'row' | 'a' | 'b'>) {
  const { order, summary } = rankingNamed(row.runs[0].choice.rank);
  return (
    <span className={`${shared.title} ${styles.variant}`}>
      {order}
      <Explain term={`ranked ${order}`}>
        <p>{summary}</p>
      </Explain>
      {row.runs.map(({ id, colour }) =>
        id === a || id === b ? <RunMark key={id} letter={id === a ? 'A' : 'B'} slot={colour} /> : null,
      )}
    </span>
  );
}

interface SeedsProps {
  readonly row: ResultRow;
  readonly name: string;
  readonly unfolded: boolean;
  readonly onFold: (key: string) => void;
}

/** Which seed, or how many that can be unfolded. */
export function Seeds({ row, name, unfolded, onFold }: SeedsProps) {
  const [first] = row.runs;
  if (row.runs.length === 1) {
    return isSeeded(first.choice) ? (
      `seed\u00a0${seedOf(first)}`
    ) : (
      <span className={shared.none} role="img" aria-label="no seed">
        –
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`${shared.fold} ${styles.fold}`}
      aria-expanded={unfolded}
      aria-label={`${formatAmount(row.runs.length, 'seed')} of ${name}`}
      onClick={() => onFold(row.key)}
    >
      <IconChevronRight size={14} aria-hidden="true" />
      {formatAmount(row.runs.length, 'seed')}
    </button>
  );
}

interface JudgedCellProps {
  readonly runs: ResultRow['runs'];
  readonly split: ScoredSplit;
  readonly metric: Metric;
  readonly mark: Mark;
  /** Ends of the scale of all intervals. */
  readonly from: number;
  readonly to: number;
  readonly macro: boolean;
}

interface ScoreBarProps {
  readonly score: RowScore;
  readonly from: number;
  readonly to: number;
}

/** A value as a dot on its interval, or on ± its deviation; the numbers stand beside it. */
function ScoreBar({ score: { value, interval, deviation }, from, to }: ScoreBarProps) {
  const x = (share: number) => Math.min(100, Math.max(0, ((share - from) / (to - from)) * 100));
  const [low, high] = interval ?? [value - (deviation ?? 0), value + (deviation ?? 0)];
  return (
    <svg className={styles.scoreBar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <line className={styles.track} x1="0" x2="100" y1="4" y2="4" />
      <line className={styles.reach} x1={x(low)} x2={x(high)} y1="4" y2="4" />
      <line className={styles.point} x1={x(value)} x2={x(value)} y1="4" y2="4" />
    </svg>
  );
}

/** A score with its interval drawn on the common scale, and what the paired bootstrap says of it. */
export function JudgedCell({ runs, split, metric, mark, from, to, macro }: JudgedCellProps) {
  const score = scoreOfRuns(runs, split, metric);
  return (
    <>
      {mark === 'best' ? (
        <span className={styles.best}>
          <IconStarFilled size={12} aria-hidden="true" />
          Best
        </span>
      ) : null}
      {mark === 'leading' ? <span className={styles.leading}>{superlative(metric)}</span> : null}
      {mark === 'ahead' ? <span className={styles.leading}>ahead</span> : null}
      <ScoreCell score={score} metric={metric} best={mark === 'best'} />
      {score && metric.format === 'share' ? <ScoreBar score={score} from={from} to={to} /> : null}
      {macro && score?.macro != null ? (
        <span className={shared.second}>macro {formatMetric(score.macro, metric.format)}</span>
      ) : null}
      {mark === 'not separable' ? <span className={shared.second}>not separable</span> : null}
    </>
  );
}

interface TickRunProps {
  readonly runId: string;
  readonly name: string;
  /** As which of the two it is shown; null where it is not. */
  readonly letter: 'A' | 'B' | null;
  /** It is the only run that is shown. */
  readonly alone: boolean;
}

/** Shows the run in every tab, as A or B, or shows it no longer. */
export function TickRun({ runId, name, letter, alone }: TickRunProps) {
  const { chooseDashboard } = useActions();
  const workspace = useWorkspace();
  return (
    // The browser's own: forty of Mantine's take longer to draw than all the rest of the table.
    <input
      type="checkbox"
      className={styles.checkbox}
      aria-label={letter === null ? `Compare ${name}` : `Compare ${name}, now ${letter}`}
      title={alone ? 'The dashboard always shows a run: tick another one first' : undefined}
      checked={letter !== null}
      disabled={alone}
      onChange={() => void chooseDashboard(toggled(runId, workspace.dashboard.getState()))}
    />
  );
}
