import { memo } from 'react';
import { type ResultRow, scoreOfRuns, seedOf } from '../../../core/result-rows.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import type { Labels } from '../../runs/model-words.ts';
import { headDetail } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { ScoreCell } from '../../runs/ScoreCell.tsx';
import { RunMark } from '../ChosenRuns.tsx';
import { JudgedCell, Model, Seeds } from './cells.tsx';
import styles from './Leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';
import type { Mark } from './leaderboard-view.ts';
import { TickRun } from './TickRun.tsx';

export interface LeaderboardRowProps {
  readonly row: ResultRow;
  readonly split: ScoredSplit;
  readonly labels: Labels;
  /** The chosen runs, where they are of this row. */
  readonly a: string | null;
  readonly b: string | null;
  /** Whether A is shown without B. */
  readonly alone: boolean;
  readonly unfolded: boolean;
  readonly onFold: (key: string) => void;
  readonly mark: Mark;
  /** The column of the mark; null without one, so that a row without is not drawn again for another column. */
  readonly deciding: Metric | null;
  readonly metrics: readonly Metric[];
}

/** One model, and under it its seeds where they are unfolded. */
export const LeaderboardRow = memo(function LeaderboardRow(props: LeaderboardRowProps) {
  const { row, split, labels, a, b, alone, unfolded, onFold, deciding, mark, metrics } = props;
  const [first] = row.runs;
  const name = rowWords(row, labels);
  const chosen = a ?? b;
  const seeds = row.runs.length > 1 && unfolded ? row.runs : [];
  const letterOf = (id: string) => (id === a ? 'A' : id === b ? 'B' : null);
  return (
    <>
      <tr className={chosen === null ? undefined : styles.chosen}>
        <td className={styles.tick}>
          <TickRun
            runId={chosen ?? first.id}
            name={name}
            letter={chosen === null ? null : letterOf(chosen)}
            alone={alone && a !== null}
          />
        </td>
        <th scope="row" className={styles.modelCell}>
          <Model row={row} labels={labels} detail={null} a={a} b={b} />
        </th>
        <td className={styles.headCell}>{headDetail(first)}</td>
        <td>
          {first.choice.combine ?? (
            <span className={shared.none} role="img" aria-label="none">
              –
            </span>
          )}
        </td>
        <td className={shared.numeric}>
          <Seeds row={row} name={name} unfolded={unfolded} onFold={onFold} />
        </td>
        {metrics.map((metric) => (
          <td key={metric.key} className={shared.numeric}>
            <JudgedCell runs={row.runs} split={split} metric={metric} mark={metric === deciding ? mark : null} />
          </td>
        ))}
      </tr>
      {seeds.map((run) => {
        const letter = letterOf(run.id);
        return (
          <tr key={run.id} className={letter === null ? undefined : styles.chosen}>
            <td className={styles.tick}>
              <TickRun
                runId={run.id}
                name={`${name}, seed ${seedOf(run)}`}
                letter={letter}
                alone={alone && letter === 'A'}
              />
            </td>
            <th scope="row" className={shared.seedName} colSpan={3}>
              <span className={shared.title}>
                seed {seedOf(run)}
                {letter === null ? null : <RunMark letter={letter} slot={run.colour} />}
              </span>
            </th>
            <td />
            {metrics.map((metric) => (
              <td key={metric.key} className={shared.numeric}>
                <ScoreCell score={scoreOfRuns([run], split, metric)} metric={metric} />
              </td>
            ))}
          </tr>
        );
      })}
    </>
  );
});
