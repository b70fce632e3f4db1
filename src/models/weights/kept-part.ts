import { createSHA256, type IHasher } from 'hash-wasm';
import { aborted } from '../../errors.ts';
import { type PartialRecord, parseRecord, partialSchema } from './records.ts';
import { type Appender, explainWrite, type WeightsStore } from './store.ts';

export const FILE = 'model.safetensors';
export const PARTIAL = 'partial.json';

const PIECE = 4 * 1024 * 1024;

/**
 * The beginning of model.safetensors that is in the store already, hashed as it grows. Beside it, partial.json says what
 * it is the beginning of, so that a download can be continued after a reload. Close it.
 */
export class KeptPart {
  private constructor(
    private readonly store: WeightsStore,
    private readonly folder: string,
    private readonly appender: Appender,
    private readonly hasher: IHasher,
    private kept: PartialRecord | null,
  ) {}

  /**
   * Opens what is kept of the file at `url`, empty where that is nothing, or of another file than `sha256` names, or
   * where neither hash nor ETag could tell. Kept bytes are read once, for the hash.
   */
  static async open(
    store: WeightsStore,
    folder: string,
    expected: { readonly url: string; readonly sha256: string | null } | null,
    signal: AbortSignal,
  ): Promise<KeptPart> {
    const record = await (await store.read(folder, PARTIAL))?.text();
    const kept = record === undefined ? null : parseRecord(partialSchema, record);
    const fits = kept?.url === expected?.url && kept?.sha256 === expected?.sha256;
    const tellable = expected?.sha256 != null || kept?.etag != null;
    const continued = kept !== null && fits && tellable;
    const hasher = await createSHA256();
    const before = continued ? await store.read(folder, FILE) : null;
    if (before) await hashAll(before, hasher, signal);
    const part = new KeptPart(store, folder, await store.append(folder, FILE), hasher, continued ? kept : null);
    if (part.size !== (before?.size ?? 0) || !continued) part.clear();
    return part;
  }

  get size(): number {
    return this.appender.size;
  }

  get etag(): string | null {
    return this.kept?.etag ?? null;
  }

  /** Says what the bytes to come are the beginning of. Before the first of them. */
  async describe(record: PartialRecord): Promise<void> {
    try {
      await this.store.write(this.folder, PARTIAL, JSON.stringify(record));
    } catch (cause) {
      throw explainWrite(cause, this.size, null);
    }
    this.kept = record;
  }

  /** @throws AppError 'storage-full' where the browser gives no more room; what was written before stays. */
  append(bytes: Uint8Array<ArrayBuffer>, total: number | null): void {
    try {
      this.appender.write(bytes);
    } catch (cause) {
      throw explainWrite(cause, this.size, total);
    }
    this.hasher.update(bytes);
  }

  clear(): void {
    this.appender.clear();
    this.hasher.init();
  }

  /** Hash of all bytes so far; nothing can be appended afterwards, except after `clear`. */
  sha256(): string {
    return this.hasher.digest('hex');
  }

  close(): void {
    this.appender.close();
  }
}

async function hashAll(blob: Blob, hasher: IHasher, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < blob.size; at += PIECE) {
    if (signal.aborted) throw aborted();
    hasher.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  }
}
