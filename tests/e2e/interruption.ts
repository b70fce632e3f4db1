import type { Page } from 'playwright';
import { expect } from 'vitest';
import { dropPaths } from '../../scripts/evaluate/browser.ts';
import { featureCounts } from './feature-counts.ts';
import { begin, type End, interrupted, isDone, STEPS, type Step, untilDone, type Visit } from './journey.ts';
import { startedJobs, storedDigests } from './stored.ts';

export interface Moment {
  readonly step: Step;
  /** Waits, from the press that begins the step, until the moment has come. */
  readonly reached: (page: Page) => Promise<unknown>;
  readonly end: End;
}

/** What is stored after each step of a journey that nobody disturbs, and how long the step took in ms. */
export type Calm = Readonly<Record<Step, { readonly stored: Record<string, string>; readonly ms: number }>>;

export async function undisturbed(visit: Visit, folder: string): Promise<Calm> {
  const calm: Partial<Record<Step, Calm[Step]>> = {};
  const measured = async (step: Step): Promise<Calm[Step]> => {
    const start = performance.now();
    await begin(visit.page, step, folder);
    await untilDone(visit.page, step);
    const ms = performance.now() - start;
    return { ms, stored: await storedDigests(visit.page) };
  };
  for (const step of STEPS) calm[step] = await measured(step);
  const { download, read, embed, compare } = calm;
  if (!download || !read || !embed || !compare) throw new Error('A step was left out.');
  return { download, read, embed, compare };
}

const featureKeys = (stored: Record<string, string>) =>
  Object.keys(stored).filter((key) => key.startsWith('features '));

/** What must be done before a step. */
const NEEDED: Readonly<Record<Step, readonly Step[]>> = {
  download: [],
  read: [],
  embed: ['read'],
  compare: ['read', 'embed'],
};

const WORDS: Readonly<Record<Step, RegExp>> = {
  download: /downloading DeiT-Tiny/,
  read: /reading images/,
  embed: /embedding with Colour and gradient/,
  compare: /comparing 2 models/,
};

/**
 * Ends the page in the middle of a step, comes back, goes on with one press, and expects what `calm` has stored. Resolves to
 * what the page said on return (null where nothing was interrupted: the moment came before or after the work).
 */
export async function disturbed(visit: Visit, folder: string, moment: Moment, calm: Calm): Promise<string | null> {
  const { step, reached, end } = moment;
  for (const earlier of NEEDED[step]) {
    if (await isDone(visit.page, earlier)) continue;
    await begin(visit.page, earlier, folder);
    await untilDone(visit.page, earlier);
  }
  await begin(visit.page, step, folder);
  await reached(visit.page);
  await visit.endAndReturn(end);

  const { page } = visit;
  const kept = featureKeys(await storedDigests(page));
  const told = (await startedJobs(page)).length > 0 ? await goOn(page, folder, step) : null;
  if (!(await isDone(page, step))) {
    await begin(page, step, folder);
    await untilDone(page, step);
  }
  // What is shown as done may be written a moment later.
  await expect.poll(() => storedDigests(page)).toEqual(calm[step].stored);
  await expect.poll(() => startedJobs(page)).toEqual([]);
  // Since the return, exactly the images that had no features were computed, each once.
  const { asked, stored } = await featureCounts(page);
  const missing = featureKeys(calm[step].stored).length - kept.length;
  expect(asked).toBe(missing);
  expect(new Set(stored).size).toBe(missing);
  expect(stored).toHaveLength(missing);
  expect(kept.filter((key) => stored.includes(key.slice('features '.length)))).toEqual([]);
  return told;
}

/** Reads what the page says and presses its one button; images that must be read are dropped again first. */
async function goOn(page: Page, folder: string, step: Step): Promise<string> {
  await interrupted(page).waitFor();
  const told = await interrupted(page).innerText();
  expect(told).toMatch(WORDS[step]);
  // No headless browser gives permission to read a folder again: it is dropped again, as the page asks. Reading goes on then.
  if (step === 'read' || step === 'embed') {
    await dropPaths(page, [folder]);
    await untilDone(page, 'read');
  }
  if (step !== 'read') await interrupted(page).getByRole('button', { name: 'Continue', exact: true }).click();
  await interrupted(page).waitFor({ state: 'detached' });
  // Between the press and the job's first line, and between its last and the table, nothing runs.
  await untilDone(page, step);
  return told;
}
