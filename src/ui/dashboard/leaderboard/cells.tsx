/** The parts of a row, shared by table and cards. */
import { IconChevronRight, IconStarFilled } from '@tabler/icons-react';
import { type ResultRow, scoreOfRuns, seedOf } from '../../../core/result-rows.ts';
import { isSeeded, kindOf } from '../../../core/run-choice.ts';
import { superlative } from '../../../metrics/best.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { formatAmount } from '../../format.ts';
import { isBaseline, KindIcon } from '../../runs/KindIcon.tsx';
import type { Labels } from '../../runs/model-words.ts';
import { modelName } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { ScoreCell } from '../../runs/ScoreCell.tsx';
import { RunMark } from '../ChosenRuns.tsx';
import styles from './Leaderboard.module.css';
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
          <bdi className={shared.name}>{modelName(row, labels)}</bdi>
          {isBaseline(first) ? <span className={shared.badge}>Baseline</span> : null}
          {row.runs.map(({ id, colour }) =>
            id === a || id === b ? <RunMark key={id} letter={id === a ? 'A' : 'B'} slot={colour} /> : null,
          )}
        </span>
        {detail === null ? null : <span className={shared.second}>{detail}</span>}
      </span>
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
}

/** A score with what the paired bootstrap says of it. */
export function JudgedCell({ runs, split, metric, mark }: JudgedCellProps) {
  return (
    <>
      {mark === 'best' ? (
        <span className={styles.best}>
          <IconStarFilled size={12} aria-hidden="true" />
          Best
        </span>
      ) : null}
      {mark === 'leading' ? <span className={styles.leading}>{superlative(metric)}</span> : null}
      <ScoreCell score={scoreOfRuns(runs, split, metric)} metric={metric} best={mark === 'best'} />
      {mark === 'not separable' ? <span className={shared.second}>not separable</span> : null}
    </>
  );
}
