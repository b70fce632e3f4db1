import { Button, NativeSelect, TextInput } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import {
  isNarrowed,
  type LookFilter,
  type LookOutcome,
  lookKs,
  lookOrders,
  lookOutcomes,
  needsTwo,
} from '../../../core/look.ts';
import { Explain } from '../../components/Explain.tsx';
import styles from './look.module.css';
import {
  changeFilter,
  clearFilter,
  type NeighbourCount,
  neighbourCounts,
  rank,
  setNeighbours,
} from './look-address.ts';
import { countWords } from './look-words.ts';
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
  hardest: 'Hardest first',
  easiest: 'First hit first',
};

/** Not in a class's name: those come from files, which have one line. */
const ANY_CLASS = '\n';

const plain = (choices: readonly (string | number)[], before = ''): FilterOption[] =>
  choices.map((choice) => ({ value: String(choice), label: `${before}${choice}` }));
const outcomesOfOne = lookOutcomes
  .filter((outcome) => !needsTwo(outcome))
  .map((outcome) => ({ value: outcome, label: outcomeLabels[outcome][0] }));
const outcomesOfTwo = lookOutcomes.map((outcome) => ({ value: outcome, label: outcomeLabels[outcome][1] }));
const kOptions = plain(lookKs, 'top ');
const orderOptions = lookOrders.map((order) => ({ value: order, label: orderLabels[order] }));
const countOptions = plain(neighbourCounts);

const chooseOutcome = (value: string): void =>
  changeFilter({ outcome: lookOutcomes.find((outcome) => outcome === value) ?? 'all' });
const chooseK = (value: string): void => changeFilter({ at: lookKs.find((k) => String(k) === value) ?? 1 });
const chooseClass = (value: string): void => changeFilter({ className: value === ANY_CLASS ? null : value });
const chooseOrder = (value: string): void =>
  changeFilter({ order: lookOrders.find((order) => order === value) ?? 'data' });
const chooseCount = (value: string): void =>
  setNeighbours(neighbourCounts.find((count) => String(count) === value) ?? 10);

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
  const classes = useMemo(() => classOptions(table.queries, filter.className), [table, filter.className]);
  return (
    <search className={styles.filters} aria-label="Queries to look at">
      <div className={styles.controls}>
        <FilterSelect
          label="Queries"
          name="Queries by outcome"
          value={filter.outcome}
          options={two ? outcomesOfTwo : outcomesOfOne}
          onChange={chooseOutcome}
        />
        <FilterSelect
          label="at"
          name="Right or failed among the first"
          value={String(filter.at)}
          options={kOptions}
          onChange={chooseK}
          disabled={filter.outcome === 'all'}
        />
        <RankRange label={two ? 'First hit of A, rank' : 'First hit, rank'} from={filter.from} to={filter.to} />
        <FilterSelect
          label="Class"
          name="Class"
          value={filter.className ?? ANY_CLASS}
          options={classes}
          onChange={chooseClass}
        />
        <FilterSelect
          label="Order"
          name="Order of the queries"
          value={filter.order}
          options={orderOptions}
          onChange={chooseOrder}
        />
        <FilterSelect
          label="Neighbours"
          name="Neighbours in a row"
          value={String(neighbours)}
          options={countOptions}
          onChange={chooseCount}
        />
      </div>
      <div className={styles.count}>
        <p role="status" className={styles.filterWords}>
          {countWords(fit, table.queries.length)}
        </p>
        <AboutHits />
        {isNarrowed(filter) ? (
          <Button size="compact-xs" variant="subtle" onClick={clearFilter}>
            Show all
          </Button>
        ) : null}
      </div>
    </search>
  );
}

interface RankRangeProps extends Pick<LookFilter, 'from' | 'to'> {
  readonly label: string;
}

const RankRange = memo(function RankRange({ label, from, to }: RankRangeProps) {
  return (
    <span className={styles.labelled}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <RankEntry label="Rank of the first hit, from" value={from} onChange={(value) => changeFilter({ from: value })} />
      <span className={styles.label} aria-hidden="true">
        to
      </span>
      <RankEntry label="Rank of the first hit, to" value={to} onChange={(value) => changeFilter({ to: value })} />
    </span>
  );
});

const AboutHits = memo(function AboutHits() {
  return (
    <Explain term="a first hit">
      <p>
        The first hit is the best ranked gallery image of the query’s own class. At rank 1 the nearest image is right; a
        query fails at top 5 where the first five hold no image of its class.
      </p>
      <p>A green frame with a check mark is a right neighbour, a broken red one with a cross a wrong one.</p>
    </Explain>
  );
});

/** Sorted; that of the address too, though no query has it. */
function classOptions(
  queries: readonly { readonly className: string | null }[],
  wanted: string | null,
): readonly FilterOption[] {
  const names = new Set(queries.flatMap(({ className }) => className ?? []));
  if (wanted !== null) names.add(wanted);
  return [{ value: ANY_CLASS, label: 'All classes' }, ...plain([...names].sort())];
}

interface FilterOption {
  readonly value: string;
  readonly label: string;
}

interface FilterSelectProps {
  /** Stands before it. */
  readonly label: string;
  /** Says more, where it is spoken. */
  readonly name: string;
  readonly value: string;
  readonly options: readonly FilterOption[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}

/** One choice. Drawn again only when it is another one: each change of a filter passes all of them. */
const FilterSelect = memo(function FilterSelect(props: FilterSelectProps) {
  const { label, name, value, options, onChange, disabled = false } = props;
  return (
    <span className={styles.labelled}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <NativeSelect
        size="xs"
        className={styles.select}
        aria-label={name}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </NativeSelect>
    </span>
  );
});

interface RankEntryProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A rank from 1, or nothing: taken over on Enter and on leaving the field. */
function RankEntry({ label, value, onChange }: RankEntryProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  const take = (): void => {
    if (typed === null) return;
    const wanted = rank(typed);
    if (wanted === null && typed.trim() !== '') {
      setError('A whole number from 1');
      return;
    }
    setError(null);
    setTyped(null);
    if (wanted !== value) onChange(wanted);
  };

  return (
    <TextInput
      size="xs"
      className={styles.rank}
      inputMode="numeric"
      autoComplete="off"
      placeholder="any"
      aria-label={label}
      value={typed ?? (value === null ? '' : String(value))}
      error={error}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}
