import { Button, Loader } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import styles from './Export.module.css';

interface ExportRowProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** What is in the file and what it is for. */
  readonly text: ReactNode;
  readonly options?: ReactNode;
  readonly buttons: ReactNode;
}

export function ExportRow({ icon, title, text, options = null, buttons }: ExportRowProps) {
  const id = useId();
  return (
    <section className={styles.row} aria-labelledby={id}>
      <div>
        <h2 id={id} className={styles.title}>
          {icon}
          {title}
        </h2>
        <p className={styles.text}>{text}</p>
      </div>
      <div className={styles.controls}>
        {options === null ? null : <div className={styles.options}>{options}</div>}
        <div className={styles.buttons}>{buttons}</div>
      </div>
    </section>
  );
}

interface SaveButtonProps {
  /** "Save report". */
  readonly children: string;
  readonly disabled?: boolean;
  /** Ends when the file is saved, or has failed, or was cancelled. */
  readonly onSave: () => Promise<void> | void;
}

/** Writes a file. While it is being written the button keeps its place and the focus, and does nothing. */
export function SaveButton({ children, disabled = false, onSave }: SaveButtonProps) {
  const [busy, setBusy] = useState(false);
  const writing = useRef(false);

  const save = async (): Promise<void> => {
    if (writing.current) return;
    writing.current = true;
    setBusy(true);
    try {
      await onSave();
    } finally {
      writing.current = false;
      setBusy(false);
    }
  };

  return (
    <Button
      size="xs"
      variant="default"
      disabled={disabled}
      aria-busy={busy}
      leftSection={
        busy ? <Loader size={14} color="gray" aria-hidden="true" /> : <IconDownload size={16} aria-hidden="true" />
      }
      onClick={() => void save()}
    >
      {children}
    </Button>
  );
}
