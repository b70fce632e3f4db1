import { AppError, quoted } from '../../errors.ts';
import type { ArchitectureName, CachedWeights } from '../../types.ts';
import { tensorsOf } from '../networks/network.ts';
import { type Recognised, recognise } from '../recognition.ts';
import { openSafetensors } from '../safetensors.ts';
import { FILE, PARTIAL } from './kept-part.ts';
import { cachedSchema, parseRecord, partialSchema } from './records.ts';
import { explainWrite, folderName, type WeightsStore } from './store.ts';

const META = 'meta.json';

/**
 * Sets of weights in a store: a folder each, with model.safetensors and, once that is verified, meta.json; before that,
 * partial.json.
 */
export class WeightsCache {
  constructor(readonly store: WeightsStore) {}

  /** The verified sets. Folders with neither a usable meta.json nor a usable partial.json are removed. */
  async list(): Promise<CachedWeights[]> {
    const found: CachedWeights[] = [];
    for (const folder of await this.store.folders()) {
      const cached = await this.#read(folder);
      if (cached) found.push(cached);
      else if ((await this.#partialSize(folder)) === null) await this.#sweep(folder);
    }
    return found;
  }

  async find(id: string): Promise<CachedWeights | null> {
    return this.#read(folderName(id));
  }

  /** Bytes of an unfinished download. */
  async partial(id: string): Promise<number> {
    const folder = folderName(id);
    return (await this.#read(folder)) ? 0 : ((await this.#partialSize(folder)) ?? 0);
  }

  /** @throws AppError 'weights-missing'. */
  async open(id: string): Promise<Blob> {
    const folder = folderName(id);
    const file = (await this.#read(folder)) && (await this.store.read(folder, FILE));
    if (!file) {
      throw new AppError('weights-missing', `The weights ${id} are not in this browser.`);
    }
    return file;
  }

  /**
   * Checks the complete file that was written for `cached` and lists it from now on.
   * @throws AppError 'weights-refused', 'weights-mismatch'; the folder is removed then.
   */
  async admit(cached: CachedWeights): Promise<CachedWeights> {
    const folder = folderName(cached.id);
    try {
      const file = await this.store.read(folder, FILE);
      if (file?.size !== cached.bytes) {
        throw new AppError('storage-refused', 'The browser lost the downloaded file. Nothing was cached; try again.');
      }
      await checkContent(file, cached.architecture);
      await this.store.write(folder, META, JSON.stringify(cached));
    } catch (error) {
      await this.store.removeFolder(folder);
      throw explainWrite(error, 0, cached.bytes);
    }
    await this.store.removeFile(folder, PARTIAL);
    return cached;
  }

  /** @throws AppError 'storage-refused' while the weights are being downloaded. */
  async remove(id: string): Promise<void> {
    const folder = folderName(id);
    const removed = await ifUnlocked(folder, () => this.store.removeFolder(folder));
    if (!removed) {
      throw new AppError('storage-refused', `The weights ${id} are being downloaded; cancel that, then remove them.`);
    }
  }

  async #read(folder: string): Promise<CachedWeights | null> {
    const text = await (await this.store.read(folder, META))?.text();
    const cached = text === undefined ? null : parseRecord(cachedSchema, text);
    if (!cached || folderName(cached.id) !== folder) return null;
    return (await this.store.read(folder, FILE))?.size === cached.bytes ? cached : null;
  }

  async #partialSize(folder: string): Promise<number | null> {
    const text = await (await this.store.read(folder, PARTIAL))?.text();
    if (text === undefined || !parseRecord(partialSchema, text)) return null;
    return (await this.store.read(folder, FILE))?.size ?? null;
  }

  /** Leaves a folder alone that another tab is just filling. In memory there are no remains of a crash. */
  async #sweep(folder: string): Promise<void> {
    if (!this.store.lasting) return;
    await ifUnlocked(folder, async () => {
      const filled = (await this.#read(folder)) ?? (await this.#partialSize(folder));
      if (filled === null) await this.store.removeFolder(folder);
    });
  }
}

/**
 * Does `act` while no other tab or call works on these weights; waits for them.
 * @throws AppError 'bad-argument' for an unusable id, what `act` throws, and the signal's reason when it aborts the wait.
 */
export async function locked<T>(id: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  // Missing on plain http, where nothing is shared between tabs either.
  if (!('locks' in navigator)) return act();
  return navigator.locks.request(lockName(folderName(id)), { signal }, act);
}

async function ifUnlocked(folder: string, act: () => Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) {
    await act();
    return true;
  }
  return navigator.locks.request(lockName(folder), { ifAvailable: true }, async (lock) => {
    if (lock) await act();
    return lock !== null;
  });
}

function lockName(folder: string): string {
  return `likeness-weights:${folder}`;
}

async function checkContent(file: Blob, expected: ArchitectureName): Promise<void> {
  const found = recognise(await openSafetensors(file));
  if (found.architectures.includes(expected)) return checkValues(found, expected);
  throw new AppError(
    'weights-mismatch',
    `The tensors in this file are those of ${found.architectures[0]}, not those of ${expected}. It was not kept.`,
  );
}

/** Reads every tensor that the network will: what it cannot read or use is refused now, and not at the first query. */
async function checkValues({ read }: Recognised, architecture: ArchitectureName): Promise<void> {
  for (const [name, shape] of tensorsOf(architecture)) {
    const values = await read(name);
    const wrong = name.endsWith('running_var')
      ? values.some((value) => value < 0) && 'negative variances'
      : shape.length > 1 && values.every((value) => value === 0) && 'nothing but zeros';
    if (wrong) {
      const sentence = `These weights cannot be used: the tensor ${quoted(name)} holds ${wrong}. Nothing was cached.`;
      throw new AppError('weights-refused', sentence);
    }
  }
}
