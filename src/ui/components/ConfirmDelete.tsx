import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './screen.module.css';

interface ConfirmDeleteProps {
  readonly opened: boolean;
  readonly title: string;
  /** What goes, what stays, and what it would take to have it again. */
  readonly children: ReactNode;
  /** The button's words: "Delete the data set". */
  readonly confirm: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** The only action that the app asks the user to confirm: deleted work cannot be recovered. */
export function ConfirmDelete({ opened, title, children, confirm, onConfirm, onClose }: ConfirmDeleteProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles.question}>{children}</div>
      <div className={styles.answers}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button
          color="red.9"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
      </div>
    </Modal>
  );
}
