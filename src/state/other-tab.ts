import { createStore } from 'zustand/vanilla';
import type { Activity } from './activity.ts';

/** Work of another tab, as it tells of it. */
export type RemoteActivity = Pick<Activity, 'stage' | 'unit' | 'progress'>;

export interface OtherTabState {
  /** What another tab does with the open data set; null where none works on it, empty until it has said. */
  readonly working: readonly RemoteActivity[] | null;
  /** This tab waits for the other one to let go. */
  readonly takingOver: boolean;
}

export const otherTabStore = createStore<OtherTabState>()(() => ({ working: null, takingOver: false }));
