import type { ReactNode } from 'react';

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

/** The same keys on every screen that shows images. Enter and Space enlarge. */
export const IMAGE_KEYS = { search: 's', exclude: 'x', setClass: 'c' } as const;

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
export function actionOfKey(actions: readonly ImageAction[], pressed: PressedKey): ImageAction | null {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || isTyped(pressed)) return null;
  const key = pressed.key.toLowerCase();
  return actions.find(({ shortcut, disabled }) => shortcut === key && disabled !== true) ?? null;
}
