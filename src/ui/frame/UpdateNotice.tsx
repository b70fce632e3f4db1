import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { installationStore } from '../../app/settings/installation.ts';
import { Notice } from '../components/Notice.tsx';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';

/** Another version of the app is there; it is taken when the user says so. */
export function UpdateNotice() {
  const { takeUpdate } = useActions();
  const update = useStore(installationStore, (state) => state.update);
  if (update === 'none') return null;
  return (
    <Notice
      tone="quiet"
      role="status"
      icon={<IconRefresh size={20} aria-hidden="true" />}
      action={
        <Button size="xs" onClick={() => takeUpdate()}>
          Reload now
        </Button>
      }
    >
      {update === 'ready'
        ? 'A new version of Likeness is ready. Reload to use it; what is computed is kept.'
        : 'Another tab uses a new version of Likeness by now. Reload to use it here too; what is computed is kept.'}
    </Notice>
  );
}
