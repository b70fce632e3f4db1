import { inject } from 'vitest';
import { ARCHITECTURES } from '../../../../src/models/specs/architectures.ts';
import type { Weights } from '../../../../src/types.ts';
import { type Connection, connect, controlled } from '../../../../src/workers/connect.ts';
import type { DownloadProgress, WeightsWorker } from '../../../../src/workers/protocol.ts';
import type { Faults, Recorded } from '../../../hub-server.ts';
import { TINY, TINY_ID } from '../../../tiny-weights.ts';

const hubUrl = inject('hubUrl');

/** A scenario of the emulated hub (tests/hub-server.ts), and its address as hub or as the app's own folder. */
export class EmulatedHub {
  private static made = 0;
  readonly name = `${Date.now().toString(36)}-${EmulatedHub.made++}`;
  readonly url = `${hubUrl}${this.name}/`;

  async set(faults: Faults): Promise<void> {
    await fetch(`${hubUrl}control/${this.name}`, { method: 'POST', body: JSON.stringify(faults) });
  }

  async requests(): Promise<Recorded[]> {
    return (await fetch(`${hubUrl}control/${this.name}`)).json();
  }

  /** The Range headers of the requests for the weights that reached the last server. */
  async ranges(): Promise<(string | null)[]> {
    const requests = await this.requests();
    return requests.filter(({ method, path }) => method === 'GET' && isFile(path)).map(({ range }) => range);
  }
}

function isFile(path: string): boolean {
  return path.startsWith('store/') || /^models\/.*model\.safetensors$/.test(path);
}

export const ID = TINY_ID;

export function tiny(origin: 'hub' | 'origin' = 'hub'): Weights {
  const { label, summary, features } = ARCHITECTURES[TINY];
  const known = { bytes: null, licence: 'Apache-2.0', repository: `timm/${ID}`, revision: 'main' };
  return { id: ID, architecture: TINY, label, summary, features, origin, ...known };
}

/** A server that is slow, as all of a busy machine is, is no server that has stopped sending: `stallMs` is short only where one does. */
export function openWorker(hub: EmulatedHub, stallMs = 60_000): Connection<WeightsWorker> {
  return connect<WeightsWorker>(
    new Worker(new URL('./hub.worker.ts', import.meta.url), { type: 'module', name: `${hub.url}#${stallMs}` }),
  );
}

export function download(
  worker: Connection<WeightsWorker>,
  hub: EmulatedHub,
  weights = tiny(),
  signal = new AbortController().signal,
  onProgress: (progress: DownloadProgress) => void = () => {},
) {
  return controlled<DownloadProgress, Awaited<ReturnType<WeightsWorker['download']>>>(signal, onProgress, (control) =>
    worker.api.download(weights, hub.url, control),
  );
}
