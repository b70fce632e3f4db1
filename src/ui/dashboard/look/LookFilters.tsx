import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import {
  isNarrowed,
  type LookFilter,
  type LookOutcome,
  lookKs,
  lookOrders,
  lookOutcomes,
  needsTwo,
} from '../../../state/look-filter.ts';
import { Explain } from '../../components/Explain.tsx';
import styles from './LookFilters.module.css';
import { changeFilter, clearFilter, type NeighbourCount, neighbourCounts, setNeighbours } from './look-address.ts';
import { countWords } from './look-words.ts';
import { RankEntry } from './RankEntry.tsx';
import type { LookView } from './use-look.ts';

const outcomeLabels: Readonly<Record<LookOutcome, readonly [one: string, two: string]>> = {
  all: ['All', 'All'],
  right: ['Right', 'A right'],
  wrong: ['Failed', 'A failed'],
  'a-only': ['', 'A right, B failed'],
  'b-only': ['', 'A failed, B right'],
  neither: ['', 'Both failed'],
};

const orderLabels: Readonly<Record<LookFilter['order'], string>> = {
  data: 'As in the data set',
  hardest: 'Last hit first',
  easiest: 'First hit first',
};

/** Not in a class's name: those come from files, which have one line. */
const ANY_CLASS = '\n';

interface LookFiltersProps {
  readonly view: LookView;
  readonly filter: LookFilter;
  readonly neighbours: NeighbourCount;
  /** Number of queries that fit. */
  readonly fit: number;
}

/** Which queries are listed, in which order, with how many neighbours; and how many fit. */
export function LookFilters({ view: { table, sides }, filter, neighbours, fit }: LookFiltersProps) {
  const two = sides.length === 2;
  const classes = useMemo(() => classesAsked(table.queries, filter.className), [table, filter.className]);
  return (
    <search className={styles.filters} aria-label="Queries to look at">
      <div className={styles.controls}>
        <Labelled label="Queries">
          <NativeSelect
            size="xs"
            aria-label="Queries by outcome"
            value={filter.outcome}
            data={lookOutcomes
              .filter((outcome) => two || !needsTwo(outcome))
              .map((outcome) => ({ value: outcome, label: outcomeLabels[outcome][two ? 1 : 0] }))}
            onChange={({ currentTarget: { value } }) =>
              changeFilter({ outcome: lookOutcomes.find((outcome) => outcome === value) ?? 'all' })
            }
          />
        </Labelled>
        <Labelled label="at">
          <NativeSelect
            size="xs"
            aria-label="Right or failed among the first"
            value={String(filter.at)}
            disabled={filter.outcome === 'all'}
            data={lookKs.map((k) => ({ value: String(k), label: `top ${k}` }))}
            onChange={({ currentTarget: { value } }) =>
              changeFilter({ at: lookKs.find((k) => String(k) === value) ?? 1 })
            }
          />
        </Labelled>
        <Labelled label={two ? 'First hit of A, rank' : 'First hit, rank'}>
          <RankEntry
            label="Rank of the first hit, from"
            value={filter.from}
            onChange={(from) => changeFilter({ from })}
          />
          <span className={styles.label} aria-hidden="true">
            to
          </span>
          <RankEntry label="Rank of the first hit, to" value={filter.to} onChange={(to) => changeFilter({ to })} />
        </Labelled>
        <Labelled label="Class">
          <NativeSelect
            size="xs"
            className={styles.class}
            aria-label="Class"
            value={filter.className ?? ANY_CLASS}
            data={[
              { value: ANY_CLASS, label: 'All classes' },
              ...classes.map((name) => ({ value: name, label: name })),
            ]}
            onChange={({ currentTarget: { value } }) => changeFilter({ className: value === ANY_CLASS ? null : value })}
          />
        </Labelled>
        <Labelled label="Order">
          <NativeSelect
            size="xs"
            aria-label="Order of the queries"
            value={filter.order}
            data={lookOrders.map((order) => ({ value: order, label: orderLabels[order] }))}
            onChange={({ currentTarget: { value } }) =>
              changeFilter({ order: lookOrders.find((order) => order === value) ?? 'data' })
            }
          />
        </Labelled>
        <Labelled label="Neighbours">
          <NativeSelect
            size="xs"
            aria-label="Neighbours in a row"
            value={String(neighbours)}
            data={neighbourCounts.map(String)}
            onChange={({ currentTarget: { value } }) =>
              setNeighbours(neighbourCounts.find((count) => String(count) === value) ?? 10)
            }
          />
        </Labelled>
      </div>
      <div className={styles.count}>
        <p role="status" className={styles.words}>
          {countWords(fit, table.queries.length)}
        </p>
        <Explain term="a first hit">
          <p>
            The first hit is the best ranked gallery image of the query’s own class. At rank 1 the nearest image is
            right; a query fails at top 5 where the first five hold no image of its class.
          </p>
          <p>A green frame with a check mark is a right neighbour, a broken red one with a cross a wrong one.</p>
        </Explain>
        {isNarrowed(filter) ? (
          <Button size="compact-xs" variant="subtle" onClick={clearFilter}>
            Show all
          </Button>
        ) : null}
      </div>
    </search>
  );
}

/** Sorted; that of the address too, though no query has it. */
function classesAsked(
  queries: readonly { readonly className: string | null }[],
  wanted: string | null,
): readonly string[] {
  const names = new Set(queries.flatMap(({ className }) => className ?? []));
  if (wanted !== null) names.add(wanted);
  return [...names].sort();
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <span className={styles.labelled}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      {children}
    </span>
  );
}
