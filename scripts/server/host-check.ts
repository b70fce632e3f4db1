import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address is this machine's own, however it is written: 127.1.2.3, ::1, 0:0:0:0:0:0:0:1, ::ffff:127.0.0.1. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether a request's Host header may come from a page of this server. A server on the loopback is for this machine alone;
 * a page elsewhere could have its own name lead here (DNS rebinding) and would then read what is served as if it were its
 * own. Who opens the server to a network (`--host`) may reach it by any name.
 *
 * @param listensOn the address that the server is bound to, not the name by which it was asked for: a name may lead to the
 *   loopback. Undefined while it is not bound.
 */
export function mayAsk(hostHeader: string | undefined, listensOn: string | undefined): boolean {
  if (listensOn !== undefined && !isLoopback(listensOn)) return true;
  const name = hostHeader?.toLowerCase().replace(/:\d*$/, '') ?? '';
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}
