import { createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/** PostgreSQL with pgvector behind a socket, for tests. */
export interface TestEngine {
  /** As LIKENESS_ENGINE names it. */
  readonly url: string;
  readonly database: PGlite;
  /** Ends all connections, and takes no more: as a server does that goes down. */
  stop(): Promise<void>;
  /** Frees everything. */
  close(): Promise<void>;
  /** Queries wait until `release` is called; `reached` resolves when the first one does. */
  hold(): { readonly reached: Promise<void>; release(): void };
}

const READY = 'Z';
const COPY_IN = 'G';

const kindOf = (message: Buffer) => String.fromCharCode(message[0] ?? 0);

/** The messages of an answer, each with its kind and its length in front. */
function split(answer: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < answer.length; ) {
    const length = 1 + answer.readInt32BE(at + 1);
    messages.push(answer.subarray(at, at + length));
    at += length;
  }
  return messages;
}

/**
 * PGlite is one session without threads: it answers one message after the other. So connections take turns, a transaction
 * at a time, and what COPY … FROM STDIN is sent is collected first, since the session cannot wait for it. That is why
 * @electric-sql/pglite-socket, which hands over message after message, does not do here.
 */
export async function pgliteEngine(): Promise<TestEngine> {
  const database = await PGlite.create({ extensions: { vector } });
  const sockets = new Set<Socket>();
  let held: Promise<void> = Promise.resolve();
  let onWaiting = () => {};
  /** Whose turn it is: until what it asked is answered, and its transaction has ended. */
  let owner: Socket | null = null;
  let waiting: (() => void)[] = [];

  async function acquire(socket: Socket): Promise<void> {
    while (owner !== null && owner !== socket) await new Promise<void>((resolve) => waiting.push(resolve));
    owner = socket;
  }

  function release(): void {
    owner = null;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  /** Whether nothing is left open after it. */
  async function ask(socket: Socket, bytes: Uint8Array, hideCopy = false): Promise<boolean> {
    onWaiting();
    await held;
    const messages = split(Buffer.from(await database.execProtocolRaw(bytes)));
    const ready = messages.findLast((message) => kindOf(message) === READY);
    const shown = hideCopy ? messages.filter((message) => kindOf(message) !== COPY_IN) : messages;
    if (!socket.destroyed) socket.write(Buffer.concat(shown));
    return ready !== undefined && String.fromCharCode(ready[5] ?? 0) === 'I';
  }

  function serve(socket: Socket): void {
    sockets.add(socket);
    let unread = Buffer.alloc(0);
    let started = false;
    let idle = true;
    /** The query and the data of a COPY that is being collected. */
    let copy: Buffer[] | null = null;
    let turn = Promise.resolve();

    const send = async (bytes: Uint8Array, hideCopy = false) => {
      idle = await ask(socket, bytes, hideCopy);
    };
    const take = async (message: Buffer) => {
      const kind = kindOf(message);
      if (!started) {
        // A request for TLS or for the end of a query: there is neither.
        if (message.readInt32BE(4) === 80877103) socket.write('N');
        else if (message.readInt32BE(4) === 80877102) void socket.end();
        else {
          started = true;
          await send(message);
        }
      } else if (kind === 'X') socket.end();
      else if (kind === 'Q' && /^copy .* from stdin/i.test(message.toString('latin1', 5))) {
        copy = [message];
        // CopyInResponse: binary, no columns told.
        socket.write(Buffer.from([COPY_IN.charCodeAt(0), 0, 0, 0, 7, 1, 0, 0]));
      } else if (copy && 'dcf'.includes(kind)) {
        copy.push(message);
        if (kind === 'd') return;
        const whole = Buffer.concat(copy);
        copy = null;
        await send(whole, true);
      } else await send(message);
    };
    const takeAll = async () => {
      await acquire(socket);
      for (;;) {
        const header = started ? 5 : 4;
        const length = unread.length < header ? 0 : header - 4 + unread.readInt32BE(header - 4);
        if (length === 0 || unread.length < length) break;
        const message = unread.subarray(0, length);
        unread = unread.subarray(length);
        await take(message);
      }
      if (idle) release();
    };
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data]);
      turn = turn.then(takeAll).catch(() => void socket.destroy());
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      turn = turn.then(async () => {
        if (owner !== socket) return;
        await database.exec('ROLLBACK').catch(() => {});
        release();
      });
    });
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The engine has no address.');
  let stopped = false;
  async function stop() {
    if (stopped) return;
    stopped = true;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  return {
    url: `postgres://postgres:a-secret@127.0.0.1:${address.port}/postgres`,
    database,
    stop,
    async close() {
      await stop();
      await database.close();
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        onWaiting = resolve;
      });
      return { reached, release };
    },
  };
}
