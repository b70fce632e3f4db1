import { Button, Group } from '@mantine/core';
import { IconFolderQuestion } from '@tabler/icons-react';
import { Notice } from '../components/Notice.tsx';
import { formatSentence } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';

/** More of them stand among the problems: nobody reads a screen of notices. */
const MOST = 6;

/** What folders and classes leave open, each with the buttons that decide it. */
export function FolderNotices() {
  const { decide } = useActions();
  const notices = useStore(useWorkspace().dataset, (state) => state.notices);
  return notices.slice(0, MOST).map(({ kind, path, reason, action, offers }) => (
    <Notice
      key={`${kind} ${path}`}
      tone="warning"
      icon={<IconFolderQuestion size={20} aria-hidden="true" />}
      action={
        offers.length === 0 ? undefined : (
          <Group gap="xs">
            {offers.map(({ label, choice }) => (
              <Button key={label} size="xs" variant="default" onClick={() => void decide(choice)}>
                {formatSentence(label)}
              </Button>
            ))}
          </Group>
        )
      }
    >
      {formatSentence(reason)} <span>({formatSentence(action)}.)</span>
    </Notice>
  ));
}
