/** What a run's embeddings say of the classes of training/: the posteriors that some rankings use. */
import { splitTraining, type TrainingSplit } from '../data/splits.ts';
import { AppError } from '../errors.ts';
import type { Head } from '../heads/head.ts';
import { EMBEDDING_SIZE } from '../heads/parameters.ts';
import { type Calibration, type PosteriorSettings, unfitted } from '../heads/posterior.ts';
import { joinRows } from '../math/vectors.ts';
import { rankingNamed } from '../search/rankings.ts';
import { type Embeddings, orderDigest, type RowBlocks } from '../storage/embeddings.ts';
import { loadFeatures } from '../storage/features.ts';
import type { ImageRecord, Split } from '../types.ts';
import { move } from '../workers/connect.ts';
import type { OwnedComparison } from '../workers/training-protocol.ts';
import type { Context } from './context.ts';
import { modelId, type ReadImage, type Run, type RunMember, splitImages, trainedTogether } from './run.ts';
import { blocksOfSplit } from './run-blocks.ts';
import { type HeadChoice, headsOf } from './run-embeddings.ts';
import type { GalleryClasses } from './search-client.ts';
import { storedHeads, trainingLabels } from './train-heads.ts';
import { repeatedOnce } from './worker-faults.ts';

/** What stands for each class among the embeddings of each member. */
interface ClassVectors {
  readonly classes: number;
  readonly heads: ReadonlyMap<RunMember, Head>;
  /** [classes, d] a member. */
  readonly vectors: ReadonlyMap<RunMember, Float32Array<ArrayBuffer>>;
}

/**
 * The rows of a head's classifier; of a frozen member, and of a head from a file that has none, the mean embedding of each
 * class in training/. With 'fitHeads', of the part that they have learned from.
 */
async function classVectors(context: Context, run: Run, choice: HeadChoice): Promise<ClassVectors> {
  const { classes } = trainingLabels(run);
  const heads = await headsOf(context, run, choice);
  const vectors = new Map<RunMember, Float32Array<ArrayBuffer>>();
  for (const member of run.members) {
    const head = heads.get(member) ?? null;
    vectors.set(member, head?.classifier?.weight ?? (await meansOf(context, run, member, head, choice)));
  }
  const [only] = run.members;
  const head = only && heads.get(only);
  // A head from a file knows the classes that it was trained on.
  const known =
    run.loaded !== null && head?.classifier ? head.classifier.weight.length / EMBEDDING_SIZE : classes.length;
  return { classes: known, heads, vectors };
}

async function meansOf(
  { database, workers }: Context,
  run: Run,
  { featuresKey, dimensions }: RunMember,
  head: Head | null,
  choice: HeadChoice,
): Promise<Float32Array<ArrayBuffer>> {
  const { labels, classes } = trainingLabels(run);
  if (classes.length < 2) {
    throw new AppError(
      'dataset-unusable',
      'A ranking by class needs training images of at least two classes. The plain ranking works without.',
    );
  }
  const images = splitImages(run.images, 'training');
  const rows =
    choice === 'heads' ? labels.map((_, row) => row) : splitTraining(labels, classes.length, run.recipe.seed).fit;
  const hashes = [...rows].flatMap((row) => images[row]?.hash ?? []);
  const codes = Int32Array.from(rows, (row) => labels[row] ?? -1);
  return repeatedOnce(null, async () => {
    const features = await loadFeatures(database, featuresKey, hashes, dimensions);
    const worker = await workers.training.api();
    return worker.classMeans(move({ features, dimensions, head }, features.buffer), codes, classes.length);
  });
}

/** Cosines of images to each class by each member, [n, members · classes], in the order of their hashes. */
function cosinesOf(context: Context, run: Run, vectors: ClassVectors, hashes: readonly string[]): Promise<Embeddings> {
  return cosinesOfFeatures(context, run, vectors, ({ featuresKey, dimensions }) =>
    loadFeatures(context.database, featuresKey, hashes, dimensions),
  );
}

