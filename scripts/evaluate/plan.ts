import type { RunRequest } from '../../src/state/automation-types.ts';
import type { Arguments } from './arguments.ts';

/** The runs that the arguments ask for, in the order of the report. */
export function plannedRuns({ models, limit, ks, index }: Arguments): RunRequest[] {
  return models.map((model) => ({
    model,
    head: 'frozen',
    classifier: null,
    combine: null,
    seed: 0,
    refit: false,
    limit,
    ks,
    index,
  }));
}
