import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { isNarrowed, type LookFilter } from '../../../core/look-filter.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { clearFilter } from './look-address.ts';

interface NothingFitsProps {
  readonly filter: LookFilter;
  /** Queries in all. */
  readonly all: number;
}

/** An empty list says why it is empty, and offers the way back. */
export function NothingFits({ filter, all }: NothingFitsProps) {
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
