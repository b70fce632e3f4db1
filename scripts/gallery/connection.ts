import pg from 'pg';
import * as v from 'valibot';
import { AppError } from '../../src/errors.ts';

/** Where galleries are kept. A password is in the environment or in .pgpass (as libpq has it), never in an argument. */
export interface Engine {
  /** As it may be shown: without user and password. */
  readonly shown: string;
  readonly config: pg.ClientConfig;
}

/** Waits for a server that does not answer. */
const CONNECT_MS = 10_000;

/**
 * The engine at a URL. `from`: where the URL came from; arguments of a process can be read by everybody on the machine, so a
 * password in one is refused. Throws AppError 'bad-argument', without repeating the URL.
 */
export function engineAt(url: string, from: 'argument' | 'environment'): Engine {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new AppError('bad-argument', 'An engine is named by a URL such as postgres://user@host:5432/database.');
  }
  const hasPassword = parsed.password !== '' || parsed.searchParams.has('password');
  if (hasPassword && from === 'argument') {
    const sentence =
      'A password in an argument can be read by everybody on this machine. Leave it out, and put it into PGPASSWORD or ~/.pgpass.';
    throw new AppError('bad-argument', sentence);
  }
  const shown = `postgres://${parsed.host}${parsed.pathname}`;
  return {
    shown,
    config: { connectionString: url, connectionTimeoutMillis: CONNECT_MS, application_name: 'likeness' },
  };
}

/** Connects, and ends the connection after `work`. Failures are AppErrors that name the engine and no password. */
export async function connected<R>(engine: Engine, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client(engine.config);
  // A connection that is lost while nothing is asked: the next question fails of it.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw engineFailure(engine, error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** What went wrong at the engine, as a sentence. */
export function engineFailure({ shown }: Pick<Engine, 'shown'>, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('engine-unavailable', `${shown}: ${reasonOf(error, new URL(shown).hostname)}`, { cause: error });
}

const systemFailure = v.object({
  code: v.string(),
  address: v.optional(v.string()),
  port: v.optional(v.number()),
});

function reasonOf(error: unknown, host: string): string {
  // Node joins the failures of a name's several addresses.
  if (error instanceof AggregateError) return reasonOf(error.errors[0], host);
  const { code, address = '', port } = v.is(systemFailure, error) ? error : { code: '' };
  if (code === 'ECONNREFUSED') {
    // By the environment, the port may be another than that of the URL; a socket has none.
    const where = port === undefined ? address : `${host || address}:${port}`;
    return `nothing answers at ${where}. Start the database server there, or name its host and port.`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `no machine of the name ${host} is found.`;
  if (error instanceof pg.DatabaseError && error.code === '57014') return 'it took too long, and was ended.';
  return error instanceof Error ? error.message : String(error);
}
