import { aborted } from '../errors.ts';

/** Does work of the same name one after the other. What is cancelled while it waits does not wait any longer. `onWait` is called where other work comes first. */
export type InTurn = <T>(name: string, signal: AbortSignal, work: () => Promise<T>, onWait?: () => void) => Promise<T>;

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (name, signal, work, onWait) => {
    const before = last.get(name) ?? Promise.resolve();
    if (last.has(name)) onWait?.();
    let started = false;
    const mine = before.then(() => {
      if (signal.aborted) throw aborted();
      started = true;
      return work();
    });
    const settled = mine.catch(() => {});
    last.set(name, settled);
    void settled.then(() => {
      if (last.get(name) === settled) last.delete(name);
    });
    return new Promise((resolve, reject) => {
      mine.then(resolve, reject);
      // Work that has started runs to its end: nothing goes on behind the caller's back.
      signal.addEventListener('abort', () => {
        if (!started) reject(aborted());
      });
    });
  };
}

/** Runs one at a time; of those requested meanwhile, only the last, once the current one is done. Resolves when all are done. */
export function latestOnly<T>(work: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let waiting: { readonly value: T } | null = null;
  let working: Promise<void> | null = null;
  const workOff = async (): Promise<void> => {
    try {
      while (waiting) {
        const { value } = waiting;
        waiting = null;
        await work(value);
      }
    } finally {
      working = null;
    }
  };
  return (value) => {
    waiting = { value };
    working ??= Promise.resolve().then(workOff);
    return working;
  };
}
