import { createStore } from 'zustand/vanilla';

export interface StartedState {
  /** What is stored of the open data set was read, or could not be: from now on the screens show what there is. */
  readonly started: boolean;
}

export const startedStore = createStore<StartedState>()(() => ({ started: false }));
