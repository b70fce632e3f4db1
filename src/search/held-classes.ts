import { AppError } from '../errors.ts';
import { canShareMemory } from '../math/shared-memory.ts';
import { countRows } from '../math/vectors.ts';
import type { ClassKernel } from './classes/kernel.ts';
import type { RankedBy } from './ranked-by.ts';
import type { Ranking } from './ranking.ts';

/** Posteriors that are held at most: 512 MB. */
const MOST = 2 ** 27;

/** Class posteriors of a gallery that come in blocks of rows, first to last. */
export class HeldClasses {
  readonly #classes: number;
  /** Cosines an image: of each class, by each member. */
  readonly #width: number;
  readonly #posteriorsOf: (cosines: Float32Array) => Float32Array;
  readonly #gallery: Float32Array;
  readonly #kernel: ClassKernel;
  #filled = 0;

  /**
   * Of `rows` images. `posteriorsOf` makes posteriors [m, classes] of cosines [m, members · classes]. Throws AppError
   * 'bad-argument' where they are too many.
   */
  constructor(
    kernel: ClassKernel,
    rows: number,
    members: number,
    classes: number,
    posteriorsOf: (cosines: Float32Array) => Float32Array,
  ) {
    if (!Number.isInteger(classes) || classes < 1 || rows * classes > MOST) {
      const sentence = `${rows} images and ${classes} classes are too many to be ranked by class. Choose the plain ranking.`;
      throw new AppError('bad-argument', sentence);
    }
    this.#kernel = kernel;
    this.#classes = classes;
    this.#width = members * classes;
    this.#posteriorsOf = posteriorsOf;
    // Where workers may share memory, these are read by all of them.
    const bytes = Float32Array.BYTES_PER_ELEMENT * rows * classes;
    this.#gallery = new Float32Array(canShareMemory() ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }

  /** The next rows, as cosines. Throws AppError 'bad-argument' where more come than were announced. */
  fill(cosines: Float32Array): void {
    const numbers = countRows(cosines, this.#width) * this.#classes;
    if (this.#filled + numbers > this.#gallery.length) {
      throw new AppError('bad-argument', 'There are more rows of class cosines than images in the gallery.');
    }
    this.#gallery.set(this.#posteriorsOf(cosines), this.#filled);
    this.#filled += numbers;
  }

  /** For queries of these cosines, a row a query. Throws AppError 'bad-argument' where rows are missing, or m is another. */
  rankedBy(ranking: Ranking, cosines: Float32Array, m: number): RankedBy {
    if (this.#filled < this.#gallery.length) {
      throw new AppError('bad-argument', 'The class cosines of this gallery have not all been handed to the search.');
    }
    if (countRows(cosines, this.#width) !== m) {
      throw new AppError('bad-argument', `The class cosines are not those of ${m} queries.`);
    }
    const queries = this.#posteriorsOf(cosines);
    return { ranking, classes: this.#classes, queries, gallery: this.#gallery, kernel: this.#kernel };
  }
}
