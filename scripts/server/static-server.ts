import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { fileInside, pathSegments } from './file-paths.ts';
import { mayAsk } from './host-check.ts';
import { sendModels } from './models-folder.ts';
import { securityHeaders } from './security-headers.ts';
import { sendFile } from './send-file.ts';

export interface ServerOptions {
  /** The built app. */
  readonly distDir: string;
  /** Sets of weights, served as models/. It need not exist. */
  readonly modelsDir: string;
  /** The first port to try; 0 for any free one. */
  readonly port: number;
  /** Whether no other port will do: where that one is taken, the start fails. */
  readonly exactPort?: boolean;
  readonly host: string;
  /** What is answered below folders of these names in place of files of the app. */
  readonly routes?: Readonly<Record<string, Route>>;
}

/** Answers what lies below a folder; `segments` are without its name. Null where there is no such thing. */
export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
  segments: readonly string[],
) => Promise<true | null>;

export interface RunningServer {
  readonly url: string;
  /** What it is bound to. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const PORTS_TO_TRY = 20;

/**
 * Serves the built app and the folder of weights. Where the port is taken, the next free one of twenty is used. There is
 * no page for missing files: the app's routes are in the URL's fragment, and HTML in place of weights would mislead.
 */
export async function startServer({
  distDir,
  modelsDir,
  port,
  exactPort = false,
  host,
  routes = {},
}: ServerOptions): Promise<RunningServer> {
  let listensOn: string | undefined;
  const offers = 'engine' in routes ? ({ engine: true } as const) : {};
  const models: Route = (request, response, segments) => sendModels(request, response, modelsDir, segments, offers);
  const all = new Map([['models', readOnly(models)], ...Object.entries(routes)]);
  const app = readOnly((request, response, segments) => sendApp(request, response, distDir, segments));
  const server = createServer((request, response) => {
    inTurn(request.socket, async () => {
      await answer(request, response, (segments) => all.get(segments[0] ?? '') ?? null, app, listensOn).catch(() => {
        if (response.headersSent) response.destroy();
        else sendText(response, 500, 'The server failed to answer.');
      });
      await finished(response);
    });
  });
  await listen(server, port, host, exactPort);
  const { address, family, port: bound } = addressOf(server);
  listensOn = address;
  return {
    address,
    port: bound,
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Far more than any browser sends before it has the first answer: they send one. */
const MOST_PIPELINED = 100;

/** How many answers a connection waits for, and the end of the last of them. */
const queues = new WeakMap<Socket, { waiting: number; last: Promise<void> }>();

/**
 * Answers the requests of one connection one by one. Only the answer whose turn it is hears of the connection's end: one
 * that were sent into the queue behind it would keep its file open for ever.
 */
function inTurn(socket: Socket, answerOne: () => Promise<void>): void {
  const queue = queues.get(socket) ?? { waiting: 0, last: Promise.resolve() };
  queues.set(socket, queue);
  if (++queue.waiting > MOST_PIPELINED) {
    socket.destroy();
    return;
  }
  queue.last = queue.last
    .then(() => (socket.destroyed ? undefined : answerOne()))
    .catch(() => {})
    .finally(() => {
      queue.waiting--;
    });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routeOf: (segments: readonly string[]) => Route | null,
  app: Route,
  listensOn: string | undefined,
): Promise<void> {
  const segments = pathSegments(request.url ?? '');
  const path = segments?.join('/') ?? '';
  for (const [name, value] of Object.entries(securityHeaders(path))) response.setHeader(name, value);
  if (!mayAsk(request.headers.host, listensOn)) {
    return sendText(response, 403, 'This server answers to this machine’s own names alone (localhost, 127.0.0.1).');
  }
  if (!segments) return sendText(response, 404, 'There is no such file.');
  const route = routeOf(segments);
  const sent = route
    ? await route(request, response, segments.slice(1))
    : await app(request, response, path === '' ? ['index.html'] : segments);
  if (!sent) sendText(response, 404, 'There is no such file.');
}

/** A route for files: nothing can be written. */
export const readOnly =
  (route: Route): Route =>
  async (request, response, segments) => {
    if (request.method === 'GET' || request.method === 'HEAD') return route(request, response, segments);
    response.setHeader('Allow', 'GET, HEAD');
    sendText(response, 405, 'Only GET and HEAD are answered.');
    return true;
  };

async function sendApp(
  request: IncomingMessage,
  response: ServerResponse,
  distDir: string,
  segments: readonly string[],
): Promise<true | null> {
  const file = await fileInside(distDir, segments);
  // Names below assets/ carry a hash of their content.
  const cacheControl = segments[0] === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache';
  return file ? sendFile(request, response, file, cacheControl) : null;
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

async function listen(server: Server, first: number, host: string, exact: boolean): Promise<void> {
  for (let port = first; ; port++) {
    try {
      return await listenOn(server, port, host);
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (taken && exact) {
        throw new Error(`Port ${port} is taken by another program: stop that one, or name another port with --port.`);
      }
      if (!taken || first === 0 || port + 1 >= first + PORTS_TO_TRY || port === 65_535) throw error;
    }
  }
}

function addressOf(server: Server): AddressInfo {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no address.');
  return bound;
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