/** The same of features at hand. `featuresOf` gives a member's rows, new ones each time: they are moved to the worker. */
function cosinesOfFeatures(
  { workers }: Context,
  run: Run,
  { classes, heads, vectors }: ClassVectors,
  featuresOf: (member: RunMember) => Promise<Float32Array<ArrayBuffer>>,
): Promise<Embeddings> {
  return repeatedOnce(null, async () => {
    const members: OwnedComparison[] = [];
    for (const member of run.members) {
      const { dimensions } = member;
      const features = await featuresOf(member);
      members.push({
        features,
        dimensions,
        head: heads.get(member) ?? null,
        vectors: vectors.get(member) ?? new Float32Array(),
      });
    }
    const worker = await workers.training.api();
    const matrix = await worker.classCosines(move(members, ...members.map(({ features }) => features.buffer)));
    return { matrix, dimensions: run.members.length * classes };
  });
}

/** Whether the gallery may hold classes outside training/: as it seems by its labels, or as the user says. */
export type OpenChoice = 'auto' | 'on' | 'off';

/** How a run's rankings use classes. */
export interface RunClasses {
  readonly settings: PosteriorSettings;
  readonly calibration: Calibration;
  /** False of the usual one. */
  readonly isFitted: boolean;
  /** Validation images that the calibration was fitted on; without any, it came with the head's file, or is the usual one. */
  readonly images: number;
  /** Null where nothing can be validated. */
  readonly validated: ValidatedClasses | null;
}

/** Null where the run's ranking uses none. */
export async function runClasses(context: Context, run: Run, choice: OpenChoice): Promise<RunClasses | null> {
  return rankingNamed(run.rank).usesClasses ? knownClasses(context, run, choice) : null;
}

/** Whatever the run's ranking: for one that may be chosen later. */
export async function knownClasses(context: Context, run: Run, choice: OpenChoice): Promise<RunClasses> {
  const parts = validationParts(run);
  const validated = parts && (await validatedClasses(context, run, parts));
  const fitted = validated?.calibration ?? (await broughtAlong(context, run));
  const calibration = fitted ?? unfitted(run.members.length);
  const open = choice === 'auto' ? looksOpen(run.images) : choice === 'on';
  return {
    settings: { scales: calibration.scales, floor: open ? calibration.floor : null },
    calibration,
    isFitted: fitted !== null,
    images: parts ? parts.gallery.length + parts.query.length : 0,
    validated,
  };
}

/** What a head's file said of its posterior; null where it said nothing, and of heads that were trained here. */
async function broughtAlong(context: Context, run: Run): Promise<Calibration | null> {
  const [group] = trainedTogether(run);
  return run.loaded !== null && group ? ((await storedHeads(context, run, group)).calibration ?? null) : null;
}

/** Whether a gallery image is labelled with a class that training/ has not. */
export function looksOpen(images: readonly ImageRecord[]): boolean {
  const known = new Set(splitImages(images, 'training').map(({ className }) => className));
  return splitImages(images, 'gallery').some(({ className }) => className !== null && !known.has(className));
}

/** The validation part of training/, and the rows of its images there. */
export interface ValidationParts {
  readonly split: TrainingSplit;
  readonly gallery: readonly ReadImage[];
  readonly query: readonly ReadImage[];
}

/** Null where no class is large enough to be divided, and for a head from a file: what it has seen is unknown. */
export function validationParts(run: Run): ValidationParts | null {
  if (run.loaded !== null) return null;
  const images = splitImages(run.images, 'training');
  const { labels, classes } = trainingLabels(run);
  const split = splitTraining(labels, classes.length, run.recipe.seed);
  if (split.query.length === 0) return null;
  const of = (rows: Int32Array) => [...rows].flatMap((row) => images[row] ?? []);
  return { split, gallery: of(split.gallery), query: of(split.query) };
}

/** Names what class vectors are made of besides the model: training images with their labels. */
function trainingDigest(run: Run): Promise<string> {
  return orderDigest(
    splitImages(run.images, 'training').map(({ hash, className }) => JSON.stringify([hash, className])),
  );
}

/** The cosines of a split's images to each class, stored beside their embeddings. */
interface ClassRows extends RowBlocks {
  /** Names their contents. */
  readonly digest: string;
}

async function classRows(context: Context, run: Run, split: Split): Promise<ClassRows> {
  const { digest: order } = await context.digests.order(run, split);
  const digest = await orderDigest([order, await trainingDigest(run)]);
  const blocks = blocksOfSplit(context, run, split, async () => {
    let vectors: Promise<ClassVectors> | null = null;
    return {
      modelId: `${await modelId(run)}/classes`,
      digest,
      make: async (hashes) => {
        vectors ??= classVectors(context, run, 'heads');
        return cosinesOf(context, run, await vectors, hashes);
      },
    };
  });
  return { ...blocks, digest };
}

