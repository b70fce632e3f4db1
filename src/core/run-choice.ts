import * as v from 'valibot';
import { dependsOnSeed, runResultSchema } from '../exports/report.ts';
import { type Recipe, recipeSchema } from '../heads/recipe.ts';
import { fnv1a } from '../math/fnv.ts';
import { RANKING_NAMES, RANKINGS, type RankingName, rankingNamed } from '../search/rankings.ts';

export const memberChoiceSchema = v.object({ weightsId: v.string(), head: v.picklist(['frozen', 'finetuned']) });
/** A set of weights with or without a head, as the user ticks it. */
export type MemberChoice = v.InferOutput<typeof memberChoiceSchema>;

export { RANKINGS, type RankingName, rankingNamed };

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

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const difference = v.pipe(v.number(), v.minValue(-1), v.maxValue(1));

/** A step of the choice of the best model. */
export const choiceStepSchema = v.object({
  choice: runChoiceSchema,
  /** "ResNet-50 (fine-tuned) + DeiT-Tiny (frozen), concat, ranked by cover". */
  label: v.pipe(v.string(), v.maxLength(10_000)),
  /** The mean of top-1 to top-k accuracy on held-out images of training/, asked among those of other shoots. */
  value: share,
  /** Over the step before, query by query; null of the first. */
  gain: v.nullable(v.object({ mean: difference, standardError: share })),
});
export type ChoiceStep = v.InferOutput<typeof choiceStepSchema>;

/** How a run came to be the best of what there was, on validation alone. */
export const chosenSchema = v.object({
  /** The k of the top-k accuracy that was chosen for. */
  k: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  /** Milliseconds since the epoch. */
  chosenAt: v.pipe(v.number(), v.finite(), v.minValue(0)),
  /** The last is the run itself. */
  path: v.pipe(v.array(choiceStepSchema), v.minLength(1), v.maxLength(1000), v.readonly()),
  /** 95 %, of the last value: as if each shoot were one query. */
  interval: v.pipe(v.tuple([share, share]), v.readonly()),
  tried: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Whether it ended because nothing helped any more, and not because time was up. */
  complete: v.boolean(),
});
export type Chosen = v.InferOutput<typeof chosenSchema>;

/** A run with what it was made from: on other images or labels it says nothing. */
export const storedRunSchema = v.object({
  subject: v.string(),
  /** Milliseconds since the epoch. */
  madeAt: v.number(),
  choice: runChoiceSchema,
  imagesPerSecond: v.nullable(v.number()),
  /** Its colour in every figure (figures/palette.ts): given once, kept for good. */
  colour: v.optional(v.number(), 0),
  /** What the user calls it, and what it is for. */
  name: v.exactOptional(v.pipe(v.string(), v.maxLength(100))),
  note: v.exactOptional(v.pipe(v.string(), v.maxLength(1000))),
  /** Where it was chosen as the best: how, once for each k. */
  chosen: v.exactOptional(v.pipe(v.array(chosenSchema), v.minLength(1), v.maxLength(100), v.readonly())),
  /** Of a head from a file: how many of the data set's classes it was trained on. */
  classesKnown: v.exactOptional(
    v.pipe(
      v.object({ known: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), of: v.pipe(v.number(), v.safeInteger()) }),
      v.check(({ known, of }) => known <= of, 'more classes than there are'),
      v.readonly(),
    ),
  ),
  result: runResultSchema,
});
export type StoredRun = v.InferOutput<typeof storedRunSchema>;

export type ModelKind = 'frozen' | 'finetuned' | 'ensemble';

export const isFineTuned = ({ head }: MemberChoice): boolean => head === 'finetuned';

export function kindOf({ members }: Pick<RunChoice, 'members'>): ModelKind {
  return members.length > 1 ? 'ensemble' : members.some(isFineTuned) ? 'finetuned' : 'frozen';
}

/**
 * Whether the run depends on its seed: heads are trained by it, and a frozen member of an average goes through a seeded
 * projection. In a frozen model alone, in frozen ones side by side, and in a head from a file, nothing is random but the validation
 * split.
 */
export const isSeeded = ({ members, combine, loaded }: Pick<RunChoice, 'members' | 'combine' | 'loaded'>): boolean =>
  loaded === null && dependsOnSeed({ head: members.some(isFineTuned) ? 'finetuned' : 'frozen', combine });

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

/** Equal for runs that differ in their ranking alone. */
export const unranked = ({ choice: { rank: _, ...choice } }: { readonly choice: RunChoice }): string => plainId(choice);

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

/** Eight hex digits: tells recipes, or runs, apart in a name that fits into an address. */
export function fingerprint(text: string): string {
  const units = Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return (fnv1a(units) >>> 0).toString(16).padStart(8, '0');
}

export const frozenChoice = (weightsId: string, recipe: Recipe): RunChoice => ({
  members: [{ weightsId, head: 'frozen' }],
  combine: null,
  recipe,
  loaded: null,
  rank: PLAIN,
});
