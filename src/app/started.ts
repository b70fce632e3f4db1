import { createStore } from 'zustand/vanilla';

/** Whether a program drives this page: it says itself what is to be computed. */
export const isAutomated = (): boolean => new URLSearchParams(location.search).has('automation');

export interface StartedState {
  /** What is stored of the open data set was read, or could not be: from now on the screens show what there is. */
  readonly started: boolean;
}

export const startedStore = createStore<StartedState>()(() => ({ started: false }));
