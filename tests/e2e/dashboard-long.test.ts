import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { chooseFromMenu, press, tabTo, withoutMouse } from './keyboard.ts';
import { writePictures } from './pictures.ts';

const screen = (page: Page, name: RegExp) => page.getByRole('link', { name }).first();
const idle = (page: Page) => expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);
const parameter = (page: Page, name: string) => new URLSearchParams(page.url().split('?')[1]).get(name);

/** A small data set with the descriptor compared on it, frozen and fine-tuned, and the dashboard open. */
async function compared(): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const folder = join(await temporaryFolder(), 'kinds');
  await writePictures(folder, { kinds: 4, training: 8, query: 3, gallery: 4, mixed: true });
  const { page, errors, drop } = await openApp();
  await drop(folder);
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await idle(page);
  await screen(page, /^Models/).click();
  await page.getByRole('button', { name: /^Embed/ }).click();
  await page.getByText('60 / 60').waitFor();
  await idle(page);
  await screen(page, /^Comparison/).click();
  for (const head of ['frozen', 'fine-tuned']) {
    await page.getByRole('checkbox', { name: `Colour and gradient, ${head}` }).check();
  }
  await page.locator('summary', { hasText: 'Recipe' }).click();
  await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('8');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Run comparison/ }).click();
  const results = page.getByRole('table', { name: /results/i });
  await expect.poll(() => results.getByRole('row').count()).toBe(3);
  await idle(page);
  await screen(page, /^Dashboard/).click();
  await page.getByRole('table', { name: 'Leaderboard' }).waitFor();
  return { page, errors };
}

test('by keyboard: the best run first, one metric for all, columns that stay, the matrix and its images, names, deletion', async () => {
  const { page, errors } = await compared();
  await withoutMouse(page);
  const table = page.getByRole('table', { name: 'Leaderboard' });
  const rows = table.locator('tbody tr');
  const runA = page.getByRole('combobox', { name: 'Run A', exact: true });

  // The best run goes without saying.
  await expect
    .poll(() => runA.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.textContent))
    .toMatch(/^Best on the test: Colour and gradient/);
  expect(parameter(page, 'a')).toBeNull();
  await expect.poll(() => page.locator('main').textContent()).toMatch(/The head: cosine classifier, at most 8 epochs/);

  // One choice of metric.
  await press(page, table.getByRole('button', { name: 'mAP@R', exact: true }));
  await expect.poll(() => parameter(page, 'metric')).toBe('mapAtR');
  const chosen = page.getByRole('region', { name: 'Chosen runs' });
  await expect.poll(() => chosen.textContent()).toContain('mAP@R');
  await expect.poll(() => chosen.textContent()).not.toContain('Top-10');

  // Columns outlast a reload.
  await press(page, page.getByRole('button', { name: 'Columns' }));
  await press(page, page.getByRole('checkbox', { name: 'R-precision' }), 'Space');
  await table.getByRole('button', { name: 'R-prec.' }).waitFor();
  await page.reload();
  await table.getByRole('button', { name: 'R-prec.' }).waitFor();
  await expect.poll(() => chosen.textContent()).toContain('mAP@R');
  await withoutMouse(page);

  // Another order of the same answers, scored when it is chosen.
  const ranking = page.getByRole('combobox', { name: 'Ranking of run A' });
  await tabTo(page, ranking);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => parameter(page, 'a')).toMatch(/~class$/);
  await expect.poll(() => rows.count()).toBe(3);

  // A name, which is there after a reload.
  const menu = (of: RegExp) => table.getByRole('button', { name: of }).first();
  await chooseFromMenu(page, menu(/^Name, note or delete Colour and gradient, frozen$/), 'Name and note …');
  await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
  await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }));
  await page.keyboard.type('As it comes');
  await page.keyboard.press('Enter');
  await table.getByText('As it comes').waitFor();
  await page.reload();
  await table.getByText('As it comes').waitFor();
  await withoutMouse(page);

  // The matrix: its cells are walked, and open their images.
  await tabTo(page, page.getByRole('tab', { name: 'Leaderboard' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  if ((await page.getByRole('tab', { name: 'Classes' }).getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('Enter');
  }
  const grid = page.getByRole('grid');
  await grid.waitFor();
  const queries = () =>
    grid
      .getByRole('gridcell', { name: /: \d+ of \d+ quer/ })
      .evaluateAll((cells) =>
        cells.reduce(
          (sum, cell) => sum + Number(/: (\d+) of/.exec(cell.getAttribute('aria-label') ?? '')?.[1] ?? 0),
          0,
        ),
      );
  await expect.poll(queries).toBe(12);
  await tabTo(page, grid.locator('[tabindex="0"]'));
  const filled = () => page.evaluate(() => document.activeElement?.hasAttribute('data-filled') ?? false);
  for (let step = 0; step < 4 && !(await filled()); step++) await page.keyboard.press('ArrowRight');
  expect(await filled()).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Close these queries' }).waitFor();
  await expect.poll(() => parameter(page, 'met')).not.toBeNull();

  // Deleting asks first, and is for good.
  await tabTo(page, page.getByRole('tab', { name: 'Classes' }));
  await page.keyboard.press('Home');
  if ((await page.getByRole('tab', { name: 'Leaderboard' }).getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('Enter');
  }
  const asItComes = menu(/^Name, note or delete As it comes/);
  await press(page, asItComes);
  await page.getByRole('menuitem', { name: 'Delete …' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') != null);
  await page.keyboard.press('Escape');
  // Escape leads back to the button.
  await expect.poll(() => asItComes.evaluate((button) => button === document.activeElement)).toBe(true);
  await chooseFromMenu(page, asItComes, 'Delete …');
  await press(page, page.getByRole('button', { name: 'Delete the run' }));
  await expect.poll(() => rows.count()).toBe(2);
  await page.reload();
  await expect.poll(() => rows.count()).toBe(2);
  expect(await page.locator('main').textContent()).not.toContain('As it comes');
  expect(errors).toEqual([]);
}, 1_200_000);
