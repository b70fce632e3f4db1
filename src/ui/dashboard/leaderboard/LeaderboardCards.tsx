import type { RunRow } from '../../../app/comparison/comparison.ts';
import { type ResultRow, scoreOfRuns, seedOf } from '../../../core/result-rows.ts';
import type { Metric } from '../../../metrics/registry.ts';
import type { ScoredSplit } from '../../../types.ts';
import { isExplained, MetricExplanation, ScoreCell } from '../../runs/metric-columns.tsx';
import { membersName } from '../../runs/model-words.ts';
import { apartWords, modelDetail } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { JudgedCell, Model, Seeds, TickRun } from './cells.tsx';
import styles from './leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';
import { type LeaderboardViewProps, markOf } from './leaderboard-view.ts';
import { RunMenu } from './RunMenu.tsx';

/** The rows of the table, one below the other, for narrow windows. */
export function LeaderboardCards(props: LeaderboardViewProps) {
  return (
    <ul className={shared.cards} aria-label="Leaderboard">
      {props.groups
        .flat()
        .filter(({ key }) => props.fitting.has(key))
        .map((row) => (
          <Card key={row.key} row={row} {...props} />
        ))}
    </ul>
  );
}

function Card({ row, ...view }: LeaderboardViewProps & { readonly row: ResultRow }) {
  const { split, labels, a, b, unfolded, onFold, metrics, verdict } = view;
  const [first] = row.runs;
  const name = rowWords(row, labels);
  const chosen = row.runs.find(({ id }) => id === a || id === b) ?? null;
  const letterOf = ({ id }: RunRow) => (id === a ? 'A' : id === b ? 'B' : null);
  const alone = (run: RunRow) => b === null && run.id === a;
  const mark = markOf(row, verdict);
  return (
    <li className={shared.card}>
      <div className={shared.cardHead}>
        <Model
          row={row}
          labels={labels}
          detail={[modelDetail(first, view.shared), apartWords(first, split, view.all)]
            .filter((part) => part !== null)
            .join(', ')}
          a={a}
          b={b}
        />
        <TickRun
          runId={(chosen ?? first).id}
          name={name}
          letter={chosen && letterOf(chosen)}
          alone={chosen !== null && alone(chosen)}
        />
        <RunMenu runs={row.runs} called={name} own={membersName(first.choice.members, labels)} />
      </div>
      <dl className={shared.facts}>
        {metrics.map((metric, at) => (
          <div key={metric.key}>
            <dt>
              {metric.title} {isExplained(metrics, at) ? <MetricExplanation metric={metric} /> : null}
            </dt>
            <dd>
              <JudgedCell
                runs={row.runs}
                split={split}
                metric={metric}
                mark={metric === verdict?.metric ? mark : null}
                from={view.scale[0]}
                to={view.scale[1]}
                macro={view.macro}
              />
            </dd>
          </div>
        ))}
      </dl>
      {row.runs.length === 1 ? null : (
        <div>
          <Seeds row={row} name={name} unfolded={unfolded.has(row.key)} onFold={onFold} />
        </div>
      )}
      {row.runs.length > 1 && unfolded.has(row.key)
        ? row.runs.map((run) => (
            <div key={run.id} className={shared.cardSeed}>
              <div className={shared.cardHead}>
                <span className={shared.seedName}>seed {seedOf(run)}</span>
                <TickRun
                  runId={run.id}
                  name={`${name}, seed ${seedOf(run)}`}
                  letter={letterOf(run)}
                  alone={alone(run)}
                />
              </div>
              <SeedScores run={run} split={split} metrics={metrics} />
            </div>
          ))
        : null}
    </li>
  );
}

interface SeedScoresProps {
  readonly run: RunRow;
  readonly split: ScoredSplit;
  readonly metrics: readonly Metric[];
}

function SeedScores({ run, split, metrics }: SeedScoresProps) {
  return (
    <dl className={`${shared.facts} ${styles.seedFigures}`}>
      {metrics.map((metric) => (
        <div key={metric.key}>
          <dt>{metric.title}</dt>
          <dd>
            <ScoreCell score={scoreOfRuns([run], split, metric)} metric={metric} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
