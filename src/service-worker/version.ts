/** One build of the app, as its service worker keeps it. */
export interface Version {
  /** Digest of everything below: another byte anywhere, another version. */
  readonly id: string;
  /** Paths below the app's folder ('' for the page itself), each with the SHA-256 of its bytes in lower-case hex. */
  readonly files: Readonly<Record<string, string>>;
}

const PREFIX = 'likeness-app-';
/** Files that are fetched side by side. */
const LANES = 6;

export const cacheName = ({ id }: Version) => `${PREFIX}${id}`;

/**
 * Keeps every file of a version, each verified by its digest: a server in the middle of an update, a proxy or an old HTTP
 * cache cannot mix two builds. What an earlier version holds already is not fetched again. Throws where a file is
 * missing or is another one; nothing is kept then, and the version before goes on answering.
 */
export async function keepVersion(
  version: Version,
  scope: string,
  storage: CacheStorage,
  ask: typeof fetch,
): Promise<void> {
  const earlier = await appCaches(storage);
  const cache = await storage.open(cacheName(version));
  const waiting = Object.entries(version.files);
  const lane = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [path, digest] = next;
      const url = new URL(path, scope).href;
      await cache.put(url, (await keptBefore(url, digest, earlier)) ?? (await fetched(url, digest, ask)));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    await storage.delete(cacheName(version));
    throw error;
  }
}

/**
 * The answer to a request for one of the app's own files: of this version, else (a page of the version before loads a
 * part that it did not need until now) of the one that is kept beside it. Null for what is not the app's.
 */
export async function answerFrom(
  version: Version,
  url: string,
  scope: string,
  storage: CacheStorage,
): Promise<Response | null> {
  const path = pathBelow(url, scope);
  if (path === null) return null;
  const name = new URL(path === 'index.html' ? '' : path, scope).href;
  const wanted = path === 'index.html' || path in version.files;
  // Asked first: to open it would make an empty one of what the user has deleted.
  if (wanted && (await storage.has(cacheName(version)))) {
    const found = await (await storage.open(cacheName(version))).match(name);
    if (found) return found;
  }
  // Only names that carry their content's digest mean the same thing in every version.
  if (!path.startsWith('assets/')) return null;
  for (const cache of await appCaches(storage)) {
    const old = await cache.match(name);
    if (old) return old;
  }
  return null;
}

/** Deletes all versions but this one and the newest of the others, which pages that are open may still be made of. */
export async function forgetOldVersions(version: Version, storage: CacheStorage): Promise<void> {
  const others = (await storage.keys()).filter((name) => name.startsWith(PREFIX) && name !== cacheName(version));
  await Promise.all(others.slice(0, -1).map((name) => storage.delete(name)));
}

/** A URL's path below the app's folder, null for one elsewhere; the query is left out, since no file depends on it. */
export function pathBelow(url: string, scope: string): string | null {
  const { origin, pathname } = new URL(url);
  const root = new URL(scope);
  return origin === root.origin && pathname.startsWith(root.pathname) ? pathname.slice(root.pathname.length) : null;
}

async function appCaches(storage: CacheStorage): Promise<Cache[]> {
  const names = (await storage.keys()).filter((name) => name.startsWith(PREFIX));
  return Promise.all(names.map((name) => storage.open(name)));
}

async function keptBefore(url: string, digest: string, earlier: readonly Cache[]): Promise<Response | null> {
  for (const cache of earlier) {
    const response = await cache.match(url);
    if (response && (await digestOf(response.clone())) === digest) return response;
  }
  return null;
}

async function fetched(url: string, digest: string, ask: typeof fetch): Promise<Response> {
  const response = await ask(url, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
  if ((await digestOf(response.clone())) !== digest) throw new Error(`${url} is not the file of this version.`);
  // A page may not be answered with what was redirected; its bytes are right.
  return response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response;
}

async function digestOf(response: Response): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
