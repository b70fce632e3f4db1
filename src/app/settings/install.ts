import { createStore } from 'zustand/vanilla';
import { toAppError } from '../../errors.ts';
import { jobs } from '../jobs/jobs.ts';

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

/** A tab that stays open for days asks for a new version this often at most, when it is looked at again. */
const ASK_EVERY_MS = 60 * 60 * 1000;

/** Chromium's event by which a page may offer its installation; no library of types has it. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

let waiting: ServiceWorker | null = null;
let offer: InstallOffer | null = null;
/** Set by the press that asks for the new version: this tab alone is then loaded again. */
let takingOver = false;

/**
 * Keeps the app for visits without a network and watches for new versions. Only builds do: the development server's
 * files change under it. What fails here takes nothing away from the app.
 */
export function keepOffline(): void {
  addEventListener('beforeinstallprompt', (event) => {
    // The browser's own banner would come at a moment of its choosing; the settings offer it instead.
    event.preventDefault();
    if (isOffer(event)) offer = event;
    installationStore.setState({ installable: offer !== null });
  });
  addEventListener('appinstalled', () => installationStore.setState({ installable: false }));
  // The headless runner opens the app once, in a profile that is thrown away.
  const once = new URLSearchParams(location.search).has('automation');
  const built = import.meta.env.MODE === 'production';
  if (once || !built || !('serviceWorker' in navigator)) return;
  installationStore.setState({ offline: 'preparing' });
  const hadController = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    installationStore.setState({ offline: 'ready' });
    if (takingOver) location.reload();
    // At the first visit the kept version is the one that runs.
    else if (hadController) installationStore.setState({ update: 'taken' });
  });
  register().catch((error) => {
    jobs.record(toAppError(error));
    installationStore.setState({ offline: hadController ? 'ready' : 'failed' });
  });
}

async function register(): Promise<void> {
  const address = new URL('service-worker.js', document.baseURI);
  // Never from the HTTP cache: an old service worker would keep an old app alive.
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  if (registration.active) installationStore.setState({ offline: 'ready' });
  if (registration.waiting) offerUpdate(registration.waiting);
  if (registration.installing) watch(registration.installing);
  registration.addEventListener('updatefound', () => {
    if (registration.installing) watch(registration.installing);
  });
  let asked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || Date.now() - asked < ASK_EVERY_MS) return;
    asked = Date.now();
    // Without a network no update can be found.
    registration.update().catch(() => {});
  });
}

function watch(worker: ServiceWorker): void {
  worker.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) offerUpdate(worker);
    if (worker.state === 'activated') installationStore.setState({ offline: 'ready' });
    if (worker.state === 'redundant' && installationStore.getState().offline === 'preparing') {
      installationStore.setState({ offline: 'failed' });
    }
  });
}

function offerUpdate(worker: ServiceWorker): void {
  waiting = worker;
  installationStore.setState({ update: 'ready' });
}

/** Takes the new version; the page is loaded again with it. What is computed is stored already. */
export function takeUpdate(): void {
  if (waiting === null || installationStore.getState().update === 'taken') {
    location.reload();
    return;
  }
  takingOver = true;
  waiting.postMessage('take-over');
}

/** Opens the browser's own question whether to install the app. */
export async function installApp(): Promise<void> {
  await offer?.prompt().catch(() => {});
  offer = null;
  installationStore.setState({ installable: false });
}

const isOffer = (event: Event): event is InstallOffer => 'prompt' in event;
