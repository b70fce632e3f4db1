import { memo } from 'react';
import { type ResultRow, seedOf } from '../../../core/result-rows.ts';
import { rankingNamed } from '../../../core/run-choice.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { type Labels, membersName } from '../../runs/model-words.ts';
import { apartWords, headDetail } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { RunMark } from '../ChosenRuns.tsx';
import { JudgedCell, Model, Seeds, TickRun, Variant } from './cells.tsx';
import styles from './leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';
import type { Mark } from './leaderboard-view.ts';
import { RunMenu } from './RunMenu.tsx';

export interface LeaderboardRowProps {
  readonly row: ResultRow;
  /** The model stands above it, with another order of its answers. */
  readonly variant: boolean;
  /** Whether there are columns of combinations and of seeds. */
  readonly combined: boolean;
  readonly seeded: boolean;
  /** What is said of all models above the table. */
  readonly shared: readonly string[];
  readonly macro: boolean;
  /** Ends of the scale of all intervals: numbers, so that equal ends draw nothing again. */
  readonly from: number;
  readonly to: number;
  readonly split: ScoredSplit;
  /** Most that a run was judged on: numbers, as above. */
  readonly queries: number;
  readonly gallery: number;
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
  const { row, variant, combined, seeded, split, labels, a, b, alone, unfolded, onFold, deciding, mark, metrics } =
    props;
  const { macro, from, to } = props;
  const { rank } = row.runs[0].choice;
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
          {variant ? (
            <Variant row={row} a={a} b={b} />
          ) : (
            <Model row={row} labels={labels} detail={rank === 'plain' ? null : rankingNamed(rank).order} a={a} b={b} />
          )}
        </th>
        <td className={styles.headCell}>
          {variant
            ? null
            : [
                headDetail(first, props.shared),
                apartWords(first, split, { queries: props.queries, gallery: props.gallery }),
              ]
                .filter((part) => part !== null)
                .join(', ')}
        </td>
        {combined ? (
          <td>
            {variant
              ? null
              : (first.choice.combine ?? (
                  <span className={shared.none} role="img" aria-label="none">
                    –
                  </span>
                ))}
          </td>
        ) : null}
        {seeded ? (
          <td className={shared.numeric}>
            <Seeds row={row} name={name} unfolded={unfolded} onFold={onFold} />
          </td>
        ) : null}
        {metrics.map((metric) => (
          <td key={metric.key} className={shared.numeric}>
            <JudgedCell
              runs={row.runs}
              split={split}
              metric={metric}
              mark={metric === deciding ? mark : null}
              from={from}
              to={to}
              macro={macro}
            />
          </td>
        ))}
        <td className={styles.menuCell}>
          <RunMenu runs={row.runs} called={name} own={membersName(first.choice.members, labels)} />
        </td>
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
            <th scope="row" className={shared.seedName} colSpan={combined ? 3 : 2}>
              <span className={shared.title}>
                seed {seedOf(run)}
                {letter === null ? null : <RunMark letter={letter} slot={run.colour} />}
              </span>
            </th>
            {seeded ? <td /> : null}
            {metrics.map((metric) => (
              <td key={metric.key} className={shared.numeric}>
                <JudgedCell runs={[run]} split={split} metric={metric} mark={null} from={from} to={to} macro={macro} />
              </td>
            ))}
            <td className={styles.menuCell}>
              <RunMenu
                runs={[run]}
                called={`${name}, seed ${seedOf(run)}`}
                own={membersName(first.choice.members, labels)}
              />
            </td>
          </tr>
        );
      })}
    </>
  );
});
