import type { Remote } from 'comlink';
import { AppError, toAppError } from '../errors.ts';
import { type Connection, connect } from '../workers/connect.ts';
import { mayBeInput, spoilsWorker } from './worker-faults.ts';

/** Several workers of one kind; each runs one job at a time. */
export interface WorkerPool<T> {
  readonly size: number;
  /**
   * Runs a job on the next free worker. Throws what the job throws: 'worker-failed' where the worker died or hung; and
   * 'engine-unavailable' where no worker can be made any more, or the pool is closed.
   */
  run<R>(job: (api: Remote<T>) => Promise<R>): Promise<R>;
  /**
   * Runs a job on `count` workers at the same time, without waiting: null where fewer are made and free just now. The
   * first that fails ends it, `onFailure` being called before, so that it can release those which wait for that one.
   */
  together<R>(
    count: number,
    job: (api: Remote<T>, index: number) => Promise<R>,
    onFailure: () => void,
  ): Promise<R[]> | null;
  /** Asks every worker that has been made, busy or not. */
  ask<R>(question: (api: Remote<T>) => Promise<R>): Promise<R[]>;
  close(): void;
}

interface Seat<T> {
  connection: Connection<T> | null;
}

export interface PoolSettings<T> {
  /** Brings a new worker to the state that jobs expect (engine opened, weights loaded). */
  readonly prepare?: (api: Remote<T>) => Promise<void>;
  /** See connect(). */
  readonly silenceMs?: number | undefined;
}

/** Times that a worker is made and prepared before that counts as impossible. */
const ATTEMPTS = 2;

/**
 * Workers are made when first needed. One that died, hung or threw something unforeseen is replaced by a new one at the next
 * job; the job itself is the caller's to repeat, since only the caller knows whether it may be.
 */
export function createPool<T extends object>(
  size: number,
  spawn: () => Worker,
  { prepare = async () => {}, silenceMs }: PoolSettings<T> = {},
): WorkerPool<T> {
  const free: Seat<T>[] = Array.from({ length: size }, () => ({ connection: null }));
  const seats = [...free];
  const waiting: { take: (seat: Seat<T>) => void; refuse: (error: AppError) => void }[] = [];
  let closed = false;

  const take = (): Promise<Seat<T>> => {
    const seat = free.shift();
    if (seat) return Promise.resolve(seat);
    return new Promise((resolve, reject) => waiting.push({ take: resolve, refuse: reject }));
  };
  const give = (seat: Seat<T>) => {
    const next = waiting.shift();
    if (next) next.take(seat);
    // Most recently used first: warm workers stay in use, cold ones are not even made for small jobs.
    else free.unshift(seat);
  };
  const ready = async (seat: Seat<T>): Promise<Remote<T>> => {
    for (let attempt = 1; ; attempt++) {
      if (closed) throw wereClosed();
      if (seat.connection) return seat.connection.api;
      const connection = connect<T>(spawn(), silenceMs);
      seat.connection = connection;
      connection.failed.catch(() => {
        if (seat.connection === connection) seat.connection = null;
      });
      try {
        await prepare(connection.api);
        return connection.api;
      } catch (error) {
        leave(seat);
        if (closed || !mayBeInput(error)) throw error;
        // Nothing was handed to it yet but what every worker gets: no job can be blamed.
        if (attempt === ATTEMPTS) throw notMade(error);
      }
    }
  };
  const leave = (seat: Seat<T>) => {
    seat.connection?.close();
    seat.connection = null;
  };
  const runOn = async <R>(seat: Seat<T>, job: (api: Remote<T>) => Promise<R>): Promise<R> => {
    try {
      return await job(await ready(seat));
    } catch (error) {
      if (closed) throw wereClosed();
      if (spoilsWorker(error)) leave(seat);
      throw error;
    } finally {
      give(seat);
    }
  };

  return {
    size,
    run: async (job) => runOn(await take(), job),
    together(count, job, onFailure) {
      const made = free.filter(({ connection }) => connection !== null).slice(0, count);
      if (closed || made.length < count) return null;
      for (const seat of made) free.splice(free.indexOf(seat), 1);
      return Promise.all(
        made.map((seat, index) =>
          runOn(seat, (api) => job(api, index)).catch((error) => {
            onFailure();
            throw error;
          }),
        ),
      );
    },
    ask: (question) => Promise.all(seats.flatMap(({ connection }) => (connection ? [question(connection.api)] : []))),
    close() {
      closed = true;
      for (const { refuse } of waiting.splice(0)) refuse(wereClosed());
      for (const seat of seats) seat.connection?.close();
    },
  };
}

function wereClosed(): AppError {
  const sentence = 'The background workers were closed meanwhile. What was finished is kept; start again to go on.';
  return new AppError('engine-unavailable', sentence);
}

function notMade(cause: unknown): AppError {
  const { message } = toAppError(cause);
  const sentence = `No background worker could be started: ${message} What was finished is kept; reload the page to go on.`;
  return new AppError('engine-unavailable', sentence, { cause });
}
