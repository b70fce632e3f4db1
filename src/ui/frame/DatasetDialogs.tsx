import { Button, Modal, TextInput } from '@mantine/core';
import { useId } from 'react';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { Name } from '../components/Name.tsx';
import { useActions } from '../workspace.tsx';

export type DatasetQuestion = 'rename' | 'delete';

interface Properties {
  readonly id: string;
  readonly name: string;
  readonly asking: DatasetQuestion | null;
  readonly onClose: () => void;
}

/** What the menu of the data set asks before it does it. */
export default function DatasetDialogs({ id, name, asking, onClose }: Properties) {
  const { deleteDataset } = useActions();
  return (
    <>
      <RenameDataset id={id} name={name} opened={asking === 'rename'} onClose={onClose} />
      <ConfirmDelete
        opened={asking === 'delete'}
        title="Delete this data set?"
        confirm="Delete the data set"
        onConfirm={() => void deleteDataset(id)}
        onClose={onClose}
      >
        <Name>{name}</Name> Its list of images, its thumbnails and what was computed for it are deleted from this
        browser. The folder on your disk stays as it is.
      </ConfirmDelete>
    </>
  );
}

interface RenameDatasetProps {
  readonly id: string;
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function RenameDataset({ id, name, opened, onClose }: RenameDatasetProps) {
  const { renameDataset } = useActions();
  const field = useId();
  return (
    <Modal opened={opened} onClose={onClose} title="Rename the data set" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = new FormData(event.currentTarget).get(field);
          onClose();
          if (typeof wanted === 'string' && wanted.trim() !== '') void renameDataset(id, wanted.trim());
        }}
      >
        <TextInput name={field} label="Name" defaultValue={name} dir="auto" maxLength={255} required data-autofocus />
        <Button type="submit" mt="md">
          Rename
        </Button>
      </form>
    </Modal>
  );
}
