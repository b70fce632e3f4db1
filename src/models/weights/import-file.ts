import { AppError, aborted } from '../../errors.ts';
import type { CachedWeights } from '../../types.ts';
import { BACKBONES } from '../backbones.ts';
import { isTransformersConfig, type ModelConfig, namesAnother, parseModelConfig } from '../config.ts';
import { mergingLines } from '../foreign-files.ts';
import { architectureOf, recognise, resemblance } from '../recognition.ts';
import { openSafetensors, type Safetensors } from '../safetensors.ts';
import { ARCHITECTURES } from '../specs/architectures.ts';
import { KeptPart } from './kept-part.ts';
import type { Received } from './received.ts';
import { fromFile } from './records.ts';
import { folderName } from './store.ts';
import { locked, type WeightsCache } from './weights-cache.ts';

/** timm's are 1 kB. */
const MAX_CONFIG_BYTES = 1024 * 1024;

const PIECE = 4 * 1024 * 1024;

/**
 * Copies a dropped model.safetensors into the cache. Without its config.json the architecture is told by the tensors, and
 * the preprocessing is that of the architecture's built-in weights. A file that is cached already, under whatever name
 * and with the same preprocessing, is not cached twice.
 * @throws AppError 'weights-refused', 'weights-mismatch', 'storage-full', 'files-gone', 'aborted'.
 */
export async function importFile(
  cache: WeightsCache,
  file: File,
  config: Blob | null,
  signal: AbortSignal,
  report: (progress: Received) => void,
): Promise<CachedWeights> {
  const [, part, parts] = /-(\d{5})-of-(\d{5})\.safetensors$/i.exec(file.name) ?? [];
  if (part !== undefined && parts !== undefined && Number(parts) > 1) throw partOfSet(Number(part), Number(parts));
  const opened = await openSafetensors(file);
  const given = config && (await readConfig(config, opened));
  const { architecture, preprocessing, sizes } = given ?? usualConfig(opened, nameOf(file, ''));
  const id = await freeId(cache, nameOf(file, architecture), architecture);
  return locked(id, signal, async () => {
    const sha256 = await copy(cache, folderName(id), file, signal, report);
    const same = (await cache.list()).find(
      (each) =>
        each.sha256 === sha256 &&
        each.architecture === architecture &&
        JSON.stringify(each.preprocessing) === JSON.stringify(preprocessing),
    );
    if (same) {
      await cache.store.removeFolder(folderName(id));
      return same;
    }
    const from = fromFile(file.webkitRelativePath || file.name);
    const known = { id, architecture, bytes: file.size, sha256, preprocessing, sizes };
    return cache.admit({ ...known, from, cachedAt: Date.now() });
  });
}

/** The hub's name for a set of weights that was saved in pieces. */
function partOfSet(part: number, parts: number): AppError {
  return new AppError(
    'weights-refused',
    `This is part ${part} of ${parts} of a set of weights, which is read from one file. In Python, in their folder:\n${mergingLines}\nNothing was cached.`,
  );
}

async function copy(
  cache: WeightsCache,
  folder: string,
  file: File,
  signal: AbortSignal,
  report: (progress: Received) => void,
): Promise<string> {
  const part = await KeptPart.open(cache.store, folder, null, signal);
  let complete = false;
  try {
    while (part.size < file.size) {
      if (signal.aborted) throw aborted();
      part.append(await pieceOf(file, part.size), file.size);
      report({ receivedBytes: part.size, totalBytes: file.size });
    }
    complete = true;
    return part.sha256();
  } finally {
    part.close();
    if (!complete) await cache.store.removeFolder(folder);
  }
}

async function pieceOf(file: File, at: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
  } catch (cause) {
    const message = `The file ${file.name} cannot be read any more: it was moved, changed or removed. Drop it again.`;
    throw new AppError('files-gone', message, { cause });
  }
}

/** Null for one of the transformers library. */
async function readConfig(blob: Blob, opened: Safetensors): Promise<ModelConfig | null> {
  if (blob.size > MAX_CONFIG_BYTES) {
    throw new AppError(
      'weights-refused',
      'The config.json beside these weights is far too large to be one. Nothing was cached.',
    );
  }
  const text = await blob.text().catch((cause: unknown) => {
    const message = 'The config.json beside these weights cannot be read any more. Drop the files again.';
    throw new AppError('files-gone', message, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('weights-refused', 'The config.json beside these weights is not JSON. Nothing was cached.', {
      cause,
    });
  }
  if (isTransformersConfig(json)) return null;
  try {
    return parseModelConfig(json);
  } catch (error) {
    if (!(error instanceof AppError) || !namesAnother(json)) throw error;
    throw new AppError(error.code, error.message + resemblance(opened), { cause: error });
  }
}

/** What the tensors and the file's name tell. */
function usualConfig(opened: Safetensors, name: string): Pick<ModelConfig, 'architecture' | 'preprocessing' | 'sizes'> {
  const architecture = architectureOf(recognise(opened).architectures, name);
  const spec = ARCHITECTURES[architecture];
  // Weights under their own name are prepared as these; all others as the architecture's are.
  const { preprocessing = spec.preprocessing } = spec.published.find(({ id }) => id === name) ?? {};
  const { size, cropPct } = preprocessing;
  return { architecture, preprocessing, sizes: [{ size, cropPct }] };
}

/** In timm's hub layout the folder names the weights; a file of its own name names itself. */
function nameOf(file: File, architecture: string): string {
  const folder = file.webkitRelativePath.split('/').at(-2);
  const own = file.name.replace(/\.safetensors$/i, '');
  const name = own === 'model' || own === '' ? (folder ?? `${architecture}.local`) : own;
  return name.replace(/[^\w.+-]+/g, '-').slice(0, 80) || `${architecture}.local`;
}

/** The name, numbered where other weights have it: cached or half-downloaded ones, or built-in ones of another network. */
async function freeId(cache: WeightsCache, name: string, architecture: string): Promise<string> {
  const builtIn = BACKBONES.find((each) => each.id === name);
  const first = builtIn && builtIn.architecture !== architecture ? 2 : 1;
  for (let n = first; ; n++) {
    const id = n === 1 ? name : `${name}-${n}`;
    if (!(await cache.find(id)) && (await cache.partial(id)) === 0) return id;
  }
}
