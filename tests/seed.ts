/** Any number would do. */
const USUAL_SEED = 20_260_101;

/** The seed of the property tests: LIKENESS_SEED, null where that is `random`. */
export function propertySeed(): number | null {
  const text = process.env['LIKENESS_SEED'] ?? String(USUAL_SEED);
  if (text === 'random') return null;
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`LIKENESS_SEED takes a number or "random", not "${text}".`);
  return Number(text);
}
