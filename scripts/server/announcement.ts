import { networkInterfaces } from 'node:os';
import { isLoopback } from './host-check.ts';
import type { ListedModel } from './models-folder.ts';

/** Browsers give these to secure contexts alone: https, and the loopback. */
const MISSING = 'WebGPU, stored weights, offline start, camera and folders that are read again';

/**
 * What it means that the usual port was taken; null where it was not. Browsers keep what is stored by address, and another port
 * is another address.
 */
export function otherPort(wanted: number, port: number): string | null {
  if (port === wanted) return null;
  return `Port ${wanted} was taken, so the app is at port ${port}. Data sets opened at port ${wanted} are not listed here: browsers keep them for that address alone.`;
}

/** What `npm start` prints: the address, the weights that are offered, and a warning where others can reach the server. */
export function announcement(
  address: string,
  port: number,
  models: readonly ListedModel[],
  reachedAt: readonly string[] = ownAddresses(),
): string {
  const everywhere = address === '0.0.0.0' || address === '::';
  const lines = [`Likeness: http://${everywhere ? 'localhost' : bracketed(address)}:${port}/`];
  if (models.length > 0) lines.push(`Weights: ${models.map(({ id }) => id).join(', ')}`);
  if (!isLoopback(address)) {
    const others = everywhere ? reachedAt : [address];
    const where =
      others.length === 0 ? '' : ` at ${others.map((own) => `http://${bracketed(own)}:${port}/`).join(' or ')}`;
    lines.push(
      `Warning: everyone on this network can open the app and download its weights${where}. Plain http is no secure ` +
        `context: browsers on other machines leave out ${MISSING}. For these, put a server with TLS in front, or forward ` +
        `the port (ssh -L ${port}:localhost:${port} …) and open http://localhost:${port}/ there.`,
    );
  }
  return lines.join('\n');
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
