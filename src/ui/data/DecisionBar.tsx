import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { decisionSentence } from './decision-words.ts';
import styles from './ImageBar.module.css';

/** Says what was decided last, and takes it back. */
export function DecisionBar() {
  const { undoDecision } = useActions();
  const newest = useStore(useWorkspace().dataset, ({ decisions }) => decisions.at(-1));
  if (newest === undefined) return null;
  return (
    <div className={styles.decided} role="status">
      <bdi>{decisionSentence(newest.choice)}</bdi>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowBackUp size={16} aria-hidden="true" />}
        onClick={() => void undoDecision()}
      >
        Undo
      </Button>
    </div>
  );
}
