import { createStore } from 'zustand/vanilla';

export interface InstallationState {
  /**
   * Whether the app starts without a network. `none`: this browser, address or build does not allow it; `failed`: it was
   * tried and did not work, and will be tried again at the next visit.
   */
  readonly offline: 'none' | 'preparing' | 'ready' | 'failed';
  /**
   * `ready`: another version is kept and waits; `taken`: another tab has taken it, this one is still made of the version
   * before.
   */
  readonly update: 'none' | 'ready' | 'taken';
  /** The browser offers to install the app. */
  readonly installable: boolean;
}

export const installationStore = createStore<InstallationState>()(() => ({
  offline: 'none',
  update: 'none',
  installable: false,
}));
