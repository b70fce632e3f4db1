/** Head training on WASM in its worker: milliseconds an epoch, and how long the page was held up meanwhile (features moved, as the app does). */
import { afterAll, expect, test } from 'vitest';
import { defaultRecipe } from '../../src/heads/recipe.ts';
import type { EpochReport, TrainingJob, TrainingResult } from '../../src/heads/training.ts';
import { seededRandom } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { controlled, move } from '../../src/workers/connect.ts';
import type { TrainingMessage } from '../../src/workers/training-protocol.ts';
import { timed } from '../browser/storage/fresh-database.ts';
import { startTrainingWorker } from '../browser/workers/training-worker.ts';

const { api, close } = startTrainingWorker();
afterAll(close);

/** 400 MB of features; `npm run bench -- --large` asks for them. */
const large = Boolean(import.meta.env['VITE_BENCH_LARGE']);

/** Clouds around class centres: what is learned does not matter, only how many numbers there are. */
function job(rows: number, dimensions: number, classes: number, epochs: number) {
  const random = seededRandom(0);
  const features = new Float32Array(rows * dimensions);
  for (let i = 0; i < features.length; i++)
    features[i] = random.uniform() + ((i % dimensions) % classes === 0 ? 0.1 : 0);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const recipe = { ...defaultRecipe('cosine'), epochs, patience: epochs, refit: false };
  const made: TrainingJob = { members: [{ features, dimensions }], labels, classes, recipe };
  return { made, features };
}

/** In turn, so that a machine that gets busier slows both. */
test.each([
  { rows: 849, dimensions: 2048, classes: 36, epochs: 60 },
  { rows: 10_000, dimensions: 2048, classes: 100, epochs: 6 },
  ...(large ? [{ rows: 50_000, dimensions: 2048, classes: 100, epochs: 4 }] : []),
])(
  '$epochs epochs on $rows × $dimensions features of $classes classes',
  async ({ rows, dimensions, classes, epochs }) => {
    for (const threads of [1, 2, 1, 2] as const) await measure(threads, rows, dimensions, classes, epochs);
  },
);

async function measure(threads: 1 | 2, rows: number, dimensions: number, classes: number, epochs: number) {
  await api.open('wasm', threads);
  const { made, features } = job(rows, dimensions, classes, epochs);
  // Making the numbers up is a long task of its own, and none of the training's.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const reports: EpochReport[] = [];
  const training = await timed(() =>
    controlled<TrainingMessage, TrainingResult>(
      new AbortController().signal,
      (message) => {
        if (message.kind === 'epoch') reports.push(message.report);
      },
      (control) => api.train(move(made, features.buffer), null, control),
    ),
  );
  const times = reports.map(({ milliseconds }) => milliseconds);
  console.info(
    [
      `${rows} × ${dimensions}, ${classes} classes, ${threads} ${threads === 1 ? 'thread' : 'threads'}: ${epochs} epochs in ${(training.ms / 1000).toFixed(1)} s,`,
      `median ${median(times).toFixed(0)} ms an epoch;`,
      `longest task of the page ${training.longestTask.toFixed(0)} ms `,
    ].join(' '),
  );
  expect(training.result.epochs).toBe(epochs);
}
