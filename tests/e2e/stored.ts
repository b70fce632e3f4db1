import type { Page } from 'playwright';

/** What a journey computes; times that were measured are left out, since no two runs agree on them. */
const STORES = ['files', 'features', 'heads', 'runs', 'outcomes', 'neighbours'] as const;

/** Every stored row as a digest, by store and key: equal records, equal results. */
export function storedDigests(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async (stores) => {
    // `mark` is when a file was read, and which: a data set's file does not take it along.
    const measured = ['milliseconds', 'timing', 'madeAt', 'imagesPerSecond', 'mark'];
    const opening = indexedDB.open('likeness');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const digests: Record<string, string> = {};
    for (const name of stores) {
      const store = database.transaction(name).objectStore(name);
      const [keys, rows] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
      for (const [i, key] of keys.entries()) {
        const text = JSON.stringify(rows[i], (property, value: unknown) => {
          if (measured.includes(property)) return undefined;
          if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
          // Equal records may have been put together in another order.
          return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
        });
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
        digests[`${name} ${JSON.stringify(key)}`] = Array.from(new Uint8Array(digest).slice(0, 8)).join(' ');
      }
    }
    database.close();
    return digests;
  }, STORES);
}

/** Kinds of the jobs that the journal has as started and not ended. */
export function startedJobs(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const known = await indexedDB.databases();
    if (!known.some(({ name, version }) => name === 'likeness' && (version ?? 0) >= 3)) return [];
    const opening = indexedDB.open('likeness');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const reading = database.transaction('journal').objectStore('journal').getAll();
    const entries = await new Promise<{ state: string; task: { kind: string } }[]>((resolve, reject) => {
      reading.onsuccess = () => resolve(reading.result);
      reading.onerror = () => reject(reading.error);
    });
    database.close();
    return entries.flatMap(({ state, task }) => (state === 'begun' ? [task.kind] : []));
  });
}
