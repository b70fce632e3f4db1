import { Button, Modal, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useActions } from '../workspace.tsx';

interface RenameDatasetProps {
  readonly id: string;
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function RenameDataset({ id, name, opened, onClose }: RenameDatasetProps) {
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
