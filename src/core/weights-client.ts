import type { CachedWeights, Progress, Weights } from '../types.ts';
import { type Connection, connect, controlled } from '../workers/connect.ts';
import type { DownloadProgress, WeightsWorker } from '../workers/protocol.ts';
import { createMeter } from './meter.ts';
import { repeatedOnce } from './worker-faults.ts';

let connection: Connection<WeightsWorker> | null = null;

/** The weights worker, made at its first use and made anew after it died. */
function weightsWorker(): Connection<WeightsWorker>['api'] {
  if (!connection) {
    const made = connect<WeightsWorker>(
      new Worker(new URL('../workers/weights.worker.ts', import.meta.url), { type: 'module', name: 'weights' }),
    );
    made.failed.catch(() => {
      if (connection === made) connection = null;
    });
    connection = made;
  }
  return connection.api;
}

/** Ends the worker, with what it does and the files that it holds; the next call makes another. */
export function closeWeights(): void {
  connection?.close();
  connection = null;
}

export interface FoundWeights {
  /** What the app's own origin serves. */
  readonly origin: readonly Weights[];
  readonly cached: readonly CachedWeights[];
  /** False where downloads last only until the tab is closed. */
  readonly lasting: boolean;
}

export async function findWeights(): Promise<FoundWeights> {
  return repeatedOnce(null, async () => {
    const api = weightsWorker();
    const [origin, cached, lasting] = await Promise.all([
      api.listOrigin(document.baseURI),
      api.listCached(),
      api.lasting(),
    ]);
    return { origin, cached, lasting };
  });
}

export interface DownloadReport extends Progress {
  readonly totalBytes: number | null;
}

/** Downloads a set of weights, or continues where an earlier download stopped. */
export async function downloadWeights(
  weights: Weights,
  signal: AbortSignal,
  onProgress: (report: DownloadReport) => void,
): Promise<CachedWeights> {
  let meter: ReturnType<typeof createMeter> | null = null;
  // Repeated, it goes on at the byte where it stopped.
  return repeatedOnce(signal, () =>
    controlled<DownloadProgress, CachedWeights>(
      signal,
      ({ receivedBytes, totalBytes }) => {
        meter ??= createMeter(totalBytes ?? weights.bytes ?? 0, receivedBytes);
        onProgress({ ...meter.reach(receivedBytes), totalBytes });
      },
      (control) => weightsWorker().download(weights, document.baseURI, control),
    ),
  );
}

/** Caches a weight file that the person dropped. */
export function importWeights(
  file: File,
  config: Blob | null,
  signal: AbortSignal,
  onProgress: (receivedBytes: number) => void,
): Promise<CachedWeights> {
  return repeatedOnce(signal, () =>
    controlled<DownloadProgress, CachedWeights>(
      signal,
      ({ receivedBytes }) => onProgress(receivedBytes),
      (control) => weightsWorker().importFile(file, config, control),
    ),
  );
}

export const openWeights = (id: string): Promise<Blob> => repeatedOnce(null, () => weightsWorker().open(id));
export const removeWeights = (id: string): Promise<void> => repeatedOnce(null, () => weightsWorker().remove(id));
export const partialDownload = (id: string): Promise<number> => repeatedOnce(null, () => weightsWorker().partial(id));
