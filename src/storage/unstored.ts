import { AppError } from '../errors.ts';
import type { TrainingResult } from '../heads/training.ts';
import type { ScoredSplit } from '../types.ts';
import type { JudgedRun } from './schema.ts';

/** So much waits in memory for room: a page that takes gigabytes is killed, with all that it holds. */
const MOST_BYTES = 256 * 2 ** 20;

interface Waiting {
  readonly bytes: number;
  readonly write: () => Promise<void>;
}

/** What a write is of: a later one of the same name takes the place of one that waits. */
export interface Written {
  readonly name: string;
  readonly bytes: number;
}

/** A run as it would be stored. */
export interface UnstoredRun {
  readonly datasetId: string;
  readonly runId: string;
  readonly run: unknown;
  readonly judged: Readonly<Record<ScoredSplit, JudgedRun | null>>;
}

/** What the browser had no room for, in memory until it has: work goes on, and nothing computed is lost meanwhile. */
export class Unstored {
  readonly #waiting = new Map<string, Waiting>();
  /** Features among it, by key and hash: they are read again long before there is room. */
  readonly features = new Map<string, Map<string, Float32Array<ArrayBuffer>>>();
  /** Trained heads among it, by the name of their write. */
  readonly heads = new Map<string, TrainingResult>();
  /** Runs among it, likewise. */
  readonly runs = new Map<string, UnstoredRun>();
  /** Hashes of the files among it: what is stored of these images is in use. */
  readonly hashes = new Set<string>();

  constructor(private readonly onKept: (refusal: AppError) => void) {}

  get bytes(): number {
    return [...this.#waiting.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Does `write`; where there is no room for it, keeps it for later. True where it is stored. Throws what `write` throws
   * otherwise, and the browser's refusal (AppError 'storage-full') once too much is waiting.
   */
  async store({ name, bytes }: Written, write: () => Promise<void>): Promise<boolean> {
    // What waits is older than this.
    const before = this.#waiting.get(name);
    try {
      await write();
      this.#waiting.delete(name);
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'storage-full') throw error;
      if (this.bytes - (before?.bytes ?? 0) + bytes > MOST_BYTES) throw error;
      this.#waiting.delete(name);
      this.#waiting.set(name, { bytes, write });
      this.onKept(error);
      return false;
    }
  }

  /** It is not wanted any more. */
  drop(name: string): void {
    this.#waiting.delete(name);
    this.heads.delete(name);
    this.runs.delete(name);
  }

  /** All of a data set, whose id is the second word of their names. */
  dropDataset(id: string): void {
    for (const name of [...this.#waiting.keys()]) if (name.split(' ')[1] === id) this.drop(name);
  }

  /** Tries to store all that waits, in order. Throws AppError 'storage-full' where there still is too little room. */
  async retry(): Promise<void> {
    for (const [name, { write }] of this.#waiting) {
      await write();
      this.#waiting.delete(name);
    }
    this.#clear();
  }

  forget(): void {
    this.#waiting.clear();
    this.#clear();
  }

  #clear(): void {
    this.hashes.clear();
    this.features.clear();
    this.heads.clear();
    this.runs.clear();
  }
}
