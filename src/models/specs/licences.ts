/** What the licences of published weights ask of who uses them. Names as the hub writes them, SPDX's where it has one. */

/** They ask for no more than to name the authors. */
const OPEN = ['apache-2.0', 'mit', 'bsd-2-clause', 'bsd-3-clause', 'cc0-1.0', 'cc-by-4.0', 'unlicense'];

const NOT_COMMERCIAL = 'forbids commercial use';

const LIMITS = new Map(
  Object.entries({
    'cc-by-nc-4.0': NOT_COMMERCIAL,
    'cc-by-nc-sa-4.0': NOT_COMMERCIAL,
    'cc-by-nc-nd-4.0': `${NOT_COMMERCIAL} and derived works`,
    'fair-noncommercial-research-license': 'allows research alone, and forbids commercial use',
    'apple-amlr': 'allows research alone',
    'cc-by-sa-4.0': 'wants derived works under the same licence',
  }),
);

/**
 * What a licence forbids or asks for, as a clause whose subject it is; null for one that asks for no more than to name the
 * authors. One that is not known here is no such one.
 */
export function licenceLimits(licence: string | null): string | null {
  if (licence === null) return 'is not named: ask the authors before you use these weights';
  const name = licence.toLowerCase();
  if (OPEN.includes(name)) return null;
  return LIMITS.get(name) ?? 'has terms of its own: read them before you use these weights';
}
