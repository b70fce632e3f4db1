/**
 * One tab works on a data set (or downloads a set of weights) at a time. The browser lets go of a lock by itself when
 * its tab is closed or crashes: whatever is begun in the journal and locked by nobody was interrupted.
 */

/** Milliseconds that a tab that was asked to let go may take before its lock is taken from it: it may be frozen. */
const PATIENCE_MS = 30_000;

interface Held {
  /** Several tasks of one tab may work on the same thing. */
  holders: number;
  /** Whether the browser has given it to this tab. */
  mine: boolean;
  readonly granted: Promise<boolean>;
  readonly letGo: () => void;
}

const held = new Map<string, Held>();
/** Locks that were let go of, until the browser has taken note. */
const ending = new Map<string, Promise<void>>();
const watchers = new Set<(what: string, event: 'held' | 'let-go' | 'lost') => void>();

/** Told when this tab takes a lock, lets go of it, or loses it to another tab that had waited long enough. */
export function watchLocks(watcher: (what: string, event: 'held' | 'let-go' | 'lost') => void): void {
  watchers.add(watcher);
}

function tell(what: string, event: 'held' | 'let-go' | 'lost'): void {
  for (const watcher of watchers) watcher(what, event);
}

const nameOf = (what: string) => `likeness-work:${what}`;

/** Missing on plain http. */
const available = () => 'locks' in navigator;

/** Takes the lock where no other tab has it. Call what it resolves to when done; null where another tab works. */
export function hold(what: string): Promise<(() => void) | null> {
  return take(what, { ifAvailable: true });
}

/** Waits for the lock, and in the end takes it: for a tab that was told to take over. */
export async function holdInTurn(what: string, patienceMs = PATIENCE_MS): Promise<() => void> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const release = await take(what, { signal: patience.signal });
    if (release) return release;
  } finally {
    clearTimeout(timer);
  }
  return (await take(what, { steal: true })) ?? (() => {});
}

/** Whether this tab has it. */
export const holds = (what: string): boolean => held.get(what)?.mine ?? false;

export async function heldElsewhere(what: string): Promise<boolean> {
  await ending.get(what);
  if (holds(what) || !available()) return false;
  const { held: all = [] } = await navigator.locks.query();
  return all.some(({ name }) => name === nameOf(what));
}

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
    if (lock.holders === 0) lock.letGo();
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
      tell(what, 'held');
      return ended;
    })
    .then(
      () => 'let-go' as const,
      () => 'lost' as const,
    )
    .then((event) => {
      if (held.get(what) === lock) held.delete(what);
      ending.delete(what);
      answer(false);
      if (lock.mine) tell(what, event);
    });
  const lock: Held = {
    holders: 0,
    mine: false,
    granted,
    letGo() {
      held.delete(what);
      ending.set(what, requested);
      resolveEnded();
    },
  };
  held.set(what, lock);
  return lock;
}
