/** Models on held-out images. What each member makes of them is kept, so that a model costs its combination and its scores. */
import { AppError } from '../errors.ts';
import { joinCosines } from '../heads/class-cosines.ts';
import { floorOf, type PosteriorSettings, unfitted } from '../heads/posterior.ts';
import { joinRows } from '../math/vectors.ts';
import { rankingNamed } from '../search/rankings.ts';
import type { Embeddings } from '../storage/embeddings.ts';
import { loadFeatures } from '../storage/features.ts';
import type { OwnedEmbeddings } from '../workers/training-protocol.ts';
import { runOn } from './chosen-run.ts';
import type { Context, Step } from './context.ts';
import { withoutClasses } from './evaluate-run.ts';
import { withGallery } from './gallery.ts';
import type { Fold } from './held-out-groups.ts';
import { createMeter } from './meter.ts';
import { type ReadImage, type Run, type RunMember, splitImages } from './run.ts';
import { wholeBlock } from './run-blocks.ts';
import type { RunChoice } from './run-choice.ts';
import { imageClasses, knownClasses, type RunClasses } from './run-classes.ts';
import { combineMembers, embedMember, headsOf } from './run-embeddings.ts';
import { type Judged, judge } from './score.ts';
import { trainHeads } from './train-heads.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Numbers that are kept: 256 MB. What would exceed them is made again for every model that it is needed for. */
const KEPT_NUMBERS = 2 ** 26;

/** What one member makes of one half of a fold. */
interface Half {
  readonly embeddings: OwnedEmbeddings;
  /** Cosines of its images to each class, [n, classes]. */
  readonly cosines: Float32Array<ArrayBuffer>;
}

/** What one member makes of a fold. */
interface Seen {
  readonly asked: Half;
  readonly searched: Half;
  /** How its posteriors are made where it is the only member. */
  readonly alone: RunClasses;
}

/** Both halves of a fold as a model ranks them. */
interface Side {
  readonly images: readonly ReadImage[];
  readonly embedded: Embeddings;
  readonly cosines: Embeddings | null;
}

export interface HeldOutModels {
  /**
   * Judges a model on one half of a fold against the other, and the other way round; heads are trained where they are not
   * there. Positions are those within the halves. Throws AppError 'weights-missing' where weights were never here.
   */
  judge(fold: Fold, choice: RunChoice, label: string, step: Step): Promise<readonly [Judged, Judged]>;
}

/**
 * Judges models of one recipe by top-k accuracy. `open`: whether posteriors are flattened as in an open gallery. For each fold and
 * member, heads and features are read once, as long as what is made of them is no more than `most` numbers.
 */
export function createHeldOutModels(context: Context, k: number, open: boolean, most = KEPT_NUMBERS): HeldOutModels {
  const kept = new Map<Fold, Map<string, Seen>>();
  let numbers = 0;

  async function seen(fold: Fold, run: Run, member: RunMember, label: string, step: Step): Promise<Seen> {
    // For a frozen member, an average takes other rows than concatenation does.
    const key = JSON.stringify([member.featuresKey, member.head, member.head === 'frozen' && run.combine === 'mean']);
    const ofFold = kept.get(fold) ?? new Map<string, Seen>();
    kept.set(fold, ofFold);
    const known = ofFold.get(key);
    if (known) return known;
    const made = await seenBy(context, run, member, label, step);
    const count = numbersIn(made);
    if (numbers + count <= most) {
      numbers += count;
      ofFold.set(key, made);
    }
    return made;
  }

  return {
    async judge(fold, choice, label, step) {
      // Folds are made of images that all members have embedded.
      const run = runOn(context.weights, choice, fold.subject);
      if (!run) throw new AppError('weights-missing', `The weights of ${label} are not there. Download them first.`);
      step.stage(`Trying ${label}`, 'models');
      const members: Seen[] = [];
      for (const member of run.members) members.push(await seen(fold, run, member, label, step));
      const settings = rankingNamed(run.rank).usesClasses ? settingsOf(members, open) : null;
      const side = async (split: 'query' | 'gallery', of: (member: Seen) => Half): Promise<Side> => {
        const images = splitImages(run.images, split);
        const halves = members.map(of);
        const embedded = await combineMembers(
          context,
          run,
          halves.map(({ embeddings }) => embeddings),
        );
        return { images, embedded, cosines: settings && cosinesOf(halves, images.length) };
      };
      const [asked, searched] = [
        await side('query', (member) => member.asked),
        await side('gallery', (member) => member.searched),
      ];
      const name = await nameOf(context, run);
      return [
        await ask(context, run, `one way/${name}`, [asked, searched], k, settings, step.signal),
        await ask(context, run, `other way/${name}`, [searched, asked], k, settings, step.signal),
      ];
    },
  };
}

