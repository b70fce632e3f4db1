import { AppError, type ErrorCode } from '../errors.ts';
import type { HubEntry } from '../models/weights/look-up.ts';
import type { CachedWeights, Progress, Weights } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { DownloadProgress } from '../workers/protocol.ts';
import { createMeter } from './meter.ts';
import { repeatedOnce } from './worker-faults.ts';
import type { Workers } from './workers.ts';

/** The part of a context that weight files need. */
interface WithWorkers {
  readonly workers: Pick<Workers, 'weights'>;
}

export interface FoundWeights {
  /** What the app's own origin serves. */
  readonly origin: readonly Weights[];
  readonly cached: readonly CachedWeights[];
  /** False where downloads last only until the tab is closed. */
  readonly lasting: boolean;
  /** Why the origin's list is not there; null where it is. */
  readonly unlisted: AppError | null;
}

const AWAY: ReadonlySet<ErrorCode> = new Set(['download-failed', 'weights-refused']);

export async function findWeights({ workers }: WithWorkers): Promise<FoundWeights> {
  return repeatedOnce(null, async () => {
    const api = await workers.weights.api();
    let unlisted: AppError | null = null;
    const [origin, cached, lasting] = await Promise.all([
      // Without the server, what is cached is still there.
      api.listOrigin(document.baseURI).catch((error: unknown) => {
        if (!(error instanceof AppError && AWAY.has(error.code))) throw error;
        unlisted = error;
        return [];
      }),
      api.listCached(),
      api.lasting(),
    ]);
    return { origin, cached, lasting, unlisted };
  });
}

export interface DownloadReport extends Progress {
  readonly totalBytes: number | null;
}

/** Downloads a set of weights, or continues where an earlier download stopped. */
export async function downloadWeights(
  { workers }: WithWorkers,
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
      async (control) => (await workers.weights.api()).download(weights, document.baseURI, control),
    ),
  );
}

/** What a repository of the hub holds, and whether it can run here; `text` as a user types or pastes it. */
export const lookUpWeights = ({ workers }: WithWorkers, text: string): Promise<HubEntry> =>
  repeatedOnce(null, async () => (await workers.weights.api()).lookUp(text));

/** Caches a weight file that the user dropped. */
export function importWeights(
  { workers }: WithWorkers,
  file: File,
  config: Blob | null,
  signal: AbortSignal,
  onProgress: (receivedBytes: number) => void,
): Promise<CachedWeights> {
  return repeatedOnce(signal, () =>
    controlled<DownloadProgress, CachedWeights>(
      signal,
      ({ receivedBytes }) => onProgress(receivedBytes),
      async (control) => (await workers.weights.api()).importFile(file, config, control),
    ),
  );
}

export const openWeights = ({ workers }: WithWorkers, id: string): Promise<Blob> =>
  repeatedOnce(null, async () => (await workers.weights.api()).open(id));
export const removeWeights = ({ workers }: WithWorkers, id: string): Promise<void> =>
  repeatedOnce(null, async () => (await workers.weights.api()).remove(id));
export const partialDownload = ({ workers }: WithWorkers, id: string): Promise<number> =>
  repeatedOnce(null, async () => (await workers.weights.api()).partial(id));
