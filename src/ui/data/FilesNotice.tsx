import { Button } from '@mantine/core';
import { IconFolderOff, IconFolderQuestion, IconPlayerPlay } from '@tabler/icons-react';
import { jobs } from '../../app/jobs/jobs.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import { BROWSER_ASKS, Notice } from '../components/Notice.tsx';
import { useOpenData } from '../components/open-data.ts';
import { formatAmount } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';

/** Says which images are not read and why, with the one button that goes on. */
export function FilesNotice() {
  const { openFolder } = useOpenData();
  const { continueReading, unlockFiles } = useActions();
  const unread = useStore(useWorkspace().dataset, (state) => datasetSize(state) - (state.dataset?.read ?? 0));
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  const asking = useStore(useWorkspace().dataset, (state) => state.asking);
  const reading = useStore(jobs.store, (state) => state.running.some(({ screen }) => screen === 'data'));
  // The notice above the screen has the button then.
  const interrupted = useStore(jobs.interrupted.store, (state) => state.jobs.some(({ job }) => job.kind === 'read'));
  const elsewhere = useStore(jobs.otherTab.store, ({ working }) => working !== null);
  if (unread <= 0 || reading || interrupted || elsewhere) return null;
  const unreadImages = `${formatAmount(unread, 'image')} ${unread === 1 ? 'has' : 'have'} not been read yet.`;

  switch (files) {
    case 'here':
      return (
        <Notice
          tone="quiet"
          icon={<IconPlayerPlay size={20} aria-hidden="true" />}
          action={
            <Button size="xs" onClick={() => void continueReading()}>
              Continue reading
            </Button>
          }
        >
          {unreadImages}
        </Notice>
      );
    case 'locked':
      return (
        <Notice
          tone="warning"
          icon={<IconFolderQuestion size={20} aria-hidden="true" />}
          action={
            <Button size="xs" loading={asking} onClick={() => void unlockFiles()}>
              Allow reading
            </Button>
          }
        >
          {unreadImages}{' '}
          {asking ? BROWSER_ASKS : 'The browser remembers the folder, but asks for your permission to read it again.'}
        </Notice>
      );
    case 'gone':
      return (
        <Notice
          tone="warning"
          icon={<IconFolderOff size={20} aria-hidden="true" />}
          action={
            <Button size="xs" onClick={() => void openFolder()}>
              Choose folder
            </Button>
          }
        >
          {unreadImages} After a reload the browser cannot read the files by itself: {FOLDER_AGAIN} to go on. What was
          computed is kept.
        </Notice>
      );
  }
}
