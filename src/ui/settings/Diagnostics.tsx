import { Button, Checkbox } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { ScrollBox } from '../components/ScrollBox.tsx';
import { useActions } from '../workspace.tsx';
import { Section } from './Section.tsx';
import styles from './SettingsScreen.module.css';

/** What helps to find the cause of a failure; the user sees what they copy. */
export function Diagnostics() {
  const { diagnostics } = useActions();
  const [text, setText] = useState<string | null>(null);
  const [messages, setMessages] = useState(false);
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <Section title="Diagnostics">
      <p className={styles.text}>
        Versions, graphics card, limits and the last errors, to be copied into a report of a fault. No images, and no
        file names unless you tick them.
      </p>
      <Checkbox
        size="xs"
        label="With the errors’ full messages, which may name files"
        checked={messages}
        onChange={(event) => {
          setMessages(event.currentTarget.checked);
          // What is shown must never hold more than what is ticked.
          setText(null);
        }}
      />
      <div className={styles.controls}>
        <Button size="xs" variant="default" onClick={() => void diagnostics({ messages }).then(setText)}>
          {text === null ? 'Show diagnostics' : 'Refresh'}
        </Button>
        {text === null ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={
              clipboard.copied ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />
            }
            onClick={() => clipboard.copy(text)}
          >
            <span aria-live="polite">{clipboard.copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </div>
      {text === null ? null : (
        <ScrollBox label="Diagnostics" style={{ maxHeight: 320 }}>
          <pre className={styles.diagnostics}>{text}</pre>
        </ScrollBox>
      )}
    </Section>
  );
}
