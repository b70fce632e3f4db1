import { folderOf, isSystemPath, joinPath, nameOf } from '../data/file-kinds.ts';
import type { ListedFile } from '../data/listing.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import { FOREIGN_BYTES, foreignFile, isSafetensors } from '../models/foreign-files.ts';
import type { HubEntry } from '../models/weights/look-up.ts';
import type { CachedWeights, Progress, Weights } from '../types.ts';
import { controlled } from '../workers/connect.ts';
import type { DownloadProgress } from '../workers/protocol.ts';
import { createMeter } from './meter.ts';
import { repeatedOnce } from './worker-faults.ts';
import type { Workers } from './workers.ts';

/** A weight file among what was dropped, and the config.json beside it. */
export interface WeightSet {
  readonly path: string;
  /** Named by its folder where its own name says nothing, as in timm's layout. */
  readonly open: () => Promise<File>;
  readonly openConfig: () => Promise<Blob | null>;
}

/** Files whose first bytes are looked at. */
const MOST_LOOKED_AT = 200;

/** Endings of what holds nothing but weights; others hold images and labels as well. */
const WEIGHTS_ALONE = /\.(safetensors(\.index\.json)?|pt|pth|pth\.tar|ckpt|bin|msgpack|weights\.h5)$/i;

/**
 * Weight files in what was dropped, told by their first bytes, or by their names where those say too little; for what holds no
 * image. Where there are safetensors, no others are listed: they are mostly the same weights in another form.
 */
export async function weightSetsIn(files: readonly ListedFile[]): Promise<WeightSet[]> {
  const visible = files.filter(({ path }) => !isSystemPath(path));
  const configs = new Map(visible.map((file) => [file.path, file]));
  const found: { readonly file: ListedFile; readonly usable: boolean }[] = [];
  for (const file of visible.slice(0, MOST_LOOKED_AT)) {
    const head = await headOf(file);
    const usable = isSafetensors(head);
    const foreign = foreignFile(head, nameOf(file.path));
    const named = WEIGHTS_ALONE.test(file.path);
    if (usable || named || foreign?.weightsAlone) found.push({ file, usable });
  }
  const usable = found.filter((each) => each.usable);
  return (usable.length > 0 ? usable : found).map(({ file }) => ({
    path: file.path,
    open: async () => new File([await file.open()], weightsName(file.path)),
    openConfig: async () => (await configs.get(joinPath(folderOf(file.path), 'config.json'))?.open()) ?? null,
  }));
}

async function headOf({ open }: ListedFile): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await open()).slice(0, FOREIGN_BYTES).arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

function weightsName(path: string): string {
  const name = nameOf(path);
  const folder = nameOf(folderOf(path));
  return name === 'model.safetensors' && folder !== '' ? `${folder}.safetensors` : name;
}

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
      // Without the server, what is cached is there all the same.
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
