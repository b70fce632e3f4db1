/** Parts of training/ to choose a model by, as unlike what heads learn from as the test will be. */
import { SMALLEST_DIVIDED_CLASS } from '../data/splits.ts';
import { AppError, aborted } from '../errors.ts';
import { stratifiedSample } from '../math/random.ts';
import { loadFeatures } from '../storage/features.ts';
import { usableHashes } from '../storage/imported.ts';
import { move } from '../workers/connect.ts';
import type { Context, Step, Subject } from './context.ts';
import { createMeter } from './meter.ts';
import { type ReadImage, splitImages } from './run.ts';
import { missingWeights } from './weights-catalogue.ts';
import { repeatedOnce } from './worker-faults.ts';

/** More images would not tell models apart better, and each fold's heads learn from most of them. */
const MOST_IMAGES = 20_000;
/** Within a class, every pair is compared. */
const MOST_OF_A_CLASS = 1000;

/** A data set made of training/: its queries are one held-out half, its gallery the other. */
export interface Fold {
  readonly subject: Subject;
  /** The group of each query image, and of each gallery image. */
  readonly groups: readonly [Int32Array, Int32Array];
}

interface Network {
  readonly featuresKey: string;
  readonly dimensions: number;
  /** Whether it learned what pictures show; the descriptor did not. */
  readonly learned: boolean;
}

/**
 * Photos of one shoot are nearly one another's copies: where some are learned from and others asked, memorising is rewarded. So
 * the images of each class are grouped by how alike they are to the networks as they come, or to the descriptor where it is
 * alone (the mean of their frozen cosines, average linkage, no group above a quarter of its class), and groups are held out whole. In each fold, heads learn from the
 * groups of the others, and each held-out image is asked among those of other groups. Null where no class can be divided so.
 * Throws AppError 'weights-missing' where weights were never here.
 */
export async function groupsHeldOut(
  context: Context,
  { datasetId, images }: Subject,
  weightsIds: readonly string[],
  folds: number,
  { signal, report, stage }: Step,
): Promise<Fold[] | null> {
  const all = weightsIds.map((id) => networkOf(context, id));
  const learned = all.filter((one) => one.learned);
  const networks = learned.length > 0 ? learned : all;
  const used = await sampled(context, { datasetId, images }, all);
  const classes = rowsByClass(used);
  if (!classes.some((rows) => rows.length >= SMALLEST_DIVIDED_CLASS)) return null;
  stage('Looking for photos of one shoot', 'classes');
  const meter = createMeter(classes.length);
  const labels = new Int32Array(used.length);
  const groups = new Int32Array(used.length);
  let before = 0;
  for (const [label, rows] of classes.entries()) {
    if (signal.aborted) throw aborted();
    const hashes = rows.flatMap((row) => used[row]?.hash ?? []);
    const found = await groupsOf(context, networks, hashes);
    rows.forEach((row, i) => {
      labels[row] = label;
      groups[row] = before + (found[i] ?? 0);
    });
    before += Math.max(...found) + 1;
    report(meter.advance(1));
  }
  // Where few classes can be divided, there may be nothing in a fold.
  return groupFolds(labels, groups, folds)
    .filter(({ halves }) => halves.every((half) => half.length > 0))
    .map((fold) => foldOf(datasetId, used, groups, fold));
}

function networkOf({ weights }: Context, id: string): Network {
  const found = weights.find(id);
  if (!found) throw new AppError('weights-missing', `The weights ${id} are not in the list of models.`);
  const usable = weights.usable(found);
  if (!usable) throw missingWeights(found);
  return { featuresKey: usable.featuresKey, dimensions: found.features, learned: found.origin !== 'built-in' };
}

/** Labelled training images that all networks have embedded; a sample of them where there are many. */
async function sampled(
  { database }: Context,
  { datasetId, images }: Subject,
  networks: readonly Network[],
): Promise<ReadImage[]> {
  let embedded = splitImages(images, 'training').filter(({ className }) => className !== null);
  for (const { featuresKey } of networks) {
    const stored = await usableHashes(database, featuresKey, datasetId);
    embedded = embedded.filter(({ hash }) => stored.has(hash));
  }
  const names = embedded.map(({ className }) => className ?? '');
  const some = [...stratifiedSample(names, MOST_IMAGES, 0)].flatMap((row) => embedded[row] ?? []);
  return rowsByClass(some).flatMap((rows) => {
    const taken = stratifiedSample(new Array<string>(rows.length).fill(''), MOST_OF_A_CLASS, 0);
    return [...taken].flatMap((at) => some[rows[at] ?? -1] ?? []);
  });
}

