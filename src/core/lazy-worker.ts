import type { Remote } from 'comlink';
import { type Connection, connect } from '../workers/connect.ts';

/** One worker of its kind, made at its first use and made again after it died. */
export interface LazyWorker<T> {
  /** The worker's functions, once it is prepared. Rejects where it cannot be. */
  api(): Promise<Remote<T>>;
  /** The living worker; null while there is none. */
  living(): Connection<T> | null;
  /** Ends the worker with all that it does; the next use makes another. */
  close(): void;
}

export interface LazyWorkerOptions<T> {
  /** Brings a new worker to the state that calls expect. */
  readonly prepare?: (api: Remote<T>) => Promise<unknown>;
  /** The worker has died or was closed: what was known of its contents is void. */
  readonly onLost?: () => void;
}

export function lazyWorker<T extends object>(
  spawn: () => Worker,
  { prepare = async () => {}, onLost = () => {} }: LazyWorkerOptions<T> = {},
): LazyWorker<T> {
  let current: { readonly connection: Connection<T>; readonly prepared: Promise<unknown> } | null = null;

  function make() {
    const connection = connect<T>(spawn());
    const made = { connection, prepared: prepare(connection.api) };
    const forget = () => {
      if (current !== made) return;
      current = null;
      onLost();
    };
    connection.failed.catch(forget);
    made.prepared.catch(() => {
      forget();
      connection.close();
    });
    return made;
  }

  return {
    async api() {
      current ??= make();
      const { connection, prepared } = current;
      await prepared;
      return connection.api;
    },
    living: () => current?.connection ?? null,
    close() {
      const closing = current;
      current = null;
      if (!closing) return;
      closing.connection.close();
      onLost();
    },
  };
}
