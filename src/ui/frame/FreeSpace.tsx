import { Modal } from '@mantine/core';
import { StorageParts } from '../settings/StorageParts.tsx';

/** What is stored, to delete some of it, over whichever screen met the limit. */
export default function FreeSpace({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title="Free space" closeButtonProps={{ 'aria-label': 'Close' }}>
      <StorageParts />
    </Modal>
  );
}
