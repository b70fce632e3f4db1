import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from 'playwright';
import { onTestFinished } from 'vitest';

/** Chromium's own services (updates, sign-in, autofill), which it asks whatever the page. */
const CHROMIUMS_OWN = /^(http:\/\/)?([\w-]+\.)*(google|googleapis|gstatic)\.com[:/]/;

/**
 * A proxy for everything that leaves this machine: it lets nothing through and remembers who was to be asked, whichever
 * thread or tag of the page it came from.
 */
export async function blindProxy(): Promise<{ readonly flag: string; readonly hosts: readonly string[] }> {
  const hosts: string[] = [];
  const remember = (host = '') => {
    if (!CHROMIUMS_OWN.test(host)) hosts.push(host);
  };
  const server = createServer((request, response) => {
    remember(request.url);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    remember(request.url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // of a TCP server that listens
  return { flag: `--proxy-server=http://127.0.0.1:${port}`, hosts };
}

/** The addresses that pages and their workers ask for, but for those that lead nowhere (`blob:`, `data:`). */
export function requestLog(context: BrowserContext): string[] {
  const urls: string[] = [];
  context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) urls.push(request.url());
  });
  return urls;
}
