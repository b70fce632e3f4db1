import type { Work } from '../../../src/search/work.ts';
import { finish } from '../math/finish.ts';

/** Work that is done at once. */
export const atOnce: Work = {
  signal: new AbortController().signal,
  steps: async (steps) => finish(steps).result,
};
