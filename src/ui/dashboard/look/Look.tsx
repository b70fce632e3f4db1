import { Button } from '@mantine/core';
import { IconAlertTriangle, IconFilterOff, IconTargetOff } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { isNarrowed, type LookFilter } from '../../../core/look.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Notice } from '../../components/Notice.tsx';
import { useHashParameters } from '../../location.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import { LookFilters } from './LookFilters.tsx';
import { LookGrid, type LookGridHandle } from './LookGrid.tsx';
import { LookQuery } from './LookQuery.tsx';
import styles from './look.module.css';
import { clearFilter, closeQuery, type LookAddress, parseLookAddress } from './look-address.ts';
import { openedQuery } from './look-order.ts';
import { answerable, type LookView, useFitting, useLookView } from './use-look.ts';

/** The queries of the chosen runs with their first neighbours: what is behind the figures. */
export default function Look() {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const view = useLookView();
  const address = parseLookAddress(useHashParameters());
  if (view !== null) return <Loaded view={view} address={address} />;
  return (
    <EmptyState
      icon={<IconTargetOff size={32} stroke={1.4} aria-hidden="true" />}
      title={`No ${split} queries to look at`}
    >
      {split === 'test'
        ? 'The chosen run has not answered the test queries. Choose another run, or look at validation.'
        : 'The chosen run has no validation queries: its classes are too small to divide, or its head came from a file. Choose another run, or look at test.'}
    </EmptyState>
  );
}

interface LoadedProps {
  readonly view: LookView;
  readonly address: LookAddress;
}

function Loaded({ view, address }: LoadedProps) {
  const filter = answerable(address.filter, view);
  const fitting = useFitting(view, filter);
  // The rows follow in slices that give way to typing and scrolling.
  const listed = useDeferredValue(useMemo(() => ({ view, fitting }), [view, fitting]));
  const opened = openedQuery(view.table, address);
  const grid = useRef<LookGridHandle>(null);
  const last = useRef<number | null>(null);

  useEffect(() => {
    if (opened !== null) last.current = opened;
    else if (last.current !== null) {
      // The focus goes on from the query that was looked at last.
      grid.current?.focusQuery(last.current);
      last.current = null;
    }
  }, [opened]);

  return (
    <div className={styles.view}>
      {address.query !== null && opened === null ? <UnknownQuery /> : null}
      <LookFilters view={view} filter={filter} neighbours={address.neighbours} fit={fitting.length} />
      {fitting.length === 0 ? (
        <NothingFits filter={filter} all={view.table.queries.length} />
      ) : (
        <LookGrid ref={grid} view={listed.view} fitting={listed.fitting} k={address.neighbours} />
      )}
      <LookQuery view={view} fitting={fitting} k={address.neighbours} query={opened} />
    </div>
  );
}

interface NothingFitsProps {
  readonly filter: LookFilter;
  /** Queries in all. */
  readonly all: number;
}

/** An empty list says why it is empty, and offers the way back. */
function NothingFits({ filter, all }: NothingFitsProps) {
  const icon = <IconFilterOff size={32} stroke={1.4} aria-hidden="true" />;
  if (all === 0 || !isNarrowed(filter)) {
    return (
      <EmptyState icon={icon} title="No queries">
        The chosen run was asked nothing on this split.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title="No query fits"
      action={
        <Button variant="default" onClick={clearFilter}>
          Show all queries
        </Button>
      }
    >
      {filter.from !== null && filter.to !== null && filter.to < filter.from
        ? 'The rank of the first hit cannot be at least the larger and at most the smaller number.'
        : 'No query is left with these filters together.'}
    </EmptyState>
  );
}

/** The address names a query that the chosen run was not asked, as after another split was chosen. */
function UnknownQuery() {
  return (
    <Notice
      tone="warning"
      role="status"
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      action={
        <Button size="xs" variant="default" onClick={closeQuery}>
          Dismiss
        </Button>
      }
    >
      The query in the address is not among the queries of this run. All of its queries are listed below.
    </Notice>
  );
}
