import type { RunIdentity } from '../exports/report.ts';
import type { Combination } from '../heads/ensemble.ts';
import { formatModel, type HeadKind } from '../heads/member.ts';
import type { Recipe } from '../heads/recipe.ts';
import type { RankingName } from '../search/rankings.ts';
import { orderDigest } from '../storage/embeddings.ts';
import type { FeaturesName, ImageRecord, Split } from '../types.ts';

/** A set of weights whose features are stored, with or without a head. */
export interface RunMember {
  readonly weightsId: string;
  readonly architecture: FeaturesName;
  /** Names the features by content (weights and preprocessing). */
  readonly featuresKey: string;
  /** Number of features D. */
  readonly dimensions: number;
  readonly head: HeadKind;
}

/** An image that has been read. */
export type ReadImage = ImageRecord & { readonly hash: string };

/** One model on one data set, all of whose images have features of every member. */
export interface Run {
  readonly datasetId: string;
  readonly members: readonly RunMember[];
  /** Null for a single member. */
  readonly combine: Combination | null;
  /** How heads are trained; of a frozen run, only its seed counts (for the validation split). */
  readonly recipe: Recipe;
  /** Digest of the file that the (only) head came from; null where heads are trained here. */
  readonly loaded: string | null;
  /** The order of its answers: all else of a run and its rankings is the same. */
  readonly rank: RankingName;
  readonly images: readonly ImageRecord[];
}

export const fineTuned = (run: Run): RunMember[] => run.members.filter(({ head }) => head === 'finetuned');

/** The images of a split that have been read, in row order. */
export function splitImages(images: readonly ImageRecord[], split: Split): ReadImage[] {
  return images.flatMap((image) =>
    image.split === split && image.hash !== null ? [{ ...image, hash: image.hash }] : [],
  );
}

/** What the report calls the run. */
export function runIdentity(run: Run): RunIdentity {
  const head: HeadKind = fineTuned(run).length > 0 ? 'finetuned' : 'frozen';
  return {
    model: formatModel(
      run.members.map(({ architecture, head: kind }) => ({ backbone: architecture, head: kind })),
      head,
    ),
    head,
    classifier: head === 'finetuned' ? run.recipe.classifier : null,
    combine: run.combine,
    seed: run.recipe.seed,
    rank: run.rank,
  };
}

/** Members whose heads are trained together: all of them against one classifier, or each for itself. */
export function trainedTogether(run: Run): RunMember[][] {
  const members = fineTuned(run);
  if (members.length === 0) return [];
  return run.combine === 'shared' ? [members] : members.map((member) => [member]);
}

/** Names heads by what they are trained from: features, images, labels and recipe. Equal names, equal heads. */
export async function headsKey(run: Run, members: readonly RunMember[]): Promise<string> {
  if (run.loaded !== null) return `loaded:${run.loaded}`;
  const training = splitImages(run.images, 'training').map(({ hash, className }) => JSON.stringify([hash, className]));
  const recipe = Object.entries(run.recipe).map(([name, value]) => `${name}=${value}`);
  return orderDigest([...members.map(({ featuresKey }) => featuresKey), ...recipe.sort(), ...training]);
}

/** Names the model by content, for stored embeddings: equal names, equal embeddings of equal images. */
export async function modelId(run: Run): Promise<string> {
  const keys = new Map<RunMember, string>();
  for (const group of trainedTogether(run)) {
    const key = await headsKey(run, group);
    for (const member of group) keys.set(member, key);
  }
  const [only] = run.members;
  if (run.members.length === 1 && only?.head === 'frozen') return `frozen:${only.featuresKey}`;
  const parts = run.members.map((member) => `${member.featuresKey}:${keys.get(member) ?? 'frozen'}`);
  return orderDigest([run.combine ?? 'single', String(run.recipe.seed), ...parts]);
}
