import { aborted } from '../errors.ts';

const last = new Map<string, Promise<unknown>>();

/** Does work of the same name one after the other. Whoever is cancelled while it waits does not wait any longer. */
export function inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = last.get(name) ?? Promise.resolve();
  const mine = before.then(() => {
    if (signal.aborted) throw aborted();
    begun = true;
    return work();
  });
  let begun = false;
  const settled = mine.catch(() => {});
  last.set(name, settled);
  void settled.then(() => {
    if (last.get(name) === settled) last.delete(name);
  });
  return new Promise((resolve, reject) => {
    mine.then(resolve, reject);
    // Work that has begun ends by itself: nothing goes on behind the caller's back.
    signal.addEventListener('abort', () => {
      if (!begun) reject(aborted());
    });
  });
}
