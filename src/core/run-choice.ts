import * as v from 'valibot';
import { runResultSchema } from '../exports/report.ts';
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