function rowsByClass(images: readonly ReadImage[]): number[][] {
  const rows = new Map<string | null, number[]>();
  images.forEach(({ className }, row) => {
    const known = rows.get(className);
    if (known) known.push(row);
    else rows.set(className, [row]);
  });
  return [...rows.values()];
}

/** Groups of the images of one class, counted from 0. */
function groupsOf(context: Context, networks: readonly Network[], hashes: readonly string[]): Promise<Int32Array> {
  return repeatedOnce(null, async () => {
    const members: { features: Float32Array<ArrayBuffer>; dimensions: number }[] = [];
    for (const { featuresKey, dimensions } of networks) {
      members.push({ features: await loadFeatures(context.database, featuresKey, hashes, dimensions), dimensions });
    }
    const buffers = members.map(({ features }) => features.buffer);
    const worker = await context.workers.analysis.api();
    return worker.groups(move(members, ...buffers), largestGroup(hashes.length));
  });
}

function foldOf(
  datasetId: string,
  images: readonly ReadImage[],
  groups: Int32Array,
  { training, halves: [asked, searched] }: GroupFold,
): Fold {
  const take = (rows: Int32Array, split: ReadImage['split']) =>
    [...rows].flatMap((row) => (images[row] ? [{ ...images[row], split }] : []));
  const groupsAt = (rows: Int32Array) => Int32Array.from(rows, (row) => groups[row] ?? -1);
  return {
    subject: {
      datasetId,
      images: [...take(training, 'training'), ...take(asked, 'query'), ...take(searched, 'gallery')],
    },
    groups: [groupsAt(asked), groupsAt(searched)],
  };
}

/** The most of a class that one group may hold: at least two groups can be asked and searched, and two learned from. */
const LARGEST_GROUP = 1 / 4;

/** The most images of a class of `images` that may be one group. */
export const largestGroup = (images: number): number => Math.max(1, Math.floor(images * LARGEST_GROUP));

/** Row numbers, in ascending order. Each half is searched with the images of the other. */
interface GroupFold {
  /** Rows that heads learn from. */
  readonly training: Int32Array<ArrayBuffer>;
  readonly halves: readonly [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
}

/**
 * Divides rows into `folds` so that a group is never on two sides: neither do heads learn from images of a group that is held
 * out, nor is an image asked among its own group. `labels` [n] are class numbers, `groups` [n] numbers of groups, which hold
 * images of one class each. Every group is held out in one fold at most, and always in one where its class has four groups
 * or more; a class of fewer than four images, or groups, is learned from in all folds. Depends on labels and groups alone.
 */
export function groupFolds(labels: Int32Array, groups: Int32Array, folds: number): GroupFold[] {
  const rowsOfClass = new Map<number, Map<number, number[]>>();
  labels.forEach((label, row) => {
    const ofClass = rowsOfClass.get(label) ?? new Map<number, number[]>();
    rowsOfClass.set(label, ofClass);
    const group = groups[row] as number;
    const known = ofClass.get(group);
    if (known) known.push(row);
    else ofClass.set(group, [row]);
  });
  /** Each row's half, counted over all folds: 2 · fold, or one more. */
  const halfOf = new Int32Array(labels.length).fill(-1);
  let first = 0;
  for (const ofClass of rowsOfClass.values()) {
    if (ofClass.size < SMALLEST_DIVIDED_CLASS) continue;
    // Whole folds alone: in a half without the other, nothing can be found.
    const halves = 2 * Math.min(folds, Math.floor(ofClass.size / 2));
    const held = new Int32Array(halves);
    for (const rows of [...ofClass.values()].sort((a, b) => b.length - a.length)) {
      const smallest = held.indexOf(Math.min(...held));
      held[smallest] = (held[smallest] as number) + rows.length;
      for (const row of rows) halfOf[row] = (2 * first + smallest) % (2 * folds);
    }
    // Classes of few groups have no part in some folds: not in the same ones.
    first = (first + 1) % folds;
  }
  const rowsWhere = (passes: (half: number) => boolean) =>
    Int32Array.from([...halfOf.keys()].filter((row) => passes(halfOf[row] as number)));
  return Array.from({ length: folds }, (_, fold) => ({
    training: rowsWhere((half) => half >> 1 !== fold),
    halves: [rowsWhere((half) => half === 2 * fold), rowsWhere((half) => half === 2 * fold + 1)],
  }));
}
