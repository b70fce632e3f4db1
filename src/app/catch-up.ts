/** What is read again of an open data set, in this order: a user waits for the first of them longest. */
const PARTS = ['comparison', 'interrupted', 'search', 'models', 'storage'] as const;
export type Part = (typeof PARTS)[number];

/** What a change waits for before it is read: with `job` also for the end of an action, since actions start jobs. */
export type Until = 'now' | 'action' | 'job';

/** Brings what a workspace shows up to date with what is stored: it hears of changes, and reads each part once. */
export interface CatchUp {
  /** These are no longer what is stored. Each is read once, however often that is said meanwhile. */
  touch(parts?: readonly Part[], until?: Until): void;
  /** An action, or a job, begins; call what it returns at its end. Its steps are read together then. */
  hold(of: Exclude<Until, 'now'>): () => void;
  /** From now on these functions read the parts; until then it is only noted what is to be read. */
  serve(read: (part: Part) => Promise<void>): void;
  /** Resolves once nothing of these is to be read any more, but for what waits for an action or a job to end. */
  settled(parts?: readonly Part[]): Promise<void>;
}

/** Nothing is read for a workspace that is closed. */
export function createCatchUp(closed: AbortSignal): CatchUp {
  const stale = new Set<Part>();
  const waiting = { action: new Set<Part>(), job: new Set<Part>() };
  const held = { action: 0, job: 0 };
  let read: ((part: Part) => Promise<void>) | null = null;
  let reading: { readonly part: Part | null; readonly ended: Promise<void> } | null = null;

  async function work(): Promise<void> {
    // Changes that are announced in one turn are read together.
    let ended = Promise.resolve();
    reading = { part: null, ended };
    for (;;) {
      await ended;
      const part = PARTS.find((each) => stale.has(each));
      if (part === undefined || read === null || closed.aborted) break;
      stale.delete(part);
      ended = read(part);
      reading = { part, ended };
    }
    reading = null;
  }

  function start(): void {
    if (stale.size > 0 && read !== null && reading === null && !closed.aborted) void work();
  }

  function release(kind: 'action' | 'job'): void {
    held[kind]--;
    if (held.action > 0) return;
    const ready = held.job > 0 ? [waiting.action] : [waiting.action, waiting.job];
    for (const parts of ready) {
      for (const part of parts) stale.add(part);
      parts.clear();
    }
    start();
  }

  return {
    touch(parts = PARTS, until = 'now') {
      const waits = until === 'job' ? held.job + held.action > 0 : until === 'action' && held.action > 0;
      const into = waits && until !== 'now' ? waiting[until] : stale;
      for (const part of parts) into.add(part);
      start();
    },
    hold(of) {
      held[of]++;
      let over = false;
      return () => {
        if (!over) release(of);
        over = true;
      };
    },
    serve(reader) {
      read = reader;
      start();
    },
    async settled(parts = PARTS) {
      while (reading !== null) {
        const { part, ended } = reading;
        if (part !== null && !parts.includes(part) && !parts.some((each) => stale.has(each))) return;
        await ended;
      }
    },
  };
}