async function seenBy(context: Context, run: Run, member: RunMember, label: string, step: Step): Promise<Seen> {
  // By class, so that heads without a classifier, of an earlier version, are trained again at once.
  const alone: Run = { ...run, members: [member], combine: null, rank: 'class' };
  if (member.head === 'finetuned') {
    step.stage(`Training ${label}`, 'epochs');
    const epochs = createMeter(run.recipe.epochs);
    await trainHeads(context, alone, [member], step.signal, ({ epoch }) => step.report(epochs.reach(epoch)));
    step.stage(`Trying ${label}`, 'models');
  }
  const head = (await headsOf(context, alone, 'heads')).get(member) ?? null;
  const classes = await imageClasses(context, alone);
  const half = async (split: 'query' | 'gallery'): Promise<Half> => {
    const hashes = splitImages(run.images, split).map(({ hash }) => hash);
    const features = await loadFeatures(context.database, member.featuresKey, hashes, member.dimensions);
    const cosines = await classes.cosines(new Map([[member.featuresKey, features]]));
    // Copies, since what is handed over is moved, and may have to be handed over again.
    const embeddings = await repeatedOnce(null, () => embedMember(context, run, member, features.slice(), head));
    return { embeddings, cosines };
  };
  const [asked, searched] = [await half('query'), await half('gallery')];
  return { asked, searched, alone: await knownClasses(context, alone, 'off') };
}

function numbersIn({ asked, searched, alone: { validated } }: Seen): number {
  const matrices = [asked, searched].flatMap(({ embeddings, cosines }) => [embeddings.embeddings, cosines]);
  if (validated) matrices.push(validated.gallery.matrix, validated.queries.matrix);
  return matrices.reduce((sum, { length }) => sum + length, 0);
}

/** A member's scale is the same in every model. */
function settingsOf(members: readonly Seen[], open: boolean): PosteriorSettings {
  const scales = members.flatMap(({ alone }) => alone.calibration.scales);
  if (!open) return { scales, floor: null };
  const validated = members.flatMap((member) => member.alone.validated ?? []);
  const [first] = validated;
  if (!first) return { scales, floor: unfitted(members.length).floor };
  const { dimensions: classes } = first.gallery;
  const joined = (of: 'gallery' | 'queries') =>
    joinCosines(
      validated.map((one) => one[of].matrix),
      classes,
    );
  return { scales, floor: floorOf(joinRows([joined('gallery'), joined('queries')]), members.length, classes) };
}

function cosinesOf(halves: readonly Half[], images: number): Embeddings {
  const parts = halves.map(({ cosines }) => cosines);
  const matrix = joinCosines(parts, (parts[0]?.length ?? 0) / images);
  return { matrix, dimensions: matrix.length / images };
}

/** Names what is searched: equal names, equal embeddings of both halves. */
async function nameOf({ digests }: Context, { datasetId, images, recipe, combine, members }: Run): Promise<string> {
  const of = members.map(({ featuresKey, head }) => [featuresKey, head]);
  return JSON.stringify([datasetId, await digests.subject(images), recipe, combine, of]);
}

function ask(
  context: Context,
  run: Run,
  key: string,
  [asked, searched]: readonly [Side, Side],
  k: number,
  settings: PosteriorSettings | null,
  signal: AbortSignal,
): Promise<Judged> {
  // Copies, as above.
  const handed = (rows: Embeddings) =>
    wholeBlock(searched.images.length, async () => ({ ...rows, matrix: rows.matrix.slice() }));
  const classesOf = ({ images }: Side) => images.map(({ className }) => className);
  return repeatedOnce(signal, async () => {
    const named = settings &&
      searched.cosines && { name: JSON.stringify([key, settings]), settings, rows: handed(searched.cosines) };
    return withGallery(context, { key, rows: handed(searched.embedded), classes: named }, () => {
      const by = asked.cosines ? { ranking: run.rank, classes: asked.cosines } : withoutClasses(run);
      const ranked = { key, index: 'exact', queries: asked.embedded, by } as const;
      return judge(context, ranked, classesOf(asked), classesOf(searched), [k], signal);
    });
  });
}
