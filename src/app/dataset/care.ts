import { createStore } from 'zustand/vanilla';
import type { CareReport } from '../../core/data-care.ts';

export type { CareReport } from '../../core/data-care.ts';

/** What was found in the open data set; of this visit. */
export interface CareState {
  readonly status: 'none' | 'working' | 'done';
  /** The weights whose embeddings were compared. */
  readonly weightsId: string | null;
  readonly report: CareReport | null;
}

export const createCareStore = () =>
  createStore<CareState>()(() => ({ status: 'none', weightsId: null, report: null }));
