import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { writePictures } from './pictures.ts';

const saveHead = (page: Page) =>
  page.getByRole('button', { name: /^Save the head of Colour and gradient, fine-tuned/ });
const runButton = (page: Page) => page.getByRole('button', { name: /^Run comparison/ });
const running = (page: Page) => page.getByRole('button', { name: /^Cancel: / });

async function openComparison(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /Comparison/ })
    .first()
    .click();
  await page.getByRole('checkbox', { name: /Colour and gradient.*fine-tuned/i }).check();
}

async function setNumber(page: Page, name: string, value: string): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** Long enough to be interrupted in its middle: nothing ends it early. */
async function longRecipe(page: Page): Promise<void> {
  await page.getByText('Recipe', { exact: true }).click();
  await setNumber(page, 'Epochs', '60');
  await setNumber(page, 'Patience', '60');
}

/** Waits for the end, then saves the head and reads it: equal bytes, equal heads. */
async function savedHead(page: Page): Promise<Buffer> {
  await saveHead(page).waitFor({ timeout: 300_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), saveHead(page).click()]);
  return readFile(await download.path());
}

test('cancelled in every stage and reloaded in mid-training, a comparison ends with the head of an undisturbed one', async () => {
  const folder = join(await temporaryFolder(), 'kinds');
  await writePictures(folder, { kinds: 4, training: 40, query: 4, gallery: 8, mixed: true });

  const calm = await openApp();
  await calm.page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await calm.drop(folder);
  await openComparison(calm.page);
  await longRecipe(calm.page);
  await runButton(calm.page).click();
  const undisturbed = await savedHead(calm.page);

  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await openComparison(page);
  await longRecipe(page);
  const cancelled: string[] = [];
  /** Presses Run, and Cancel as soon as the activity of that name shows. */
  const cancelDuring = async (stage: RegExp): Promise<void> => {
    await expect.poll(() => runButton(page).isEnabled(), { timeout: 30_000 }).toBe(true);
    await runButton(page).click();
    const button = page.getByRole('button', { name: new RegExp(`^Cancel: ${stage.source}`) });
    await button.first().click({ timeout: 60_000 });
    cancelled.push(stage.source);
    await expect.poll(() => running(page).count(), { timeout: 30_000 }).toBe(0);
  };
  await cancelDuring(/Embed/);
  await cancelDuring(/Train the head/);

  // Reloaded while it trains, it says so on return and goes on with one press.
  await expect.poll(() => runButton(page).isEnabled(), { timeout: 30_000 }).toBe(true);
  await runButton(page).click();
  await page.getByText(/Epoch (1\d|[2-9]\d?) of at most 60/).waitFor({ timeout: 60_000 });
  await page.reload();
  await expect.poll(() => runButton(page).isEnabled(), { timeout: 30_000 }).toBe(true);
  await runButton(page).click();
  // It goes on from a checkpoint: epochs before it are shown at once, not trained.
  await page.getByText(/Epoch ([2-9]|[1-9]\d) of at most 60|All 60 epochs/).waitFor({ timeout: 60_000 });
  expect((await savedHead(page)).equals(undisturbed)).toBe(true);
  expect(cancelled).toHaveLength(2);
  expect(errors).toEqual([]);
}, 900_000);
