import type { AppError } from '../errors.ts';
import { deleteStored, installMemory, type Opened, type Opening, openConnection } from './open-connection.ts';
import { deletedElsewhere, refusesAll, storageError } from './refusal.ts';
import { type Connection, type Migration, migrations, type StoreName, type Transaction } from './schema.ts';
import { Unstored } from './unstored.ts';

/** Every function of this folder takes one of these first. Opens at first use, and again when the browser closed it. */
export interface Database {
  /** Reads. Whatever fails is an AppError. */
  read<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Writes in one transaction: all of it, or nothing when it fails. `work` awaits nothing but the transaction's own requests. */
  write<Names extends StoreName, T>(
    stores: readonly Names[],
    work: (transaction: Transaction<Names>) => Promise<T>,
  ): Promise<T>;
  /** True where everything lasts only until the tab is closed. */
  readonly inMemory: boolean;
  /** Keeps everything in memory from now on, beginning with nothing; what lies on disk is left as it is. */
  keepInMemory(): Promise<void>;
  /** Deletes the whole database; the next use makes an empty one. */
  destroy(): Promise<void>;
  /** After it was deleted elsewhere, every use is refused until this says to start again. */
  renew(): void;
  /** What waits for room. */
  readonly unstored: Unstored;
  close(): void;
}

export interface DatabaseOptions {
  /** The version is their number. */
  readonly migrations?: readonly Migration[];
  /** Milliseconds that an upgrade waits for tabs with an older version to let go. */
  readonly patience?: number;
  /** The browser refuses all storage, for this reason: from now on everything is kept in memory. */
  readonly onMemory?: (reason: AppError) => void;
  /** Another tab, or the user in the browser's settings, has deleted what was stored. */
  readonly onDeleted?: (reason: AppError) => void;
  /** There is no room: what was to be stored waits in memory. */
  readonly onUnstored?: (refusal: AppError) => void;
}

export function openDatabase(name = 'likeness', options: DatabaseOptions = {}): Database {
  const opening: Opening = {
    name,
    migrations: options.migrations ?? migrations,
    patience: options.patience ?? 4000,
  };
  const unstored = new Unstored((refusal) => options.onUnstored?.(refusal));
  let current: Promise<Connection> | null = null;
  /** It was open once: that it is new again means that it was deleted. */
  let used = false;
  let deleted = false;
  let inMemory = false;

  function open(): Promise<Connection> {
    const forget = () => {
      if (current === made) current = null;
    };
    const made = firstOrAgain(forget).then(({ connection, fresh }) => {
      if (fresh && used && !deleted) noticeDeletion();
      used = true;
      return connection;
    });
    made.catch(forget);
    return made;
  }

  async function firstOrAgain(lost: () => void): Promise<Opened> {
    const events = { lost, deleted: noticeDeletion };
    try {
      return await openConnection(opening, events);
    } catch (error) {
      if (used || inMemory || !refusesAll(error)) throw error;
      await keepInMemory();
      options.onMemory?.(storageError(error));
      return openConnection(opening, events);
    }
  }

  function noticeDeletion(): void {
    if (deleted) return;
    deleted = true;
    options.onDeleted?.(deletedElsewhere());
  }

  async function keepInMemory(): Promise<void> {
    await installMemory();
    inMemory = true;
    used = false;
    deleted = false;
  }

  async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      for (let again = false; ; again = true) {
        if (deleted) throw deletedElsewhere();
        current ??= open();
        const using = current;
        const connection = await using;
        if (deleted) throw deletedElsewhere();
        try {
          return await work(connection);
        } catch (error) {
          // Closed since it was opened (by an upgrade in another tab, or by the browser): a fresh one may do.
          if (again || !(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
          connection.close();
          if (current === using) current = null;
        }
      }
    } catch (error) {
      throw deleted ? deletedElsewhere() : storageError(error);
    }
  }

  function close(): void {
    const closing = current;
    current = null;
    closing?.then(
      (connection) => connection.close(),
      () => {},
    );
  }

  return {
    read: withConnection,
    write: (stores, work) => withConnection((connection) => inTransaction(connection, stores, work)),
    get inMemory() {
      return inMemory;
    },
    async keepInMemory() {
      close();
      await keepInMemory();
    },
    unstored,
    async destroy() {
      unstored.forget();
      // First, or this tab would take its own deletion for another's.
      await current?.then(
        (connection) => connection.close(),
        () => {},
      );
      current = null;
      used = false;
      deleted = false;
      await deleteStored(opening).catch((error: unknown) => {
        throw storageError(error);
      });
    },
    renew() {
      current = null;
      used = false;
      deleted = false;
    },
    close,
  };
}

async function inTransaction<Names extends StoreName, T>(
  connection: Connection,
  stores: readonly Names[],
  work: (transaction: Transaction<Names>) => Promise<T>,
): Promise<T> {
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
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
