import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { violations } from './accessibility.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { press, tabTo, withoutMouse } from './keyboard.ts';
import { picture, writePictures } from './pictures.ts';

/** From an empty start to the neighbours of a picture of one's own by the best model; Tab is on the way, and no press. */
const MOST_PRESSES = 7;

const screen = (page: Page, name: RegExp) => page.getByRole('link', { name }).first();

const idle = (page: Page) => expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);

const hasFocus = (locator: Locator) =>
  expect.poll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true);

/** Enlarges what has the focus, goes to the next image by the key that may come before the dialog has the focus, and back. */
async function enlarges(page: Page, what: RegExp): Promise<void> {
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  const dialog = page.getByRole('dialog', { name: what });
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Search with it' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

test('the whole path is walked without a mouse: a folder, an embedding, a comparison, the answer to a picture of one’s own, the dashboard, an export', async () => {
  const folder = await temporaryFolder();
  await writePictures(join(folder, 'kinds'), { kinds: 4, training: 8, query: 3, gallery: 4, mixed: true });
  const own = join(folder, 'mine.png');
  await writeFile(own, picture(2, 77));
  const { page, errors } = await openApp();
  await withoutMouse(page);
  let presses = 0;
  const pressed = async (locator: Locator) => {
    presses++;
    await press(page, locator);
  };
  // The browser's own dialog is answered for the user.
  const choosing = async (file: string, locator: Locator) => {
    const chooser = page.waitForEvent('filechooser');
    await pressed(locator);
    await (await chooser).setFiles(file);
  };

  // Data: an image of the wall is enlarged.
  await choosing(join(folder, 'kinds'), page.getByRole('button', { name: 'Choose folder' }));
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await idle(page);
  await tabTo(page, page.locator('main button[data-path][tabindex="0"]'));
  await enlarges(page, /^Image 2 of 32/);

  // Models: the descriptor is ticked by itself.
  await pressed(screen(page, /^Models/));
  await pressed(page.getByRole('button', { name: /^Embed/ }));
  await page.getByText('60 / 60').waitFor();
  await idle(page);

  // Comparison: what is embedded is ticked, frozen and fine-tuned.
  await pressed(screen(page, /^Comparison/));
  for (const head of ['frozen', 'fine-tuned']) {
    const box = page.getByRole('checkbox', { name: `Colour and gradient, ${head}` });
    await expect.poll(() => box.isChecked()).toBe(true);
  }
  // Few epochs are the test's own: they are not counted.
  await press(page, page.locator('summary', { hasText: 'Recipe' }));
  await tabTo(page, page.getByRole('textbox', { name: 'Epochs', exact: true }));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('8');
  await page.keyboard.press('Enter');
  await pressed(page.getByRole('button', { name: /^Run comparison/ }));
  const results = page.getByRole('table', { name: /results/i });
  await expect.poll(() => results.getByRole('row').count()).toBe(3);
  await idle(page);

  // Search: a picture of one's own.
  await pressed(screen(page, /^Search/));
  await choosing(own, page.getByRole('button', { name: 'Pick an image' }));
  const rank = (n: number) => page.getByRole('button', { name: new RegExp(`^Rank ${n},`) });
  await rank(1).waitFor();
  expect(presses).toBe(MOST_PRESSES);

  // The best model answers: the first of the menu, where each has its score.
  const model = page.getByRole('combobox', { name: 'Model' });
  const options = () => model.locator('option').allTextContents();
  const scores = async () =>
    (await options()).map((option) => Number(/· top-\d+ (\d+\.\d) on (?:validation|test)$/.exec(option)?.[1]));
  await expect.poll(scores).toEqual([expect.any(Number), expect.any(Number)]);
  await expect.poll(scores).not.toContain(Number.NaN);
  const [first = Number.NaN, second = Number.NaN] = await scores();
  expect(first).toBeGreaterThanOrEqual(second);
  expect(await model.locator('option:checked').textContent()).toBe((await options())[0]);

  // It says what the picture probably is, and who says so.
  const sentence = page.getByRole('status').filter({ hasText: /kind \d \(/ });
  await sentence.waitFor();
  expect(await sentence.textContent()).toMatch(
    /(Probably|Not sure: perhaps) kind \d \((over\s)?\d+\s%\).*(by the fine-tuned head|nearest images)\./,
  );
  expect(await page.getByText(/\b0 ms/).count()).toBe(0);
  expect(await violations(page)).toEqual([]);

  // Another ranking, by its first letters, as in any menu; it is remembered for this data set.
  await tabTo(page, page.getByRole('combobox', { name: 'Ranking' }));
  const order = () =>
    page.locator('[data-tile]').evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label') ?? ''));
  await page.keyboard.type('cover');
  await page.waitForURL(/rank=cover/);
  // The neighbours come in it once it is remembered, and not before. Only these stand for classes.
  await expect.poll(order).toContainEqual(expect.stringContaining('stands for class'));
  await page.goto(page.url().replace(/#.*/, '#/search'));
  await page.reload();
  await withoutMouse(page);
  await expect.poll(() => page.getByRole('combobox', { name: 'Ranking' }).inputValue()).toBe('cover');

  // A query of the strip, then along the neighbours, one of them enlarged beside the query, and on with it.
  const query = page.getByRole('button', { name: /, class kind \d/ }).first();
  await press(page, query);
  await tabTo(page, rank(1));
  await enlarges(page, /^Neighbour 2 of/);
  await hasFocus(rank(2));
  const before = (await rank(2).getAttribute('aria-label')) ?? '';
  await page.keyboard.press('s');
  // The image that was searched with is its own nearest neighbour, or is left out: either way the ranks are others'.
  await expect.poll(() => rank(2).getAttribute('aria-label')).not.toBe(before);

  // Dashboard: its tabs are one stop, walked with the arrows. Images are enlarged by the same keys in each.
  await press(page, screen(page, /^Dashboard/));
  await tabTo(page, page.getByRole('tab', { name: 'Leaderboard' }));
  const next = async (name: string) => {
    const tab = page.getByRole('tab', { name });
    await tabTo(page, page.getByRole('tab', { selected: true }));
    await page.keyboard.press('ArrowRight');
    await hasFocus(tab);
    if ((await tab.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('Enter');
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true');
  };
  await next('Curves');
  await next('Classes');
  await press(page, page.getByRole('table', { name: 'All classes' }).getByRole('button', { name: 'kind 0' }));
  await tabTo(page, page.getByRole('button', { name: /^Enlarge: / }).first());
  await enlarges(page, /eighbour 2 of/);
  await tabTo(page, page.getByRole('tab', { name: 'Classes' }));
  await next('Look');
  await tabTo(page, page.getByRole('grid', { name: 'Queries and their nearest images' }).locator('[tabindex="0"]'));
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Query \d+ of 12/ }).waitFor();
  await tabTo(page, page.getByRole('button', { name: /Enlarge it\.$/ }).first());
  await enlarges(page, /eighbour 2 of/);
  await page.keyboard.press('Escape');
  await next('Map');
  const map = page.getByRole('application', { name: /^Map of 60 images/ });
  await map.waitFor();
  // Each layout on its way takes back what was described.
  await page.getByRole('progressbar', { name: 'Drawing the map' }).waitFor({ state: 'detached' });
  await tabTo(page, map);
  await page.keyboard.press('+');
  await enlarges(page, /^Image \d+ of 60/);
  await hasFocus(map);
  expect(await violations(page)).toEqual([]);
  await next('Export');
  const downloading = page.waitForEvent('download');
  await press(page, page.getByRole('button', { name: 'Save CSV', exact: true }));
  expect((await downloading).suggestedFilename()).toMatch(/\.csv$/);
  expect(errors).toEqual([]);
}, 1_200_000);
