import { isIP } from 'node:net';

/**
 * Whether a request's Host header may come from a page of this server. A server on the loopback is for this machine alone;
 * a page elsewhere could have its own name lead here (DNS rebinding) and would then read what is served as if it were its
 * own. Who opens the server to a network (`--host`) may reach it by any name.
 */
export function mayAsk(hostHeader: string | undefined, listensOn: string): boolean {
  if (!isLoopback(listensOn)) return true;
  const name = hostHeader?.toLowerCase().replace(/:\d*$/, '') ?? '';
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}

function isLoopback(host: string): boolean {
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1' || host === 'localhost';
}
