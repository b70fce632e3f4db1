import { createStore } from 'zustand/vanilla';
import type { Progress } from '../types.ts';

export type Screen = 'data' | 'models' | 'comparison' | 'search' | 'dashboard' | 'settings';

/** One long operation that runs now. */
export interface Activity {
  readonly id: number;
  readonly screen: Screen;
  /** "Reading images", "Downloading ResNet-50", "Embedding with ResNet-50". */
  readonly stage: string;
  readonly unit: 'files' | 'images' | 'bytes' | 'points' | 'epochs';
  /** Null until the first report. */
  readonly progress: Progress | null;
  readonly cancel: () => void;
}

/** A failure, or something that went otherwise than planned, shown where it happened until dismissed. */
export interface Failure {
  readonly id: number;
  /** Null: on every screen. */
  readonly screen: Screen | null;
  /** `wrong`: something ended. `warning`: it goes on, otherwise than planned. */
  readonly tone: 'wrong' | 'warning';
  /** What happened, what was kept, what to do. */
  readonly message: string;
  /** The one button that does what is to be done. */
  readonly remedy: { readonly label: string; readonly run: () => void } | null;
}

export interface ActivityState {
  readonly running: readonly Activity[];
  readonly failures: readonly Failure[];
}

export const activityStore = createStore<ActivityState>()(() => ({ running: [], failures: [] }));

export function dismissFailure(id: number): void {
  activityStore.setState(({ failures }) => ({ failures: failures.filter((failure) => failure.id !== id) }));
}
