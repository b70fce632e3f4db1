import { createStore } from 'zustand/vanilla';
import type { AppError, ErrorCode } from '../../errors.ts';

/** What is the matter with storing; it concerns every screen. */
export interface StorageTrouble {
  /**
   * `memory`: everything lasts only until the tab is closed. `full`: there is no room. `newer`: what is stored is of a
   * newer version. `blocked`: another tab is in the way. `deleted`: what was stored is there no more.
   */
  readonly kind: 'memory' | 'full' | 'newer' | 'blocked' | 'deleted';
  /** What happened, what was kept, what to do. */
  readonly message: string;
}

export const storageTroubleStore = createStore<{
  readonly trouble: StorageTrouble | null;
  /** Bytes that wait in this tab for room. */
  readonly unstoredBytes: number;
}>()(() => ({ trouble: null, unstoredBytes: 0 }));

const kinds: Partial<Record<ErrorCode, StorageTrouble['kind']>> = {
  'storage-full': 'full',
  'storage-version': 'newer',
  'storage-blocked': 'blocked',
  'storage-deleted': 'deleted',
};

/** Shows on every screen what the error says of storing. Whether that has said it all. */
export function noticeTrouble({ code, message }: AppError): boolean {
  const kind = kinds[code];
  if (!kind) return false;
  storageTroubleStore.setState({ trouble: { kind, message } });
  // What had no room was a step of some work, which says on its own screen where it stopped.
  return kind !== 'full';
}

export function noticeMemory({ message }: AppError): void {
  storageTroubleStore.setState({ trouble: { kind: 'memory', message } });
}