/** What rankings know of the gallery's images. */
export async function galleryClasses(context: Context, run: Run, { settings }: RunClasses): Promise<GalleryClasses> {
  const { digest, ...rows } = await classRows(context, run, 'gallery');
  return { name: JSON.stringify([digest, settings]), settings, rows };
}

/** The cosines of a split's images to each class in one piece. */
export async function classCosines(context: Context, run: Run, split: Split): Promise<Embeddings> {
  const parts: Float32Array[] = [];
  let dimensions = 0;
  for await (const block of (await classRows(context, run, split)).blocks()) {
    parts.push(block.matrix);
    dimensions = block.dimensions;
  }
  return { matrix: joinRows(parts), dimensions };
}

/** What a run says of the classes of one image after the other; heads and class means are read once. */
export interface ImageClasses {
  /** Names in the order of the cosines; null of a head from a file, which does not tell them. */
  readonly names: readonly string[] | null;
  /** [members · classes] of an image, from its features by their keys, which stay as they are. */
  cosines(features: ReadonlyMap<string, Float32Array<ArrayBuffer>>): Promise<Float32Array<ArrayBuffer>>;
  /** [n, members · classes] of images whose features are stored, by their hashes. */
  cosinesOfStored(hashes: readonly string[]): Promise<Float32Array>;
  /**
   * [n, classes] of images whose embeddings [n, d] are known and not their features, as of what another gallery answers; moved away.
   * Throws AppError 'bad-argument' of an ensemble, whose embeddings are no member's.
   */
  cosinesOfEmbeddings(embeddings: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
}

/** Throws AppError 'dataset-unusable' where training/ has not two classes, or a head is not trained. */
export async function imageClasses(context: Context, run: Run): Promise<ImageClasses> {
  const vectors = await classVectors(context, run, 'heads');
  return {
    names: run.loaded === null ? trainingLabels(run).classes : null,
    async cosines(features) {
      const { matrix } = await cosinesOfFeatures(context, run, vectors, async ({ featuresKey, dimensions }) =>
        (features.get(featuresKey) ?? new Float32Array(dimensions)).slice(),
      );
      return matrix;
    },
    cosinesOfStored: async (hashes) => (await cosinesOf(context, run, vectors, hashes)).matrix,
    async cosinesOfEmbeddings(embeddings) {
      const [member] = run.members;
      if (!member || run.members.length > 1) {
        throw new AppError('bad-argument', 'The embeddings of an ensemble are none of its members’.');
      }
      const worker = await context.workers.training.api();
      // As of a frozen member: they have passed the head.
      const dimensions = vectors.heads.get(member) ? EMBEDDING_SIZE : member.dimensions;
      const ofClasses = vectors.vectors.get(member) ?? new Float32Array();
      const compared = { features: embeddings, dimensions, head: null, vectors: ofClasses };
      return worker.classCosines(move([compared], embeddings.buffer));
    },
  };
}

/** What the validation images say of the classes, by heads and class means that have not learned from them. */
export interface ValidatedClasses {
  readonly gallery: Embeddings;
  readonly queries: Embeddings;
  readonly calibration: Calibration;
}

async function validatedClasses(
  context: Context,
  run: Run,
  { split, gallery, query }: ValidationParts,
): Promise<ValidatedClasses> {
  const vectors = await classVectors(context, run, 'fitHeads');
  const cosines = async (images: readonly ReadImage[]) =>
    cosinesOf(
      context,
      run,
      vectors,
      images.map(({ hash }) => hash),
    );
  const [ofGallery, ofQueries] = [await cosines(gallery), await cosines(query)];
  const { labels } = trainingLabels(run);
  const rows = [...split.gallery, ...split.query];
  const worker = await context.workers.training.api();
  const calibration = await worker.calibrate(
    joinRows([ofGallery.matrix, ofQueries.matrix]),
    run.members.length,
    vectors.classes,
    Int32Array.from(rows, (row) => labels[row] ?? -1),
  );
  return { gallery: ofGallery, queries: ofQueries, calibration };
}
