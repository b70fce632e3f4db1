import type { Remote } from 'comlink';
import { AppError } from '../errors.ts';
import { type Connection, connect } from '../workers/connect.ts';

/** Several workers of one kind; each runs one job at a time. */
export interface WorkerPool<T> {
  readonly size: number;
  /** Runs a job on the next free worker. */
  run<R>(job: (api: Remote<T>) => Promise<R>): Promise<R>;
  /** Asks every worker that has been made, busy or not. */
  ask<R>(question: (api: Remote<T>) => Promise<R>): Promise<R[]>;
  close(): void;
}

interface Seat<T> {
  connection: Connection<T> | null;
}

/**
 * Workers are made when first needed. `prepare` brings a new worker to the state that jobs expect (engine opened,
 * weights loaded); a worker that died is replaced by a new one at the next job.
 */
export function createPool<T extends object>(
  size: number,
  spawn: () => Worker,
  prepare: (api: Remote<T>) => Promise<void> = async () => {},
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
    if (closed) throw new AppError('worker-failed', 'The background workers were closed.');
    if (seat.connection) return seat.connection.api;
    const connection = connect<T>(spawn());
    seat.connection = connection;
    connection.failed.catch(() => {
      if (seat.connection === connection) seat.connection = null;
    });
    try {
      await prepare(connection.api);
    } catch (error) {
      connection.close();
      seat.connection = null;
      throw error;
    }
    return connection.api;
  };

  return {
    size,
    async run(job) {
      const seat = await take();
      try {
        return await job(await ready(seat));
      } finally {
        give(seat);
      }
    },
    ask: (question) => Promise.all(seats.flatMap(({ connection }) => (connection ? [question(connection.api)] : []))),
    close() {
      closed = true;
      for (const { refuse } of waiting.splice(0))
        refuse(new AppError('worker-failed', 'The background workers were closed.'));
      for (const seat of seats) seat.connection?.close();
    },
  };
}
