import { VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import type { RunRow } from '../../app/comparison/comparison.ts';
import { bestValue, type Extent, type ResultRow, scoreOfRuns, seedOf } from '../../core/result-rows.ts';
import { COLUMNS } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { isExplained, MetricExplanation, ScoreCell, SortedHead } from '../runs/metric-columns.tsx';
import type { Labels } from '../runs/model-words.ts';
import type { ResultOrder } from '../runs/result-order.ts';
import { apartWords } from '../runs/result-words.ts';
import styles from '../runs/runs.module.css';
import { Model, RunActions } from './result-cells.tsx';

/** What table and cards show alike. */
export interface ResultsViewProps {
  /** Sorted. */
  readonly rows: readonly ResultRow[];
  readonly split: ScoredSplit;
  /** Most that one of them was judged on. */
  readonly all: Extent;
  readonly labels: Labels;
  /** What is said of all heads above the rows; and whether their seed is. */
  readonly shared: readonly string[];
  readonly oneSeed: boolean;
  /** Keys of the rows whose seeds are shown one by one. */
  readonly unfolded: ReadonlySet<string>;
  readonly onFold: (key: string) => void;
  readonly order: ResultOrder;
  readonly onOrder: (order: ResultOrder) => void;
}

export function ResultsTable(props: ResultsViewProps) {
  const { rows, split, all, labels, shared, oneSeed, unfolded, onFold, order, onOrder } = props;
  const best = COLUMNS.map((metric) => bestValue(rows, split, metric));
  return (
    <table className={styles.table} aria-label="Results">
      <thead>
        <tr>
          <SortedHead by="model" order={order} onOrder={onOrder}>
            Model
          </SortedHead>
          {COLUMNS.map((metric, at) => (
            <SortedHead
              key={metric.key}
              by={metric.key}
              numeric
              descends={metric.higherIsBetter}
              order={order}
              onOrder={onOrder}
              explanation={isExplained(COLUMNS, at) ? <MetricExplanation metric={metric} /> : null}
            >
              {metric.title}
            </SortedHead>
          ))}
          <th scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [first] = row.runs;
          const part = apartWords(first, split, all);
          const several = row.runs.length > 1;
          const open = several && unfolded.has(row.key);
          return (
            <Fragment key={row.key}>
              <tr>
                <th scope="row" className={styles.modelCell}>
                  <Model
                    row={row}
                    labels={labels}
                    shared={shared}
                    oneSeed={oneSeed}
                    part={part}
                    unfolded={open}
                    onFold={() => onFold(row.key)}
                  />
                </th>
                {COLUMNS.map((metric, at) => {
                  const score = scoreOfRuns(row.runs, split, metric);
                  return (
                    <td key={metric.key} className={styles.numeric}>
                      <ScoreCell
                        score={score}
                        metric={metric}
                        best={part === null && score !== null && score.value === best[at]}
                      />
                    </td>
                  );
                })}
                <td>
                  <RunActions run={first} labels={labels} ofSeveral={several} />
                </td>
              </tr>
              {open
                ? row.runs.map((run) => (
                    <tr key={run.id}>
                      <th scope="row" className={styles.seedName}>
                        seed {seedOf(run)}
                      </th>
                      {COLUMNS.map((metric) => (
                        <td key={metric.key} className={styles.numeric}>
                          <ScoreCell score={scoreOfRuns([run], split, metric)} metric={metric} />
                        </td>
                      ))}
                      <td>
                        <RunActions run={run} labels={labels} ofSeveral />
                      </td>
                    </tr>
                  ))
                : null}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** The rows of the table, one below the other, for narrow windows. */
export function ResultCards({ rows, split, all, labels, shared, oneSeed, unfolded, onFold }: ResultsViewProps) {
  const best = COLUMNS.map((metric) => bestValue(rows, split, metric));
  return (
    <ul className={styles.cards} aria-label="Results">
      {rows.map((row) => {
        const [first] = row.runs;
        const part = apartWords(first, split, all);
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
                part={part}
                unfolded={open}
                onFold={() => onFold(row.key)}
              />
              <RunActions run={first} labels={labels} ofSeveral={several} />
            </div>
            <Figures runs={row.runs} split={split} best={part === null ? best : []} />
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
