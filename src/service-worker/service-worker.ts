/**
 * Keeps the built app, so that it starts without a network. One version answers all pages until the user takes the
 * next one; weights, and whatever else is not part of the build, go past it.
 */
import { answerFrom, forgetOldVersions, keepVersion, pathBelow, type Version } from './version.ts';

declare const self: ServiceWorkerScope;

/** The build writes the version in here (scripts/offline/service-worker-plugin.ts). */
const version: Version = JSON.parse('__LIKENESS_VERSION__');

self.addEventListener('install', (event) =>
  event.waitUntil(keepVersion(version, self.registration.scope, caches, (...request) => fetch(...request))),
);

self.addEventListener('activate', (event) =>
  // Claimed, so that the first visit is enough for the next one to need no network.
  event.waitUntil(forgetOldVersions(version, caches).then(() => self.clients.claim())),
);

self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathBelow(request.url, self.registration.scope);
  const ours = path !== null && (path === 'index.html' || path in version.files || path.startsWith('assets/'));
  if (request.method !== 'GET' || request.headers.has('range') || !ours) return;
  event.respondWith(
    answerFrom(version, request.url, self.registration.scope, caches).then((kept) => kept ?? fetch(request)),
  );
});

/** What this worker uses of its global scope. The program is typed for pages, whose library has no service workers' side. */
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LastingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

interface LastingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends LastingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
