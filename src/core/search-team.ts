import type { Remote } from 'comlink';
import { aborted } from '../errors.ts';
import { canShareMemory } from '../math/shared-memory.ts';
import { createTeamMemory, dissolve, isDissolved, type Range } from '../models/engines/wasm/team.ts';
import type { QueryShare, SearchWorker } from '../workers/protocol.ts';
import { createPool, type WorkerPool } from './worker-pool.ts';

/** Fewer are answered before the others are told of them. */
const FEWEST_QUERIES = 100;
/** Some tenths of a second of one worker: with a quarter of it, telling the others costs what they save. */
const FEWEST_PRODUCTS = 2e9;
/** As many as compute a forward pass together: more were not measured. */
const MOST_TOGETHER = 4;

export interface SharedWork {
  readonly queries: number;
  /** Multiply-adds that all of them take. */
  readonly products: number;
}

/** Many queries, of which each worker is asked a part. */
export interface SharedQueries<R> extends SharedWork {
  readonly signal: AbortSignal;
  /** Asks the worker that holds the gallery; without a share, it answers alone. */
  holder(part: Range, share: QueryShare | null): Promise<R>;
  /** Asks a worker that does not; null where only the first can answer. */
  readonly guest: ((api: Remote<SearchWorker>, part: Range, share: QueryShare) => Promise<R>) | null;
}

/** Search workers that compare many queries with one gallery, which one of them holds. */
export interface SearchTeam {
  /** Whether several workers may be asked: else, the one that holds the gallery. */
  takes(work: SharedWork): boolean;
  /** Answers to all queries, in parts that follow one another. Throws what `holder` throws. */
  ask<R>(shared: SharedQueries<R>): Promise<R[]>;
}

/**
 * As many workers as there are cores where the page has shared memory, which it has when it is cross-origin isolated; else, and
 * for few queries, the one that holds the gallery. Bit-identical to that one's answers. Where another dies, hangs or cannot be made,
 * the one that holds the gallery answers all queries, now and later. `spawn` is null where the worker's kernel knows no teams.
 */
export function createSearchTeam(spawn: (() => Worker) | null, fewestProducts = FEWEST_PRODUCTS): SearchTeam {
  // Node, which makes clients in tests, may have no navigator.
  const count = Math.min(MOST_TOGETHER, globalThis.navigator?.hardwareConcurrency ?? 1);
  let guests: WorkerPool<SearchWorker> | null = null;
  let givenUp = false;
  let busy = false;

  function closeGuests(): void {
    guests?.close();
    guests = null;
  }

  function giveUp(): void {
    givenUp = true;
    closeGuests();
  }

  /** All other workers, made and loaded: the holder is not to wait for them. Null where one cannot be. */
  async function gather(spawn: () => Worker): Promise<WorkerPool<SearchWorker> | null> {
    guests ??= createPool<SearchWorker>(count - 1, spawn, { prepare: (api) => api.ready() });
    const pool = guests;
    const made = await Promise.allSettled(Array.from({ length: count - 1 }, () => pool.run(async () => {})));
    if (made.every(({ status }) => status === 'fulfilled')) return pool;
    giveUp();
    return null;
  }

  async function askAll<R>(
    pool: WorkerPool<SearchWorker>,
    { queries, signal, holder }: SharedQueries<R>,
    guest: NonNullable<SharedQueries<R>['guest']>,
  ): Promise<R[]> {
    const memory = createTeamMemory();
    const end = () => dissolve(memory);
    const part = (index: number): Range => [
      Math.round((index * queries) / count),
      Math.round(((index + 1) * queries) / count),
    ];
    const share = (index: number): QueryShare => ({ memory, index, count, queries });
    // None may wait for a worker that has been told to stop, or that will not come.
    signal.addEventListener('abort', end);
    const others = Array.from({ length: count - 1 }, (_, i) =>
      pool
        .run((api) => guest(api, part(i + 1), share(i + 1)))
        .catch(() => {
          end();
          return null;
        }),
    );
    try {
      const answers = [await holder(part(0), share(0))];
      if (signal.aborted) throw aborted();
      // Who hangs never answers.
      if (isDissolved(memory)) giveUp();
      for (const [i, other] of others.entries()) {
        const answer = await other;
        if (answer === null && !signal.aborted) giveUp();
        answers.push(answer ?? (await holder(part(i + 1), null)));
      }
      return answers;
    } catch (error) {
      end();
      closeGuests();
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  function takes({ queries, products }: SharedWork): boolean {
    const isWorthIt = queries >= FEWEST_QUERIES && products >= fewestProducts;
    return spawn !== null && count > 1 && canShareMemory() && !givenUp && isWorthIt;
  }

  return {
    takes,
    async ask(shared) {
      const { guest, queries } = shared;
      const alone = async () => [await shared.holder([0, queries], null)];
      if (!spawn || !guest || busy || !takes(shared)) return alone();
      busy = true;
      try {
        const pool = await gather(spawn);
        return await (pool ? askAll(pool, shared, guest) : alone());
      } finally {
        busy = false;
      }
    },
  };
}
