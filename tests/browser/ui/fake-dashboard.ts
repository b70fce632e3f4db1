/** Runs with synthetic embeddings, searched, judged and stored as real ones are. */

import { fingerprint, subjectDigest } from '../../../src/app/comparison/runs.ts';
import { context, database } from '../../../src/app/context.ts';
import { scoredImages } from '../../../src/app/dashboard/dashboard.ts';
import { chooseDashboard } from '../../../src/app/dashboard/load.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { placed } from '../../../src/core/evaluate-run.ts';
import { withGallery } from '../../../src/core/gallery.ts';
import { wholeBlock } from '../../../src/core/run-blocks.ts';
import { validationParts } from '../../../src/core/run-classes.ts';
import type { RunRow } from '../../../src/core/run-name.ts';
import { type Judged, judge } from '../../../src/core/score.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { USUAL_KS } from '../../../src/metrics/registry.ts';
import type { RankingName } from '../../../src/search/rankings.ts';
import type { Embeddings } from '../../../src/storage/embeddings.ts';
import { type FeaturesRow, putFeatures } from '../../../src/storage/features.ts';
import { putRun } from '../../../src/storage/runs.ts';
import type { ImageRecord, ScoredSplit } from '../../../src/types.ts';
import { BASELINE, fakeRun, fakeRuns, fakeScores, finetuned, frozen, RESNET, VIT } from './fake-comparison.ts';
import { fillDataset } from './fake-state.ts';

export interface FakeDashboard {
  /** Positions among the runs; the best seed of an ensemble and the frozen ResNet-50 unless given. */
  readonly a?: number;
  /** Null for no second run. */
  readonly b?: number | null;
  /** Without: the test images of the runs have no labels. */
  readonly labelled?: boolean;
  /** So many, of as many recipes, in place of those of the comparison. */
  readonly runs?: number;
  /** The frozen ResNet-50 once more, in this order of its neighbours. */
  readonly alsoBy?: RankingName;
  /** Fills the data set again, with as many queries and gallery images. */
  readonly queries?: number;
}

/** By images, run and split: each is searched and judged once for all tests. */
const judgements = new Map<string, Promise<Judged | null>>();

/** Fills the comparison's runs and the dashboard. Fill the data set first, or give `queries`. */
export async function fillDashboard(options: FakeDashboard = {}): Promise<void> {
  const { a = 6, b = 1, labelled = true, runs: count, queries, alsoBy } = options;
  if (queries !== undefined) fillDataset({ counts: { training: 849, query: queries, gallery: queries } });
  const subject = await subjectDigest(workspace().dataset.getState().images);
  const stored = (judged: Judged | null) => judged && { subject, ...judged };
  const wanted = count === undefined ? fakeRuns(labelled) : manyRuns(count);
  if (alsoBy) wanted.push(fakeRun({ members: [frozen(RESNET)], rank: alsoBy, top1: 0.681, mapAtR: 0.328 }));
  const runs: RunRow[] = [];
  for (const [seed, run] of wanted.entries()) {
    const quality = (run.result.validation?.topk['1'] ?? 0.5) - 0.03;
    const once = (split: ScoredSplit) => {
      const key = JSON.stringify([subject, run.id, split]);
      const known = judgements.get(key) ?? judged(run, split, quality, seed);
      judgements.set(key, known);
      return known;
    };
    const [test, validation] = [labelled ? await once('test') : null, await once('validation')];
    const result = { ...run.result, test: test?.scores ?? null, validation: validation?.scores ?? null };
    runs.push({ ...run, result });
    await putRun(database, 'd1', run.id, runs.at(-1), { test: stored(test), validation: stored(validation) });
  }
  workspace().comparison.setState({ runs });
  const split = labelled ? 'test' : 'validation';
  await chooseDashboard(workspace(), { split, a: runs[a]?.id ?? null, b: runs[b ?? -1]?.id ?? null });
}

/** The run, perfect in the headline metric. */
export function perfect(run: RunRow): RunRow {
  const { test, validation } = run.result;
  const { metrics: _, ...kept } = test ?? validation ?? fakeScores(1, 1);
  return { ...run, result: { ...run.result, test: { ...kept, topk: { ...kept.topk, '10': 1 } } } };
}

const manyRuns = (count: number): RunRow[] =>
  Array.from({ length: count }, (_, at) => {
    const members = [finetuned(at % 2 === 0 ? RESNET : VIT)];
    return fakeRun({ members, recipe: { dropout: at / 100 }, top1: 0.5 + at / 100, mapAtR: 0.4 });
  });

const drawnFor = (text: string, stream = 0) => seededRandom(Number.parseInt(fingerprint(text), 16), stream);

/** Around a direction of its class, the nearer the better the run; half of an image's distance is the same in all runs. */
function embedded(images: readonly ImageRecord[], quality: number, seed: number, dimensions = 16): Embeddings {
  const rows = images.flatMap(({ path, className }) => {
    const [centre, shared, own] = [drawnFor(className ?? ''), drawnFor(path), drawnFor(path, seed + 1)];
    const apart = () => (1.5 - quality) * (shared.gaussian() + own.gaussian());
    return Array.from({ length: dimensions }, () => centre.gaussian() + apart());
  });
  return { matrix: normaliseRows(Float32Array.from(rows), dimensions), dimensions };
}

/** Searched and judged as the embeddings of a model are. */
async function judged({ choice }: RunRow, split: ScoredSplit, quality: number, seed: number): Promise<Judged | null> {
  const { images } = workspace().dataset.getState();
  const validation = validationParts({ ...choice, members: [], datasetId: 'd1', images });
  const test = scoredImages(images, 'test');
  const [queries, gallery] = split === 'test' ? [test.queries, test.gallery] : [validation?.query, validation?.gallery];
  if (!queries || !gallery) return null;
  const key = crypto.randomUUID();
  const rows = wholeBlock(gallery.length, async () => embedded(gallery, quality, seed));
  const ranked = { key, index: 'exact', queries: embedded(queries, quality, seed) } as const;
  const [asked, searched] = [queries, gallery].map((list) => list.map(({ className }) => className));
  const found = await withGallery(context, { key, rows, classes: null }, () =>
    judge(context, ranked, asked ?? [], searched ?? [], USUAL_KS, new AbortController().signal),
  );
  return split === 'test' || !validation ? found : placed(found, validation.split.query, validation.split.gallery);
}

/** Stores features of the descriptor for every image: maps are drawn from them. */
export async function fillFeatures(): Promise<void> {
  const weights = context.weights.find(BASELINE);
  const key = weights && context.weights.usable(weights)?.featuresKey;
  if (!key) throw new Error('The descriptor needs no file.');
  const { images } = workspace().dataset.getState();
  const { matrix } = embedded(images, 1, 0, weights.features);
  const rows = images.flatMap(({ hash }, at): FeaturesRow[] =>
    hash === null ? [] : [{ hash, features: matrix.slice(at * weights.features, (at + 1) * weights.features) }],
  );
  await putFeatures(database, key, rows);
}
