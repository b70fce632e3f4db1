import type { Findings } from '../care/findings.ts';
import { codeLabels } from '../metrics/labels.ts';
import { getThumbnail } from '../storage/pictures.ts';
import { controlled, move } from '../workers/connect.ts';
import type { Context, Step } from './context.ts';
import { mapEmbeddings } from './embedding-map.ts';
import { createMeter } from './meter.ts';
import type { ReadImage, Run } from './run.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Below, two pictures are not one. */
const LEAST_CORRELATION = 0.8;
/** More are not compared: every pair is, and 20,000 images are 2 · 10⁸ pairs. */
const MOST_CARED_FOR = 20_000;

/** What a model's embeddings say of the images: two that are nearly one, labels that are likely wrong, images that lie apart. */
export interface CareReport {
  readonly pairs: readonly {
    readonly a: ReadImage;
    readonly b: ReadImage;
    /** Correlation of their brightness over the best crop (care/same-picture.ts): 1 for a picture and its copy. */
    readonly correlation: number;
  }[];
  readonly suspects: readonly {
    readonly image: ReadImage;
    readonly suggested: string;
    /** Between 0 and 1. */
    readonly score: number;
  }[];
  readonly outliers: readonly { readonly image: ReadImage; readonly similarity: number }[];
  /** Images that were compared, of all that there are. */
  readonly compared: number;
  readonly available: number;
}

/** Looks through the run's images, of all splits together. Labels of queries and gallery count as those of training do. */
export async function careOf(context: Context, run: Run, { signal, report, stage }: Step): Promise<CareReport> {
  const read = run.images.flatMap((image) => (image.hash === null ? [] : [{ ...image, hash: image.hash }]));
  const images = read.slice(0, MOST_CARED_FOR);
  const { query: labels } = codeLabels(
    images.map(({ className }) => className),
    [],
  );
  const names = new Map<number, string>();
  images.forEach(({ className }, row) => {
    if (className !== null) names.set(labels[row] ?? -1, className);
  });
  const findings = await repeatedOnce(signal, async () => {
    const { matrix, dimensions } = await mapEmbeddings(context, run, { images, available: read.length, key: '' });
    const meter = createMeter(images.length);
    return controlled<number, Findings>(
      signal,
      (share) => report(meter.reach(Math.floor(share * images.length))),
      async (control) =>
        (await context.workers.analysis.api()).care(
          move(matrix, matrix.buffer),
          dimensions,
          labels,
          names.size,
          control,
        ),
    );
  });
  stage('Looking for copies', 'pictures');
  const correlations = await correlationsOf(context, images, findings.pairs, { signal, report });
  const at = (row: number): ReadImage[] => (images[row] ? [images[row]] : []);
  return {
    pairs: findings.pairs
      .flatMap(({ a, b }, i) =>
        at(a).flatMap((first) => at(b).map((second) => ({ a: first, b: second, correlation: correlations[i] ?? -1 }))),
      )
      .filter(({ correlation }) => correlation >= LEAST_CORRELATION)
      .sort((one, other) => other.correlation - one.correlation),
    suspects: findings.suspects.flatMap(({ row, suggested, score }) =>
      at(row).map((image) => ({ image, suggested: names.get(suggested) ?? '', score })),
    ),
    outliers: findings.outliers.flatMap(({ row, similarity }) => at(row).map((image) => ({ image, similarity }))),
    compared: images.length,
    available: read.length,
  };
}

/** By the stored thumbnails: the embeddings of a cropped copy and of another photo of the same thing are equally near. */
async function correlationsOf(
  { database, workers }: Context,
  images: readonly ReadImage[],
  pairs: Findings['pairs'],
  { signal, report }: Pick<Step, 'signal' | 'report'>,
): Promise<Float32Array> {
  const rows = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const place = new Map(rows.map((row, i) => [row, i]));
  const pictures: Blob[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    const stored = await getThumbnail(database, images[row]?.hash ?? '');
    pictures.push(stored?.blob ?? new Blob());
  }
  const positions = Int32Array.from(pairs.flatMap(({ a, b }) => [place.get(a) ?? -1, place.get(b) ?? -1]));
  const meter = createMeter(pictures.length + pairs.length);
  return repeatedOnce(signal, () =>
    controlled<number, Float32Array<ArrayBuffer>>(
      signal,
      (done) => report(meter.reach(done)),
      async (control) => (await workers.analysis.api()).samePictures(pictures, positions, control),
    ),
  );
}
