import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { press, tabTo, withoutMouse } from './keyboard.ts';
import { writePictures } from './pictures.ts';

const screen = (page: Page, name: RegExp) => page.getByRole('link', { name }).first();

const idle = (page: Page) =>
  expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count(), { timeout: 120_000 }).toBe(0);

test('the whole path is walked without a mouse: a folder, an embedding, a comparison, a search, the dashboard, an export', async () => {
  const folder = join(await temporaryFolder(), 'kinds');
  await writePictures(folder, { kinds: 4, training: 8, query: 3, gallery: 4, mixed: true });
  const { page, errors } = await openApp();
  page.setDefaultTimeout(60_000);
  await withoutMouse(page);

  // Data: the browser's own dialog is answered for the user.
  const choosing = page.waitForEvent('filechooser');
  await press(page, page.getByRole('button', { name: 'Choose folder' }));
  await (await choosing).setFiles(folder);
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await idle(page);

  // Models: the descriptor is ticked by itself.
  await press(page, screen(page, /^Models/));
  await press(page, page.getByRole('button', { name: /^Embed/ }));
  await page.getByText('60 / 60').waitFor({ timeout: 120_000 });
  await idle(page);

  // Comparison.
  await press(page, screen(page, /^Comparison/));
  for (const head of ['frozen', 'fine-tuned']) {
    const tick = page.getByRole('checkbox', { name: `Colour and gradient, ${head}` });
    await tabTo(page, tick);
    if (!(await tick.isChecked())) await page.keyboard.press('Space');
    expect(await tick.isChecked()).toBe(true);
  }
  await press(page, page.locator('summary', { hasText: 'Recipe' }));
  await tabTo(page, page.getByRole('textbox', { name: 'Epochs', exact: true }));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('8');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: /^Run comparison/ }));
  const results = page.getByRole('table', { name: /results/i });
  await expect.poll(() => results.getByRole('row').count(), { timeout: 120_000 }).toBe(3);
  await idle(page);

  // Search: a query of the strip, then along the neighbours, and on with one of them.
  await press(page, screen(page, /^Search/));
  const query = page.getByRole('button', { name: /, class kind \d/ }).first();
  await press(page, query);
  const rank = (n: number) => page.getByRole('button', { name: new RegExp(`^Rank ${n},`) });
  await tabTo(page, rank(1));
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => rank(2).evaluate((tile) => tile === document.activeElement)).toBe(true);
  const second = (await rank(2).getAttribute('aria-label')) ?? '';
  // Enlarged, and back to where it was.
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Neighbour 2 of/ }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => rank(2).evaluate((tile) => tile === document.activeElement)).toBe(true);
  await page.keyboard.press('s');
  // The image that was searched with is its own nearest neighbour, or is left out: either way the ranks are others'.
  await expect.poll(() => rank(2).getAttribute('aria-label'), { timeout: 20_000 }).not.toBe(second);

  // Dashboard: its tabs are one stop, walked with the arrows.
  await press(page, screen(page, /^Dashboard/));
  await tabTo(page, page.getByRole('tab', { name: 'Leaderboard' }));
  for (const tab of ['Curves', 'Classes', 'Look', 'Map', 'Export']) {
    await page.keyboard.press('ArrowRight');
    const next = page.getByRole('tab', { name: tab });
    await expect.poll(() => next.evaluate((element) => element === document.activeElement)).toBe(true);
  }
  if ((await page.getByRole('tab', { name: 'Export' }).getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('Enter');
  }
  const downloading = page.waitForEvent('download');
  await press(page, page.getByRole('button', { name: 'Save CSV', exact: true }));
  expect((await downloading).suggestedFilename()).toMatch(/\.csv$/);
  expect(errors).toEqual([]);
}, 600_000);
