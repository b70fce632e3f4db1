import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { runId } from '../../core/run-choice.ts';
import { Notice } from '../components/Notice.tsx';
import { formatAmount } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';

/** Says which results count no longer since labels or images were changed, with the button that makes them again. */
export function OutdatedRuns() {
  const { deleteRuns, runOutdated } = useActions();
  const outdated = useStore(useWorkspace().comparison, (state) => state.outdated);
  const running = useStore(useWorkspace().comparison, (state) => state.running);
  // Until all images are read, nobody knows whether they are others.
  const unread = useStore(useWorkspace().dataset, (state) => datasetSize(state) > (state.dataset?.read ?? 0));
  if (outdated.length === 0 || running || unread) return null;
  const one = outdated.length === 1;
  return (
    <Notice
      tone="warning"
      icon={<IconAlertTriangle size={20} aria-hidden="true" />}
      action={
        <>
          <Button size="xs" onClick={() => void runOutdated()}>
            Run the comparison again
          </Button>
          <Button size="xs" variant="default" onClick={() => void deleteRuns(outdated.map(runId))}>
            {one ? 'Delete it' : 'Delete them'}
          </Button>
        </>
      }
    >
      {formatAmount(outdated.length, 'result')} {one ? 'was' : 'were'} made with other labels or images and no longer{' '}
      {one ? 'counts' : 'count'}.
    </Notice>
  );
}
