import { VisuallyHidden } from '@mantine/core';
import { isSeeded } from '../../../core/run-choice.ts';
import { isExplained, MetricExplanation, SortedHead } from '../../runs/metric-columns.tsx';
import shared from '../../runs/runs.module.css';
import { LeaderboardRow } from './LeaderboardRow.tsx';
import type { LeaderboardColumn, LeaderboardOrder } from './leaderboard-rows.ts';
import { type LeaderboardViewProps, markOf } from './leaderboard-view.ts';

interface LeaderboardTableProps extends LeaderboardViewProps {
  readonly order: LeaderboardOrder;
  readonly onOrder: (order: LeaderboardOrder) => void;
}

export function LeaderboardTable(props: LeaderboardTableProps) {
  const { groups, fitting, split, labels, a, b, unfolded, onFold, metrics, verdict, order, onOrder } = props;
  const rows = groups.flat();
  // What no model has, or all have alike, has no column.
  const combined = rows.some(({ runs: [{ choice }] }) => choice.combine !== null);
  const seeds = new Set(
    rows.flatMap(({ runs }) => runs.flatMap(({ choice }) => (isSeeded(choice) ? choice.recipe.seed : []))),
  );
  const seeded = seeds.size > 1;
  const names: readonly { readonly by: LeaderboardColumn; readonly title: string }[] = [
    { by: 'model', title: 'Model' },
    { by: 'head', title: 'Head' },
    ...(combined ? [{ by: 'combination', title: 'Combination' } as const] : []),
  ];
  return (
    <table className={shared.table} aria-label="Leaderboard">
      <thead>
        <tr>
          <th scope="col">
            <VisuallyHidden>Compare</VisuallyHidden>
          </th>
          {names.map(({ by, title }) => (
            <SortedHead key={by} by={by} order={order} onOrder={onOrder}>
              {title}
            </SortedHead>
          ))}
          {seeded ? (
            <SortedHead by="seeds" numeric order={order} onOrder={onOrder}>
              Seeds
            </SortedHead>
          ) : null}
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
          <th scope="col">
            <VisuallyHidden>Name, note, delete</VisuallyHidden>
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group[0].key} hidden={!group.some(({ key }) => fitting.has(key))}>
          {group.map((row, at) => {
            // A row is drawn again only where something of its own has changed; one that the filter hides stays drawn.
            const mark = markOf(row, verdict);
            const has = (id: string | null) => row.runs.some((run) => run.id === id);
            return (
              <LeaderboardRow
                key={row.key}
                row={row}
                variant={at > 0}
                combined={combined}
                seeded={seeded}
                shared={props.shared}
                queries={props.all.queries}
                gallery={props.all.gallery}
                macro={props.macro}
                from={props.scale[0]}
                to={props.scale[1]}
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
            );
          })}
        </tbody>
      ))}
    </table>
  );
}
