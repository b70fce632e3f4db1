import type { BrowserContext, Page } from 'playwright';
import { expect, onTestFinished } from 'vitest';
import { dropPaths, launchIn } from '../../scripts/evaluate/browser.ts';
import { PATIENT_MS } from './browser-session.ts';
import { countFeatures } from './feature-counts.ts';

/** What a user does one after the other, each with one press. */
export const STEPS = ['download', 'read', 'embed', 'compare'] as const;
export type Step = (typeof STEPS)[number];

/** How a page ends that nobody expected to end. */
export const ENDS = ['reload', 'crash', 'tab closed', 'browser closed'] as const;
export type End = (typeof ENDS)[number];

const PATIENT = { timeout: PATIENT_MS };

const link = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) }).first();
/** Also what was cancelled, until it has stopped. */
const running = (page: Page) => page.getByRole('button', { name: /^(Cancel|Stopping): / });
export const interrupted = (page: Page) => page.getByRole('region', { name: 'Interrupted work' });

/** A browser whose profile outlasts it, and the one tab in it that matters. */
export class Visit {
  private constructor(
    private readonly profile: string,
    readonly url: string,
    private context: BrowserContext,
    public page: Page,
    private readonly stopAfter: number | null,
  ) {}

  /** Opens the app at `url` in a browser of its own; `stopAfter` as countFeatures takes it. Ends with the test. */
  static async begin(profile: string, url: string, stopAfter: number | null = null): Promise<Visit> {
    const context = await openProfile(profile, stopAfter);
    const visit = new Visit(profile, url, context, await context.newPage(), stopAfter);
    onTestFinished(() => visit.leave());
    await visit.page.goto(url);
    await shown(visit.page);
    return visit;
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  /** Ends the page that way, and comes back. */
  async endAndReturn(end: End): Promise<void> {
    if (end === 'reload') await this.page.reload();
    else {
      if (end === 'crash') await crash(this.page);
      else if (end === 'tab closed') await this.page.close();
      else {
        await this.context.close();
        this.context = await openProfile(this.profile, this.stopAfter);
      }
      this.page = await this.context.newPage();
      await this.page.goto(this.url);
    }
    await shown(this.page);
  }
}

async function openProfile(profile: string, stopAfter: number | null): Promise<BrowserContext> {
  const context = await launchIn(profile);
  context.setDefaultTimeout(PATIENT_MS);
  await countFeatures(context, stopAfter);
  return context;
}

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

/** The app has read what is stored. A reload stays on its screen: without a data set, only the models screen says nothing of one. */
async function shown(page: Page): Promise<void> {
  const start = page.getByRole('heading', { name: /Drop a folder with training/ });
  const models = page.getByRole('checkbox', { name: 'Use DeiT-Tiny' });
  await start
    .or(models)
    .or(page.getByRole('button', { name: /^Data set: / }))
    .first()
    .waitFor(PATIENT);
}

export async function settled(page: Page): Promise<void> {
  await expect.poll(() => running(page).count(), PATIENT).toBe(0);
}

/** Nothing on the screen stands there from before, while what takes its place is on its way. */
export async function answered(page: Page): Promise<void> {
  await expect.poll(() => page.locator('main [aria-busy="true"]').count(), PATIENT).toBe(0);
}

/** One press (or drop); resolves when it was made. */
export async function begin(page: Page, step: Step, folder: string): Promise<void> {
  if (step === 'read') return dropPaths(page, [folder]);
  if (step === 'compare') {
    await link(page, 'Comparison').click();
    for (const head of ['frozen', 'fine-tuned']) {
      await page.getByRole('checkbox', { name: `Colour and gradient, ${head}` }).check(PATIENT);
    }
    await setRecipe(page);
    await page.getByRole('button', { name: /^Run comparison/ }).click(PATIENT);
    return;
  }
  await link(page, 'Models').click();
  const button = step === 'download' ? 'Download DeiT-Tiny now' : /^Embed/;
  await page.getByRole('button', { name: button }).first().click(PATIENT);
}

/** Takes seconds, so that what is asked to end in the middle of training does. */
const LONG_TRAINING = { Epochs: '600', Patience: '600' };

async function setRecipe(page: Page): Promise<void> {
  const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
  if (!(await epochs.isVisible())) await page.getByText('Recipe', { exact: true }).click();
  for (const [name, value] of Object.entries(LONG_TRAINING)) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Enter');
  }
}

/** Whether the screens say that it is done. */
export async function isDone(page: Page, step: Step): Promise<boolean> {
  if (step === 'download') {
    await link(page, 'Models').click();
    await page.getByRole('checkbox', { name: 'Use DeiT-Tiny' }).waitFor(PATIENT);
    return (await page.getByRole('button', { name: 'Remove the cached weights of DeiT-Tiny' }).count()) > 0;
  }
  if (step === 'compare') {
    await link(page, 'Comparison').click();
    await page.getByRole('heading', { name: 'Comparison', exact: true }).waitFor(PATIENT);
    return (await page.getByRole('table', { name: 'Results' }).getByRole('row').count()) === 3;
  }
  if (step === 'embed') {
    await link(page, 'Models').click();
    await page.getByRole('checkbox', { name: 'Use DeiT-Tiny' }).waitFor(PATIENT);
    await page.getByText('Counting what is embedded…').waitFor({ state: 'detached', ...PATIENT });
  }
  const words = { read: 'Data, all images read', embed: 'Models, ticked models embedded' };
  return (await page.getByRole('link', { name: words[step] }).count()) > 0;
}

/** Fails with what the page shows: which step of a journey, and why, is not to be seen from where it is called. */
export async function untilDone(page: Page, step: Step): Promise<void> {
  try {
    await expect.poll(() => isDone(page, step), PATIENT).toBe(true);
  } catch (cause) {
    const shown = await page.locator('body').innerText();
    throw new Error(`“${step}” did not come to its end within ${PATIENT.timeout / 1000} s. The page shows:\n${shown}`, {
      cause,
    });
  }
  await settled(page);
}
