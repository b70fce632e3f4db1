import { Button } from '@mantine/core';
import styles from './image.module.css';
import type { ImageAction } from './image-actions.ts';

interface ActionButtonsProps {
  readonly actions: readonly ImageAction[];
  /** Whether the first of them gets the focus when a dialog opens with them. */
  readonly focused?: boolean;
}

/** What can be done with an image, one below the other, each with its key. */
export function ActionButtons({ actions, focused = false }: ActionButtonsProps) {
  return (
    <div className={styles.actions}>
      {actions.map(({ label, onPress, icon, shortcut, disabled = false }, i) => (
        <Button
          key={label}
          variant="default"
          size="xs"
          fullWidth
          justify="space-between"
          leftSection={icon}
          rightSection={shortcut === undefined ? undefined : <kbd className={styles.key}>{shortcut}</kbd>}
          aria-label={label}
          aria-keyshortcuts={shortcut}
          aria-disabled={disabled}
          {...(disabled ? { 'data-disabled': true } : {})}
          {...(i === 0 && focused ? { 'data-autofocus': true } : {})}
          onClick={() => {
            if (!disabled) onPress();
          }}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
