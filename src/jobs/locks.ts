import { createEvents } from '../events.ts';

/**
 * One tab works on a thing at a time. The browser frees a lock by itself when its tab is closed or crashes: a job that
 * is started in the journal and not locked was interrupted.
 */
export interface Locks {
  /** Takes the lock where no other tab has it. Call what it resolves to when done; null where another tab works. */
  hold(what: string): Promise<(() => void) | null>;
  /** Waits for the lock, and in the end takes it: for a tab that was told to take over. */
  holdInTurn(what: string, patienceMs?: number): Promise<() => void>;
  /** Whether this tab has it. */
  holds(what: string): boolean;
  heldElsewhere(what: string): Promise<boolean>;
  /** Told when this tab takes a lock, frees it, or loses it to another tab that had waited long enough. */
  on(listener: (event: LockEvent) => void): () => void;
}

export interface LockEvent {
  readonly kind: 'held' | 'freed' | 'lost';
  readonly lock: string;
}

/** Milliseconds that a tab that was asked to let go may take before its lock is taken from it: it may be frozen. */
const PATIENCE_MS = 30_000;

interface Held {
  /** Several jobs of one tab may work on the same thing. */
  holders: number;
  /** Whether the browser has given it to this tab. */
  mine: boolean;
  readonly granted: Promise<boolean>;
  readonly free: () => void;
}

/** Missing on plain http, where tabs cannot know of each other. */
const available = () => 'navigator' in globalThis && 'locks' in navigator;

/** Web Locks whose names start with `prefix`. */
export function createLocks(prefix: string): Locks {
  const held = new Map<string, Held>();
  /** Locks that were freed, until the browser has taken note. */
  const ending = new Map<string, Promise<void>>();
  const { on, tell } = createEvents<LockEvent>();
  const nameOf = (what: string) => `${prefix}:${what}`;
  const holds = (what: string): boolean => held.get(what)?.mine ?? false;

  async function take(what: string, options: LockOptions): Promise<(() => void) | null> {
    if (!available()) return () => {};
    await ending.get(what);
    const lock = held.get(what) ?? request(what, options);
    lock.holders++;
    if (!(await lock.granted)) return null;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      lock.holders--;
      if (lock.holders === 0) lock.free();
    };
  }

  function request(what: string, options: LockOptions): Held {
    let resolveEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      resolveEnded = resolve;
    });
    let answer: (granted: boolean) => void = () => {};
    const granted = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    const requested = navigator.locks
      .request(nameOf(what), options, (found) => {
        if (!found) return undefined;
        lock.mine = true;
        answer(true);
        tell({ kind: 'held', lock: what });
        return ended;
      })
      .then(
        () => 'freed' as const,
        () => 'lost' as const,
      )
      .then((kind) => {
        if (held.get(what) === lock) held.delete(what);
        ending.delete(what);
        answer(false);
        if (lock.mine) tell({ kind, lock: what });
      });
    const lock: Held = {
      holders: 0,
      mine: false,
      granted,
      free() {
        // Where another tab took it by force, a later request of this tab may be the one that is held.
        if (held.get(what) === lock) {
          held.delete(what);
          ending.set(what, requested);
        }
        resolveEnded();
      },
    };
    held.set(what, lock);
    return lock;
  }

  return {
    hold: (what) => take(what, { ifAvailable: true }),
    async holdInTurn(what, patienceMs = PATIENCE_MS) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), patienceMs);
      try {
        const release = await take(what, { signal: patience.signal });
        if (release) return release;
      } finally {
        clearTimeout(timer);
      }
      return (await take(what, { steal: true })) ?? (() => {});
    },
    holds,
    async heldElsewhere(what) {
      await ending.get(what);
      if (holds(what) || !available()) return false;
      const { held: all = [] } = await navigator.locks.query();
      return all.some(({ name }) => name === nameOf(what));
    },
    on,
  };
}
