import { createStore } from 'zustand/vanilla';
import type { EngineChoice } from '../types.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** One part of what this origin keeps in the browser. */
export interface StoragePart {
  readonly id: 'weights' | 'features' | 'thumbnails' | 'datasets' | 'queries';
  readonly label: string;
  readonly bytes: number;
  readonly entries: number;
}

export interface SettingsState {
  readonly theme: Theme;
  readonly engine: EngineChoice;
  /** Number of WASM workers; null for one a core. */
  readonly workers: number | null;
  /** WASM in place of the engine chosen, until that is chosen anew: the person's answer to a graphics card that failed. */
  readonly wasmInstead: boolean;
  readonly storage: {
    readonly usedBytes: number | null;
    readonly quotaBytes: number | null;
    readonly persisted: boolean | null;
    readonly parts: readonly StoragePart[];
  };
}

export const settingsStore = createStore<SettingsState>()(() => ({
  theme: 'auto',
  engine: 'auto',
  workers: null,
  wasmInstead: false,
  storage: { usedBytes: null, quotaBytes: null, persisted: null, parts: [] },
}));
