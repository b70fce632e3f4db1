import { createStore } from 'zustand/vanilla';
import type { EngineChoice } from '../../types.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** Ways to write numbers: the browser's, or one of the usual ones. */
export const NUMBER_LANGUAGES = ['auto', 'en', 'de', 'de-CH', 'fr', 'es', 'en-IN'] as const;
export type NumberLanguage = (typeof NUMBER_LANGUAGES)[number];

/** One thing among what this origin keeps that can be deleted by itself. */
export interface StorageItem {
  /** A data set's id, a features key, or a set of weights. */
  readonly id: string;
  readonly label: string;
  readonly bytes: number;
  readonly entries: number;
}

/** One part of what this origin keeps in the browser. */
export interface StoragePart {
  readonly id: 'datasets' | 'features' | 'weights' | 'thumbnails' | 'queries';
  readonly label: string;
  readonly bytes: number;
  readonly entries: number;
  /** Empty where the part goes as a whole. */
  readonly items: readonly StorageItem[];
}

export interface SettingsState {
  readonly theme: Theme;
  readonly numbers: NumberLanguage;
  readonly engine: EngineChoice;
  /** Number of WASM workers; null for one a core. */
  readonly workers: number | null;
  /** WASM in place of the engine chosen, until that is chosen again: the user's answer to a graphics card that failed. */
  readonly wasmInstead: boolean;
  readonly storage: {
    readonly usedBytes: number | null;
    readonly quotaBytes: number | null;
    readonly persisted: boolean | null;
    /** False where downloaded weights last only until the tab is closed. */
    readonly weightsLast: boolean;
    readonly parts: readonly StoragePart[];
  };
}

export const settingsStore = createStore<SettingsState>()(() => ({
  theme: 'auto',
  numbers: 'auto',
  engine: 'auto',
  workers: null,
  wasmInstead: false,
  storage: { usedBytes: null, quotaBytes: null, persisted: null, weightsLast: true, parts: [] },
}));

/** Whether the list of weights of the app's own server was read; not where the app was started without its server. */
export const originListStore = createStore<{ readonly listed: boolean }>()(() => ({ listed: false }));
