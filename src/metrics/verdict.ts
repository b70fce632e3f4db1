import type { Interval } from './bootstrap.ts';

export type Verdict = 'better' | 'worse' | 'not separable';

/**
 * What the interval of a difference (first − second) says of the first. It says nothing where it holds 0, its ends
 * included: a difference of which every resample is 0 has the interval [0, 0].
 */
export function verdictOf([low, high]: Interval): Verdict {
  if (low > 0) return 'better';
  if (high < 0) return 'worse';
  return 'not separable';
}
