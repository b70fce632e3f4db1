import { deleteDB } from 'idb';
import { onTestFinished } from 'vitest';
import { type Database, type DatabaseOptions, openDatabase } from '../../../src/storage/database.ts';

let made = 0;

/** A name that no other test has; its database is deleted when the test ends. */
export function freshName(): string {
  const name = `test-${Date.now()}-${made++}`;
  onTestFinished(() => deleteDB(name));
  return name;
}

/** A connection that is closed when the test ends. */
export function connectTo(name: string, options?: DatabaseOptions): Database {
  const database = openDatabase(name, options);
  onTestFinished(() => database.close());
  return database;
}

export const freshDatabase = (): Database => connectTo(freshName());

/** Hashes as SHA-256 gives them: long and in no order. */
export function fakeHashes(count: number): string[] {
  return Array.from({ length: count }, (_, i) => ((i * 2654435761) % 2 ** 32).toString(16).padStart(64, '0'));
}

/** The longest main-thread task while `work` ran, in ms (tasks under 50 ms count as 0), and how long it all took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number; longestTask: number }> {
  let longestTask = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  const start = performance.now();
  const result = await work();
  const ms = Math.round(performance.now() - start);
  // Entries arrive after the task that they describe.
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  return { result, ms, longestTask: Math.round(longestTask) };
}
