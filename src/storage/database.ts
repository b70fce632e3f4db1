import { openDB } from 'idb';
import { blockedByTab, storageError } from './refusal.ts';
import {
  type Connection,
  type Migration,
  migrations,
  type Schema,
  type StoreName,
  type Transaction,
} from './schema.ts';

/** Every function of this folder takes one of these first. Opens at first use, and again when the browser closed it. */
export interface Database {
  /** Reads. Whatever fails is an AppError. */
  read<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Writes in one transaction: all of it, or nothing when it fails. `work` awaits nothing but the transaction's own requests. */
  write<Names extends StoreName, T>(
    stores: readonly Names[],
    work: (transaction: Transaction<Names>) => Promise<T>,
  ): Promise<T>;
  close(): void;
}

export interface DatabaseOptions {
  /** The version is their number. */
  readonly migrations?: readonly Migration[];
  /** Milliseconds that an upgrade waits for tabs with an older version to let go. */
  readonly patience?: number;
}

export function openDatabase(name = 'likeness', options: DatabaseOptions = {}): Database {
  const steps = options.migrations ?? migrations;
  const patience = options.patience ?? 4000;
  let current: Promise<Connection> | null = null;

  function open(): Promise<Connection> {
    const opening = new Promise<Connection>((resolve, reject) => {
      let connection: Connection | null = null;
      let gaveUp = false;
      const forget = () => {
        if (current === opening) current = null;
      };
      openDB<Schema>(name, steps.length, {
        upgrade(upgrading, oldVersion, _newVersion, transaction) {
          for (const step of steps.slice(oldVersion)) step(upgrading, transaction);
        },
        blocked() {
          setTimeout(() => {
            gaveUp = connection === null;
            reject(blockedByTab());
          }, patience);
        },
        // Another tab brings a newer version: it must not wait for this one, whose next use says so.
        blocking() {
          forget();
          connection?.close();
        },
        terminated: forget,
      }).then((opened) => {
        connection = opened;
        if (gaveUp) opened.close();
        else resolve(opened);
      }, reject);
    });
    opening.catch(() => {
      if (current === opening) current = null;
    });
    return opening;
  }

  async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      current ??= open();
      const used = current;
      const connection = await used;
      try {
        return await work(connection);
      } catch (error) {
        // Closed since it was opened (by an upgrade in another tab, or by the browser): a fresh one may do.
        if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
        connection.close();
        if (current === used) current = null;
      }
      current ??= open();
      return await work(await current);
    } catch (error) {
      throw storageError(error);
    }
  }

  return {
    read: withConnection,
    write: (stores, work) =>
      withConnection(async (connection) => {
        const transaction = connection.transaction([...stores], 'readwrite');
        // Its failure is seen below, as transaction.error.
        transaction.done.catch(() => {});
        try {
          const result = await work(transaction);
          await transaction.done;
          return result;
        } catch (error) {
          // Requests of an aborted transaction say only that it was aborted; the transaction knows why.
          const reason = transaction.error ?? error;
          if (transaction.error === null) abort(transaction);
          throw reason;
        }
      }),
    close() {
      const closing = current;
      current = null;
      closing?.then(
        (connection) => connection.close(),
        () => {},
      );
    },
  };
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
