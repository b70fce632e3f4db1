import { ActionIcon, Button, Menu, Modal, Textarea, TextInput } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState } from 'react';
import type { RunRow } from '../../../app/comparison/comparison.ts';
import { ConfirmDelete } from '../../components/ConfirmDelete.tsx';
import { formatAmount } from '../../format.ts';
import { type Labels, membersName, useLabels } from '../../runs/model-words.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './leaderboard.module.css';

interface RunMenuProps {
  /** One run, or all seeds of a model. */
  readonly runs: readonly [RunRow, ...RunRow[]];
  /** How it is called on the screen. */
  readonly called: string;
  /** Its name where it has none of the user's. */
  readonly own: string;
}

type Asked = 'nothing' | 'words' | 'deletion';

/** What can be done with a row besides comparing it: a name, a note, its end. Opened only when it is pressed: rows are many. */
export const RunMenu = memo(function RunMenu({ runs, called, own }: RunMenuProps) {
  const { deleteRuns } = useActions();
  const [asked, setAsked] = useState<Asked>('nothing');
  const [pressed, setPressed] = useState(false);
  const [opened, setOpened] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  // The menu's button is another element than the one that was pressed: it takes the focus, which Escape gives back to it.
  useEffect(() => {
    if (!pressed) return;
    target.current?.focus({ preventScroll: true });
    setOpened(true);
  }, [pressed]);
  const ids = runs.map(({ id }) => id);
  const button = (
    <ActionIcon
      ref={target}
      variant="subtle"
      color="gray"
      c="dimmed"
      size={24}
      aria-label={`Name, note or delete ${called}`}
      aria-haspopup="menu"
      onClick={pressed ? undefined : () => setPressed(true)}
    >
      <IconDots size={16} aria-hidden="true" />
    </ActionIcon>
  );
  if (!pressed) return button;
  return (
    <>
      <Menu position="bottom-end" opened={opened} onChange={setOpened}>
        <Menu.Target>{button}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden="true" />} onClick={() => setAsked('words')}>
            Name and note …
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden="true" />} onClick={() => setAsked('deletion')}>
            Delete …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked === 'words'}
        onClose={() => setAsked('nothing')}
        title={`Name and note of ${called}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Words key={`${runs[0].name} ${runs[0].note}`} runs={runs} own={own} onClose={() => setAsked('nothing')} />
      </Modal>
      <ConfirmDelete
        opened={asked === 'deletion'}
        title={`Delete ${called}?`}
        confirm={runs.length === 1 ? 'Delete the run' : `Delete ${formatAmount(runs.length, 'run')}`}
        onConfirm={() => void deleteRuns(ids)}
        onClose={() => setAsked('nothing')}
      >
        Its figures, the neighbours of its queries and its note go. Embedded images and trained heads stay: a comparison
        scores it again in seconds.
      </ConfirmDelete>
    </>
  );
});

/** Whether another model is called so, by the user or by what it is: they could not be told apart in figures. */
function isTaken(name: string, runs: readonly RunRow[], all: readonly RunRow[], labels: Labels): boolean {
  const wanted = name.trim().toLowerCase();
  const own = new Set(runs.map(({ id }) => id));
  const ownMembers = membersName(runs[0]?.choice.members ?? [], labels);
  return all
    .filter(({ id }) => !own.has(id))
    .flatMap((run) => [run.name, membersName(run.choice.members, labels)])
    .some((other) => other !== undefined && other !== ownMembers && other.toLowerCase() === wanted);
}

function Words({ runs, own, onClose }: Pick<RunMenuProps, 'runs' | 'own'> & { readonly onClose: () => void }) {
  const { describeRuns } = useActions();
  const [name, setName] = useState(runs[0].name ?? '');
  const [note, setNote] = useState(runs[0].note ?? '');
  const labels = useLabels();
  const all = useStore(useWorkspace().comparison, (state) => state.runs);
  const taken = isTaken(name, runs, all, labels);
  return (
    <form
      className={styles.words}
      onSubmit={(event) => {
        event.preventDefault();
        if (taken) return;
        void describeRuns(
          runs.map(({ id }) => id),
          { name: name.trim(), note: note.trim() },
        );
        onClose();
      }}
    >
      <TextInput
        label="Name"
        description="On every screen, in figures and exports. Leave it empty to name it by what it is."
        placeholder={own}
        maxLength={100}
        value={name}
        error={taken ? 'Another model has this name already.' : null}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Note"
        placeholder="What it is for, what was found"
        maxLength={1000}
        autosize
        minRows={2}
        maxRows={8}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={styles.wordsEnd}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </div>
    </form>
  );
}
