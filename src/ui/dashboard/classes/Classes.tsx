import { IconTargetOff } from '@tabler/icons-react';
import { countedQueries } from '../../../app/dashboard/figures/classes.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import { ClassesView } from './ClassesView.tsx';
import { noneCountsWords } from './class-words.ts';
import { useClasses } from './use-classes.ts';

const none = <IconTargetOff size={32} stroke={1.4} aria-hidden="true" />;

/** What the averages hide: how each class fares, and which one it is taken for. */
export default function Classes() {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const chosen = useClasses();
  if (chosen !== null) {
    const counted = countedQueries(chosen.a);
    if (counted.counted > 0) return <ClassesView chosen={chosen} />;
    return (
      <EmptyState icon={none} title={`No ${split} query that counts`}>
        {noneCountsWords(counted)}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={none} title={`No ${split} queries to judge classes by`}>
      {split === 'test'
        ? 'The chosen run has no scored test queries. Choose another run, or look at validation.'
        : 'The chosen run has no validation queries: its classes are too small to divide, or its head came from a file. Choose another run, or look at test.'}
    </EmptyState>
  );
}
