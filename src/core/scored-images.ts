import { stratifiedSample } from '../math/random.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import type { ImageRecord, ScoredSplit } from '../types.ts';
import { type ReadImage, splitImages } from './run.ts';

/** The images that a run's outcomes and neighbours count by their positions in these lists. */
export interface ScoredImages {
  readonly queries: ReadImage[];
  readonly gallery: ReadImage[];
  /** Position in the gallery of each query, where the gallery is searched within itself; else null. */
  readonly own: Int32Array<ArrayBuffer> | null;
}

/** In a larger gallery, a sample asks: 100,000 images among each other are 10¹⁰ pairs. */
const MOST_WITHIN = 10_000;

/**
 * Query images against gallery images. A labelled gallery without any query images is searched within itself: each of its
 * images is a query against all others.
 */
export function scoredImages(images: readonly ImageRecord[], split: ScoredSplit): ScoredImages {
  if (split === 'validation') {
    const training = splitImages(images, 'training');
    return { queries: training, gallery: training, own: null };
  }
  const gallery = splitImages(images, 'gallery');
  if (!isWithin(images)) return { queries: splitImages(images, 'query'), gallery, own: null };
  const own = stratifiedSample(
    gallery.map(({ className }) => className ?? ''),
    MOST_WITHIN,
    0,
  );
  return { queries: [...own].flatMap((row) => gallery[row] ?? []), gallery, own };
}

/** Whether the gallery is searched within itself: there are no query images, and two gallery images of one class. */
export function isWithin(images: readonly Pick<ImageRecord, 'split' | 'className'>[]): boolean {
  const known = new Set<string>();
  let pair = false;
  for (const { split, className } of images) {
    if (split === 'query') return false;
    if (split !== 'gallery' || className === null) continue;
    if (known.has(className)) pair = true;
    known.add(className);
  }
  return pair;
}

/** What the test queries are, as embeddings, by any maker of a split's rows. */
export async function queryRows(
  { own }: ScoredImages,
  rowsOf: (split: 'query' | 'gallery') => Promise<Embeddings>,
): Promise<Embeddings> {
  if (!own) return rowsOf('query');
  return rowsAt(await rowsOf('gallery'), own);
}

function rowsAt({ matrix, dimensions }: Embeddings, at: Int32Array): Embeddings {
  const rows = new Float32Array(at.length * dimensions);
  at.forEach((row, i) => {
    rows.set(matrix.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  return { matrix: rows, dimensions };
}
