import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Choice } from '../../app/dataset/dataset.ts';
import { formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './decisions.module.css';

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

/** What was decided, as a sentence. */
export function decisionSentence(choice: Choice): string {
  switch (choice.kind) {
    case 'roles':
      return choice.roles.length === 1 ? 'A folder has another role.' : 'Folders have other roles.';
    case 'name-classes':
      return choice.rule === null ? 'File names give no classes any more.' : 'Classes are taken from the file names.';
    case 'merge-classes':
      return 'Classes were merged.';
    case 'listed-roles':
      return 'What the tables list as a test or as validation has other roles.';
    case 'folder-first':
      return 'Training images have the classes of their folders.';
    case 'table-first':
      return 'The table’s classes go before those of the folders.';
    case 'innermost':
      return 'The innermost folders are the classes.';
    case 'class': {
      const images = subject(choice.paths);
      return choice.className === null ? `${images} of no class now.` : `${images} of “${choice.className}” now.`;
    }
    case 'no-own-class':
      return `${subject(choice.paths)} of the class that folder, name or table give.`;
    case 'exclude':
      return `${subject(choice.paths)} excluded: in no training, gallery, query or figure.`;
    case 'include':
      return `${subject(choice.paths)} included again.`;
  }
}

function subject(paths: readonly string[]): string {
  return `${formatAmount(paths.length, 'image')} ${paths.length === 1 ? 'is' : 'are'}`;
}
