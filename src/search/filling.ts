import { AppError } from '../errors.ts';
import { assertUnitRows } from '../math/vectors.ts';
import type { GalleryRoom, HeldGallery, SearchKernel } from './held-gallery.ts';

/** A gallery that comes in blocks of rows, first to last, so that memory never holds all of it twice. */
export class Filling {
  readonly #room: GalleryRoom;
  readonly #rows: number;
  readonly #dimensions: number;
  #filled = 0;

  /** Throws AppError 'bad-argument' where the rows are too many for the kernel. */
  constructor(kernel: SearchKernel, rows: number, dimensions: number) {
    this.#room = kernel.room(rows, dimensions);
    this.#rows = rows;
    this.#dimensions = dimensions;
  }

  /**
   * Copies the next rows, `block` [m, dimensions]. Throws AppError 'bad-argument' unless they are unit vectors or zero, and
   * no more than were announced.
   */
  fill(block: Float32Array): void {
    const rows = assertUnitRows(block, this.#dimensions);
    if (this.#filled + rows > this.#rows) {
      throw new AppError('bad-argument', `More rows came than the ${this.#rows} that the gallery was to have.`);
    }
    this.#room.write(block, this.#filled);
    this.#filled += rows;
  }

  /** The gallery, ready to be searched; null while rows are missing. */
  whole(): HeldGallery | null {
    return this.#filled === this.#rows ? this.#room.held() : null;
  }
}
