import type { Database } from '../storage/database.ts';
import { getFeatures } from '../storage/features.ts';
import { acceptImported, dropImported, type Imported, importedFeatures } from '../storage/imported.ts';
import type { ImageRecord, Weights } from '../types.ts';
import type { Step } from './context.ts';
import type { ReadImage } from './run.ts';
import type { UsableWeights } from './weights-catalogue.ts';

/** Of a file whose rows are false in one of four, eight show it nine times in ten; of one that is all zeros, always. */
const SAMPLE = 8;
/** Engines differ by less than a thousandth of this in the angle, half precision included, and in length. */
const LEAST_COSINE = 0.999;
const LENGTHS = 0.01;

/** The images of a data set whose features came in a file and were never checked. */
export async function importedOf(
  database: Database,
  featuresKey: string,
  images: readonly ImageRecord[],
): Promise<Imported[]> {
  const marked = await importedFeatures(database, featuresKey);
  if (marked.length === 0) return [];
  const hashes = new Set(images.map(({ hash }) => hash));
  return marked.filter(({ hash }) => hashes.has(hash));
}

/**
 * Decides about features that came in data sets' files: a sample, drawn by chance, is computed from the images themselves. Where
 * all of it is equal, the features of that file count as computed here; else all of them are deleted, so that they
 * are computed again. `extract` computes and stores. Throws what `extract` throws.
 */
export async function checkImported(
  database: Database,
  {
    featuresKey,
    weights: { features: dimensions, label },
  }: Pick<UsableWeights, 'featuresKey'> & { readonly weights: Pick<Weights, 'features' | 'label'> },
  images: ReadonlyMap<string, ReadImage>,
  extract: (images: readonly ReadImage[]) => Promise<unknown>,
  { stage }: Pick<Step, 'stage'>,
): Promise<void> {
  const bySource = new Map<string, string[]>();
  for (const { hash, datasetId } of await importedOf(database, featuresKey, [...images.values()])) {
    const hashes = bySource.get(datasetId);
    if (hashes) hashes.push(hash);
    else bySource.set(datasetId, [hash]);
  }
  for (const [datasetId, hashes] of bySource) {
    const sample = drawn(hashes, SAMPLE);
    const before = await getFeatures(database, featuresKey, sample, dimensions);
    stage(`Checking imported features of ${label}`, 'images');
    await extract(sample.flatMap((hash) => images.get(hash) ?? []));
    const after = await getFeatures(database, featuresKey, sample, dimensions);
    // What could not be computed here says nothing about what was.
    const stillImported = new Set((await importedFeatures(database, featuresKey)).map(({ hash }) => hash));
    const computed = sample.flatMap((hash, row) => (stillImported.has(hash) ? [] : [row]));
    if (computed.length === 0) continue;
    const rowOf = ({ matrix }: typeof before, row: number) => matrix.subarray(row * dimensions, (row + 1) * dimensions);
    const agree =
      before.missing.length === 0 && computed.every((row) => areEqual(rowOf(before, row), rowOf(after, row)));
    if (agree) await acceptImported(database, featuresKey, datasetId);
    else {
      await dropImported(database, featuresKey, datasetId);
      stage(`Imported features of ${label} are not those of the images: they are computed again`, 'images');
    }
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function areEqual(a: Float32Array, b: Float32Array): boolean {
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  if (lengthA === 0 || lengthB === 0) return lengthA === lengthB;
  const cosine = dot(a, b) / (lengthA * lengthB);
  return cosine >= LEAST_COSINE && Math.abs(lengthA / lengthB - 1) <= LENGTHS;
}

/** By chance and not by a seed: the maker of the file must not know which. */
function drawn(hashes: readonly string[], count: number): string[] {
  const rest = [...hashes];
  for (let at = 0; at < Math.min(count, rest.length); at++) {
    const other = at + Math.floor(Math.random() * (rest.length - at));
    [rest[at], rest[other]] = [rest[other] ?? '', rest[at] ?? ''];
  }
  return rest.slice(0, count);
}
