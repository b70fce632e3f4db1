import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import type { Weights } from '../../types.ts';
import { useActions } from '../workspace.tsx';
import styles from './models.module.css';

/** Lists a set of weights once more: at another input size, or with features of image and mirror image. */
export function VariantForm({ weights }: { readonly weights: Weights }) {
  const { listVariant } = useActions();
  const [opened, setOpened] = useState(false);
  const [size, setSize] = useState('');
  const [flip, setFlip] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const problemId = useId();

  async function add(event: FormEvent) {
    event.preventDefault();
    const pixels = /^\d{1,4}$/.test(size.trim()) ? Number(size) : null;
    if (size.trim() !== '' && pixels === null) {
      setProblem('The size is a number of pixels, such as 288.');
      return;
    }
    const why = await listVariant(weights.id, { size: pixels, flip });
    setProblem(why);
    if (why === null) setOpened(false);
  }

  return (
    <Popover width={280} position="bottom-end" withArrow trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label={`List ${weights.label} with other options`}
          title="Another input size, mirror images"
          onClick={() => setOpened(!opened)}
        >
          <IconAdjustments size={18} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <form className={styles.variant} onSubmit={(event) => void add(event)}>
          <TextInput
            size="xs"
            label="Input size"
            description="In pixels; empty for the weights’ own. Larger ones take longer by their square."
            inputMode="numeric"
            maxLength={5}
            value={size}
            aria-describedby={problemId}
            onChange={(event) => setSize(event.currentTarget.value)}
          />
          <Checkbox
            size="xs"
            label="Average with the mirror image"
            description="Takes twice the time. Seldom worth much: validation tells."
            checked={flip}
            onChange={(event) => setFlip(event.currentTarget.checked)}
          />
          <p id={problemId} role="status" className={styles.problem} hidden={problem === null}>
            {problem}
          </p>
          <Button type="submit" size="xs">
            Add to the list
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
