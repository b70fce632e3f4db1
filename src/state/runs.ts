import * as v from 'valibot';
import type { Run, RunMember } from '../core/run.ts';
import { isStored } from '../core/run-blocks.ts';
import { runResultSchema } from '../exports/report.ts';
import { type Recipe, recipeSchema } from '../heads/recipe.ts';
import { orderDigest } from '../storage/embeddings.ts';
import { storedHashes } from '../storage/features.ts';
import type { ImageRecord } from '../types.ts';
import { datasetSession } from './dataset-session.ts';
import { database } from './session.ts';
import { findWeightsById, usableWeights } from './weights.ts';

export const memberChoiceSchema = v.object({ weightsId: v.string(), head: v.picklist(['frozen', 'finetuned']) });
/** A set of weights with or without a head, as a person ticks it. */
export type MemberChoice = v.InferOutput<typeof memberChoiceSchema>;

export const runChoiceSchema = v.object({
  members: v.pipe(v.array(memberChoiceSchema), v.minLength(1)),
  combine: v.nullable(v.picklist(['mean', 'concat', 'shared'])),
  recipe: recipeSchema,
  /** Where the head came from a file: digest of its content. */
  loaded: v.nullable(v.string()),
});
/** A run as a person chooses it. */
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

/** Names a run among the runs of a data set. A frozen run is the same whatever the recipe of heads. */
export function runId({ members, combine, recipe, loaded }: RunChoice): string {
  if (loaded !== null) return `loaded~${loaded}`;
  const names = members.map(({ weightsId, head }) => `${weightsId}:${head}`).join('+');
  const parts = combine === null ? [names] : [names, combine];
  if (members.some(({ head }) => head === 'finetuned')) {
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
});

/** Digests of lists that are still in use: every screen asks for the same one, and of 100,000 images it takes its time. */
const subjects = new WeakMap<readonly ImageRecord[], Promise<string>>();

/** Names images and labels of a data set: equal digests, equal results. */
export function subjectDigest(images: readonly ImageRecord[]): Promise<string> {
  const known = subjects.get(images);
  if (known) return known;
  const made = orderDigest(images.map(({ split, hash, className }) => JSON.stringify([split, hash, className])));
  subjects.set(images, made);
  return made;
}

/** The chosen run on those of the images that all its members have embedded; null where weights were never here. */
export async function runOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const run = runOn(choice, images);
  if (!run) return null;
  let embedded = images;
  for (const { featuresKey } of run.members) {
    const stored = await storedHashes(database, featuresKey);
    embedded = embedded.filter(({ hash }) => hash !== null && stored.has(hash));
  }
  return { ...run, images: embedded };
}

/**
 * The chosen run, to be searched: on all images where it has stored embeddings of just these, and else as `runOf`, which
 * looks every image up; with 100,000 of them that takes seconds.
 */
export async function searchableRunOf(choice: RunChoice, images: readonly ImageRecord[]): Promise<Run | null> {
  const run = runOn(choice, images);
  if (run && (await isStored(database, run, 'gallery')) && (await isStored(database, run, 'query'))) return run;
  return runOf(choice, images);
}

/** The chosen run as if all its members had embedded these images. */
function runOn({ members: chosen, combine, recipe, loaded }: RunChoice, images: readonly ImageRecord[]): Run | null {
  const datasetId = datasetSession()?.stored.id;
  if (datasetId === undefined) return null;
  const members: RunMember[] = [];
  for (const { weightsId, head } of chosen) {
    const member = memberOf(weightsId, head);
    if (!member) return null;
    members.push(member);
  }
  return { datasetId, members, combine, recipe, loaded, images };
}

function memberOf(weightsId: string, head: MemberChoice['head']): RunMember | null {
  const weights = findWeightsById(weightsId);
  const usable = weights && usableWeights(weights);
  if (!weights || !usable) return null;
  const { architecture, features } = weights;
  return { weightsId, architecture, featuresKey: usable.featuresKey, dimensions: features, head };
}

/** "ResNet-50 + DeiT-Tiny (frozen), fine-tuned, mean". */
export function runLabel({ members, combine, loaded }: RunChoice): string {
  const trained = members.some(({ head }) => head === 'finetuned');
  const names = members.map(({ weightsId, head }) => {
    const name = findWeightsById(weightsId)?.label ?? weightsId;
    return trained && head === 'frozen' ? `${name} (frozen)` : name;
  });
  return [names.join(' + '), trained ? 'fine-tuned' : 'frozen', combine, loaded && 'head from a file']
    .filter((part) => part !== null)
    .join(', ');
}
