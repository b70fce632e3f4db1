import { Button } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import styles from './image.module.css';

/** Something that can be done with the image in focus. */
export interface ImageAction {
  /** "Search with it". */
  readonly label: string;
  readonly onPress: () => void;
  readonly icon?: ReactNode;
  /** The key that does it while the image, or its enlargement, has the focus. */
  readonly shortcut?: string;
  /** Stays in sight and in the tab order where it cannot be done. */
  readonly disabled?: boolean;
}

/** The same keys on every screen that shows images. */
export const IMAGE_KEYS = { search: 's', setClass: 'c', exclude: 'x' } as const;

/** What each key does, for those who read it. Where images can be selected, Space selects; elsewhere it enlarges as Enter does. */
const KEYS = [
  { key: 'Enter', does: 'enlarges', only: null },
  { key: 'Space', does: 'selects', only: 'selectable' },
  { key: IMAGE_KEYS.search.toUpperCase(), does: 'searches with it', only: null },
  { key: IMAGE_KEYS.setClass.toUpperCase(), does: 'sets the class', only: null },
  { key: IMAGE_KEYS.exclude.toUpperCase(), does: 'excludes', only: null },
] as const;

/** The keys of an image that can be selected, or cannot. */
const imageKeys = (selectable: boolean) => KEYS.filter(({ only }) => only === null || selectable);

/** "Enter enlarges, S searches with it, C sets the class, X excludes" */
export const imageKeyWords = (selectable: boolean): string =>
  imageKeys(selectable)
    .map(({ key, does }) => `${key} ${does}`)
    .join(', ');

interface PressedKey {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly target: EventTarget | null;
}

/** Whether the key belongs to what is being typed or chosen there. */
export function isTyped({ target }: Pick<PressedKey, 'target'>): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="listbox"]') !== null
  );
}

/** What a key does to the image in focus; null where it does nothing. */
function actionOfKey(actions: readonly ImageAction[], pressed: PressedKey): ImageAction | null {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || isTyped(pressed)) return null;
  const key = pressed.key.toLowerCase();
  return actions.find(({ shortcut, disabled }) => shortcut === key && disabled !== true) ?? null;
}

/** Does what the key does to the image in focus; whether it does anything. */
export function pressImageKey(
  actions: readonly ImageAction[],
  pressed: PressedKey & { readonly preventDefault: () => void },
): boolean {
  const action = actionOfKey(actions, pressed);
  if (action === null) return false;
  pressed.preventDefault();
  action.onPress();
  return true;
}

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

interface ImageKeysProps {
  /** What moves the focus among the images: "arrows". */
  readonly move?: string;
  /** Whether images can be selected there. */
  readonly selectable?: boolean;
}

/** The keys of the image in focus, in one line; not shown where there is no keyboard, or no room. */
export function ImageKeys({ move, selectable = false }: ImageKeysProps) {
  return (
    <span className={styles.keys}>
      Keys: {move === undefined ? '' : `${move}, `}
      {imageKeys(selectable).map(({ key, does }, i) => (
        <Fragment key={key}>
          {i === 0 ? '' : ', '}
          <kbd>{key}</kbd> {does}
        </Fragment>
      ))}
      .
    </span>
  );
}
