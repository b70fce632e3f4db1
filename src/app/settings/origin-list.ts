import { createStore } from 'zustand/vanilla';

/** Whether the list of weights of the app's own server was read; not where the app was started without its server. */
export const originListStore = createStore<{ readonly listed: boolean }>()(() => ({ listed: false }));
