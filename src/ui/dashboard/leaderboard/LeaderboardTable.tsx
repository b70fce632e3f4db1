import { isExplained, MetricExplanation } from '../../runs/MetricExplanation.tsx';
import shared from '../../runs/runs.module.css';
import { SortedHead } from '../../runs/SortedHead.tsx';
import styles from './Leaderboard.module.css';
import { LeaderboardRow } from './LeaderboardRow.tsx';
import type { LeaderboardColumn, LeaderboardOrder } from './leaderboard-rows.ts';
import { type LeaderboardViewProps, markOf } from './leaderboard-view.ts';

interface LeaderboardTableProps extends LeaderboardViewProps {
  readonly order: LeaderboardOrder;
  readonly onOrder: (order: LeaderboardOrder) => void;
}

const names: readonly { readonly by: LeaderboardColumn; readonly title: string }[] = [
  { by: 'model', title: 'Model' },
  { by: 'head', title: 'Head' },
  { by: 'combination', title: 'Combination' },
];

export function LeaderboardTable(props: LeaderboardTableProps) {
  const { rows, fitting, split, labels, a, b, unfolded, onFold, metrics, verdict, order, onOrder } = props;
  return (
    <table className={`${shared.table} ${styles.table}`} aria-label="Leaderboard">
      <thead>
        <tr>
          <th scope="col">
            <span className={shared.hidden}>Compare</span>
          </th>
          {names.map(({ by, title }) => (
            <SortedHead key={by} by={by} order={order} onOrder={onOrder}>
              {title}
            </SortedHead>
          ))}
          <SortedHead by="seeds" numeric order={order} onOrder={onOrder}>
            Seeds
          </SortedHead>
          {metrics.map((metric, at) => (
            <SortedHead
              key={metric.key}
              by={metric.key}
              numeric
              descends={metric.higherIsBetter}
              order={order}
              onOrder={onOrder}
              explanation={isExplained(metrics, at) ? <MetricExplanation metric={metric} /> : null}
            >
              {metric.title}
            </SortedHead>
          ))}
        </tr>
      </thead>
      {rows.map((row) => {
        // A row is drawn again only where something of its own has changed; one that the filter hides stays drawn.
        const mark = markOf(row, verdict);
        const has = (id: string | null) => row.runs.some((run) => run.id === id);
        return (
          <tbody key={row.key} hidden={!fitting.has(row.key)}>
            <LeaderboardRow
              row={row}
              split={split}
              labels={labels}
              a={has(a) ? a : null}
              b={has(b) ? b : null}
              alone={b === null}
              unfolded={unfolded.has(row.key)}
              onFold={onFold}
              deciding={mark === null ? null : (verdict?.metric ?? null)}
              metrics={metrics}
              mark={mark}
            />
          </tbody>
        );
      })}
    </table>
  );
}
