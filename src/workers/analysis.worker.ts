import { careFindings, type Findings } from '../care/findings.ts';
import { correlationOfCrops, GREY_SIDE } from '../care/same-picture.ts';
import { averageLinkage } from '../math/average-linkage.ts';
import { type Clusters, kMeans } from '../math/k-means.ts';
import { normaliseRows } from '../math/vectors.ts';
import { pairedDifference } from '../metrics/intervals.ts';
import { judgeNeighbours } from '../metrics/similarities.ts';
import type { AnalysisWorker, Difference } from './analysis-protocol.ts';
import { move, serve } from './serve.ts';
import { controlledBy, stepper } from './steps.ts';

/** Adds the cosines of unit rows [n, dimensions] among one another to `sums` [n, n]. A sum orders them as their mean does. */
function addCosines(rows: Float32Array, dimensions: number, sums: Float32Array): void {
  const n = rows.length / dimensions;
  for (let a = 0; a < n; a++) {
    for (let b = a; b < n; b++) {
      let cosine = 0;
      for (let i = 0; i < dimensions; i++) {
        cosine += (rows[a * dimensions + i] as number) * (rows[b * dimensions + i] as number);
      }
      (sums[a * n + b] as number) += cosine;
      if (a !== b) (sums[b * n + a] as number) += cosine;
    }
  }
}

/** One step. */
function* only(done: number): Generator<number, void> {
  yield done;
}

const api: AnalysisWorker = {
  differences(first, others, aggregate, seed, control) {
    function* steps(): Generator<number, Difference[]> {
      const differences: Difference[] = [];
      for (const other of others) {
        differences.push(pairedDifference(first, other, aggregate, { seed }));
        yield differences.length;
      }
      return differences;
    }
    return controlledBy<Difference[]>(control, ({ signal, report }) => stepper([signal], report).steps(steps()));
  },

  care(embeddings, dimensions, labels, classes, control) {
    const steps = careFindings(embeddings, dimensions, labels, classes, 0);
    return controlledBy<Findings>(control, ({ signal, report }) => stepper([signal], report).steps(steps));
  },

  clusters(embeddings, dimensions, count, seed, control) {
    return controlledBy<Clusters>(control, async ({ signal, report }) => {
      const found = await stepper([signal], report).steps(kMeans(embeddings, dimensions, count, seed));
      return move(found, found.of.buffer);
    });
  },

  groups(members, largest) {
    const [first] = members;
    const n = first ? first.features.length / first.dimensions : 0;
    const sums = new Float32Array(n * n);
    for (const { features, dimensions } of members) addCosines(normaliseRows(features, dimensions), dimensions, sums);
    const groups = averageLinkage(sums, n, largest);
    return Promise.resolve(move(groups, groups.buffer));
  },

  samePictures(pictures, pairs, control) {
    return controlledBy<Float32Array<ArrayBuffer>>(control, async ({ signal, report }) => {
      const work = stepper([signal], report);
      const grey: (Float32Array | null)[] = [];
      for (const picture of pictures) {
        grey.push(await greyPicture(picture));
        if (grey.length % 50 === 0) await work.steps(only(grey.length));
      }
      const found = await work.steps(
        (function* () {
          const correlations = new Float32Array(pairs.length / 2);
          for (let i = 0; i < correlations.length; i++) {
            const [a, b] = [grey[pairs[2 * i] ?? -1], grey[pairs[2 * i + 1] ?? -1]];
            correlations[i] = a && b ? correlationOfCrops(a, b) : -1;
            if (i % 20 === 0) yield pictures.length + i;
          }
          return correlations;
        })(),
      );
      return move(found, found.buffer);
    });
  },

  similarities(neighbours, asked, searched) {
    const judged = judgeNeighbours(neighbours, asked, searched);
    return Promise.resolve(move(judged, judged.similarities.buffer, judged.right.buffer));
  },
};

serve(api);

/** A picture in grey [64, 64], stretched to the square; null where it cannot be decoded. */
async function greyPicture(picture: Blob): Promise<Float32Array | null> {
  const bitmap = await createImageBitmap(picture, {
    resizeWidth: GREY_SIDE,
    resizeHeight: GREY_SIDE,
    resizeQuality: 'high',
  }).catch(() => null);
  const context = new OffscreenCanvas(GREY_SIDE, GREY_SIDE).getContext('2d', { willReadFrequently: true });
  if (!bitmap || !context) return null;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, GREY_SIDE, GREY_SIDE);
  // ITU-R BT.601.
  return Float32Array.from(
    { length: GREY_SIDE ** 2 },
    (_, i) => 0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0),
  );
}
