import { parametersOf } from '../../models/networks/network.ts';
import { isArchitecture } from '../../models/specs/architectures.ts';
import { licenceLimits } from '../../models/specs/licences.ts';
import type { Weights } from '../../types.ts';

/** What is said of a set of weights beside its name. */
export interface WeightsFacts {
  /** Numbers that the network is made of; null for the descriptor. */
  readonly parameters: number | null;
  /** What the licence forbids or asks for, as a clause whose subject it is; null where nothing is, or nothing is known. */
  readonly limits: string | null;
}

export function factsOf({ architecture, licence }: Weights): WeightsFacts {
  return {
    parameters: isArchitecture(architecture) ? parametersOf(architecture) : null,
    limits: licence === null ? null : licenceLimits(licence),
  };
}
