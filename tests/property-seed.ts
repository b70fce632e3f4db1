/**
 * Property tests try the same cases every time, so that `npm test` says the same of the same code. New cases come from
 * `npm run fuzz`, and from LIKENESS_SEED: a number, or `random`.
 */
import fc from 'fast-check';
import { inject } from 'vitest';

const seed = inject('propertySeed');
if (seed !== null) fc.configureGlobal({ seed });
