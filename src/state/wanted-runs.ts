import * as v from 'valibot';
import { recipeSchema } from '../heads/recipe.ts';
import { memberChoiceSchema } from './runs.ts';

const readonlyArray = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

/** The ticks and the recipe of the comparison screen, as they are stored: all runs that are wanted follow from them. */
export const wantedRunsSchema = v.object({
  singles: readonlyArray(v.object({ weightsId: v.string(), frozen: v.boolean(), finetuned: v.boolean() })),
  ensembles: readonlyArray(
    v.object({
      members: v.pipe(v.array(memberChoiceSchema), v.minLength(2), v.readonly()),
      combine: readonlyArray(v.picklist(['mean', 'concat', 'shared'])),
    }),
  ),
  recipe: recipeSchema,
  seeds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
});
export type WantedRuns = v.InferOutput<typeof wantedRunsSchema>;
