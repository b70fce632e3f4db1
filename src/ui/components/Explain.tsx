import { ActionIcon, Popover } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import styles from './screen.module.css';

interface ExplainProps {
  /** The term: "top-10". */
  readonly term: string;
  readonly children: ReactNode;
}

/** The explanation of a term at hand: opens on a press, by mouse, touch or keyboard, and closes on Escape. */
export function Explain({ term, children }: ExplainProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover width={300} position="bottom" withArrow opened={opened} onChange={setOpened}>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          className={styles.explainButton}
          aria-label={`What ${term} means`}
          onClick={() => setOpened(!opened)}
          onKeyDown={(event) => {
            // The focus stays on the button, where Popover does not listen.
            if (event.key === 'Escape') setOpened(false);
          }}
        >
          <IconInfoCircle size={16} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.explanation}>{children}</Popover.Dropdown>
    </Popover>
  );
}

/** Frozen, fine-tuned, ensemble: the words that stand on several screens. */
export function FrozenExplanation() {
  return (
    <Explain term="frozen">
      <p>The backbone’s features as they are, with unit length. Nothing is trained.</p>
    </Explain>
  );
}

export function FinetunedExplanation() {
  return (
    <Explain term="fine-tuned">
      <p>
        A head, a projection to 512 numbers, is trained on the training images’ features; the backbone stays as it is.
      </p>
    </Explain>
  );
}

export function EnsembleExplanation() {
  return (
    <Explain term="ensemble">
      <p>
        Two or more models together. Concat: their embeddings side by side, so that similarities are averaged. Mean:
        their 512 numbers averaged. Shared: their heads are trained together, then averaged.
      </p>
    </Explain>
  );
}
