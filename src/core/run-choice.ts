import * as v from 'valibot';
import { runResultSchema } from '../exports/report.ts';
import { type Recipe, recipeSchema } from '../heads/recipe.ts';
import { RANKING_NAMES, type RankingName } from '../search/rankings.ts';
import { usableHashes } from '../storage/imported.ts';
import type { ImageRecord } from '../types.ts';
import type { Context, Subject } from './context.ts';
import type { Run, RunMember } from './run.ts';
import { isStored } from './run-blocks.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

export const memberChoiceSchema = v.object({ weightsId: v.string(), head: v.picklist(['frozen', 'finetuned']) });
/** A set of weights with or without a head, as the user ticks it. */
export type MemberChoice = v.InferOutput<typeof memberChoiceSchema>;

/** The ranking that goes without saying, in names and in what is stored. */
const PLAIN: RankingName = 'plain';

export const runChoiceSchema = v.object({
  members: v.pipe(v.array(memberChoiceSchema), v.minLength(1)),
  combine: v.nullable(v.picklist(['mean', 'concat', 'shared'])),
  recipe: recipeSchema,
  /** Where the head came from a file: digest of its content. */
  loaded: v.nullable(v.string()),
  /** Runs of earlier versions know no other. */
  rank: v.optional(v.picklist(RANKING_NAMES), PLAIN),
});
/** A run as the user chooses it. */
export type RunChoice = v.InferOutput<typeof runChoiceSchema>;

/** A run with what it was made from: on other images or labels it says nothing. */
export const storedRunSchema = v.object({
  subject: v.string(),
  /** Milliseconds since the epoch. */
  madeAt: v.number(),
  choice: runChoiceSchema,
  imagesPerSecond: v.nullable(v.number()),
  /** Its colour in every figure (figures/palette.ts): given once, kept for good. */
  colour: v.optional(v.number(), 0),
  result: runResultSchema,
});
export type StoredRun = v.InferOutput<typeof storedRunSchema>;

export type ModelKind = 'frozen' | 'finetuned' | 'ensemble';

export const isFineTuned = ({ head }: MemberChoice): boolean => head === 'finetuned';

export function kindOf({ members }: Pick<RunChoice, 'members'>): ModelKind {
  return members.length > 1 ? 'ensemble' : members.some(isFineTuned) ? 'finetuned' : 'frozen';
}

/**
 * Whether the run depends on its seed: heads are trained by it, and a frozen member of an ensemble may go through a seeded
 * projection. Of a frozen model alone, and of a head from a file, nothing is random but the validation split.
 */
export const isSeeded = ({ members, combine, loaded }: Pick<RunChoice, 'members' | 'combine' | 'loaded'>): boolean =>
  loaded === null && (combine !== null || members.some(isFineTuned));

/** Equal for equal members in whatever order. */
export function membersKey(members: readonly MemberChoice[]): string {
  return members
    .map((member) => `${member.weightsId}:${member.head}`)
    .sort()
    .join('+');
}

/** Names a run among the runs of a data set. A frozen run is the same whatever the recipe of heads. */
export function runId({ rank, ...choice }: RunChoice): string {
  return rank === PLAIN ? plainId(choice) : `${plainId(choice)}~${rank}`;
}

function plainId({ members, combine, recipe, loaded }: Omit<RunChoice, 'rank'>): string {
  if (loaded !== null) return `loaded~${loaded}`;
  const names = members.map(({ weightsId, head }) => `${weightsId}:${head}`).join('+');
  const parts = combine === null ? [names] : [names, combine];
  if (members.some(isFineTuned)) {
    const words = Object.entries(recipe).map(([name, value]) => `${name}=${value}`);
    parts.push(recipe.classifier, `seed${recipe.seed}`, fingerprint(words.sort().join(' ')));
  } else if (combine !== null) parts.push(`seed${recipe.seed}`);
  return parts.join('~');
}

/** 32-bit FNV-1a in hex: tells recipes apart in a name that fits into an address. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export const frozenChoice = (weightsId: string, recipe: Recipe): RunChoice => ({
  members: [{ weightsId, head: 'frozen' }],
  combine: null,
  recipe,
  loaded: null,
  rank: PLAIN,
});

/** The chosen run on those of the images that all its members have embedded; null where weights were never here. */
export async function runOf(
  { database, weights }: Pick<Context, 'database' | 'weights'>,
  choice: RunChoice,
  subject: Subject,
): Promise<Run | null> {
  const run = runOn(weights, choice, subject);
  if (!run) return null;
  let embedded: readonly ImageRecord[] = subject.images;
  for (const { featuresKey } of run.members) {
    const stored = await usableHashes(database, featuresKey, subject.datasetId);
    embedded = embedded.filter(({ hash }) => hash !== null && stored.has(hash));
  }
  return { ...run, images: embedded };
}

/**
 * The chosen run, to be searched: on all images where it has stored embeddings of just these, and else as `runOf`, which
 * looks every image up; with 100,000 of them that takes seconds.
 */
export async function searchableRunOf(context: Context, choice: RunChoice, subject: Subject): Promise<Run | null> {
  const run = runOn(context.weights, choice, subject);
  if (run && (await isStored(context, run, 'gallery')) && (await isStored(context, run, 'query'))) return run;
  return runOf(context, choice, subject);
}

/** The chosen run as if all its members had embedded these images. */
function runOn(
  weights: WeightsCatalogue,
  { members: chosen, combine, recipe, loaded, rank }: RunChoice,
  { datasetId, images }: Subject,
): Run | null {
  const members: RunMember[] = [];
  for (const { weightsId, head } of chosen) {
    const found = weights.find(weightsId);
    const usable = found && weights.usable(found);
    if (!found || !usable) return null;
    const { architecture, features } = found;
    members.push({ weightsId, architecture, featuresKey: usable.featuresKey, dimensions: features, head });
  }
  return { datasetId, members, combine, recipe, loaded, rank, images };
}
