import type { RunRow } from '../../app/comparison/comparison.ts';
import { bestValue, scoreOfRuns, seedOf } from '../../core/result-rows.ts';
import { COLUMNS } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { isExplained, MetricExplanation } from '../runs/MetricExplanation.tsx';
import styles from '../runs/runs.module.css';
import { ScoreCell } from '../runs/ScoreCell.tsx';
import { Model, RunActions } from './result-cells.tsx';
import type { ResultsViewProps } from './results-view.ts';

/** The rows of the table, one below the other, for narrow windows. */
export function ResultCards({ rows, split, labels, shared, oneSeed, unfolded, onFold }: ResultsViewProps) {
  const best = COLUMNS.map((metric) => bestValue(rows, split, metric));
  return (
    <ul className={styles.cards} aria-label="Results">
      {rows.map((row) => {
        const [first] = row.runs;
        const several = row.runs.length > 1;
        const open = several && unfolded.has(row.key);
        return (
          <li key={row.key} className={styles.card}>
            <div className={styles.cardHead}>
              <Model
                row={row}
                labels={labels}
                shared={shared}
                oneSeed={oneSeed}
                unfolded={open}
                onFold={() => onFold(row.key)}
              />
              <RunActions run={first} labels={labels} ofSeveral={several} />
            </div>
            <Figures runs={row.runs} split={split} best={best} />
            {open
              ? row.runs.map((run) => (
                  <div key={run.id} className={styles.cardSeed}>
                    <div className={styles.cardHead}>
                      <span className={styles.seedName}>seed {seedOf(run)}</span>
                      <RunActions run={run} labels={labels} ofSeveral />
                    </div>
                    <Figures runs={[run]} split={split} best={[]} />
                  </div>
                ))
              : null}
          </li>
        );
      })}
    </ul>
  );
}

interface FiguresProps {
  readonly runs: readonly RunRow[];
  readonly split: ScoredSplit;
  readonly best: readonly (number | null)[];
}

function Figures({ runs, split, best }: FiguresProps) {
  return (
    <dl className={styles.facts}>
      {COLUMNS.map((metric, at) => {
        const score = scoreOfRuns(runs, split, metric);
        return (
          <div key={metric.key}>
            <dt>
              {metric.title} {isExplained(COLUMNS, at) ? <MetricExplanation metric={metric} /> : null}
            </dt>
            <dd>
              <ScoreCell score={score} metric={metric} best={score !== null && score.value === best[at]} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
