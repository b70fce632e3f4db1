import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { press, tabTo, withoutMouse } from './keyboard.ts';
import { picture, writePictures } from './pictures.ts';

/** From an empty start to the neighbours of a picture of one's own by the best model; Tab is on the way, and no press. */
const MOST_PRESSES = 7;

const idle = (page: Page) =>
  expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count(), { timeout: 120_000 }).toBe(0);

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

test('from an empty start to an answer by the best model, its ranking chosen and a neighbour enlarged, by keyboard', async () => {
  const folder = await temporaryFolder();
  await writePictures(join(folder, 'kinds'), { kinds: 4, training: 12, query: 3, gallery: 6, mixed: true });
  const own = join(folder, 'mine.png');
  await writeFile(own, picture(2, 77));
  const { page, errors } = await openApp();
  page.setDefaultTimeout(60_000);
  await withoutMouse(page);
  let presses = 0;
  const pressed = async (...named: Parameters<typeof page.getByRole>) => {
    presses++;
    await press(page, page.getByRole(...named).first());
  };
  const choosing = async (file: string, ...named: Parameters<typeof page.getByRole>) => {
    const chooser = page.waitForEvent('filechooser');
    await pressed(...named);
    await (await chooser).setFiles(file);
  };

  await choosing(join(folder, 'kinds'), 'button', { name: 'Choose folder' });
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await idle(page);
  await pressed('link', { name: /^Models/ });
  await pressed('button', { name: /^Embed/ });
  await page.getByText('84 / 84').waitFor({ timeout: 120_000 });
  await idle(page);
  await pressed('link', { name: /^Comparison/ });
  // Ticking the fine-tuned head, and few epochs, are the test's own: they are not counted.
  const tick = page.getByRole('checkbox', { name: 'Colour and gradient, fine-tuned' });
  await tabTo(page, tick);
  if (!(await tick.isChecked())) await page.keyboard.press('Space');
  await press(page, page.locator('summary', { hasText: 'Recipe' }));
  await tabTo(page, page.getByRole('textbox', { name: 'Epochs', exact: true }));
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await pressed('button', { name: /^Run comparison/ });
  await expect
    .poll(
      () =>
        page
          .getByRole('table', { name: /results/i })
          .getByRole('row')
          .count(),
      { timeout: 120_000 },
    )
    .toBe(3);
  await idle(page);
  await pressed('link', { name: /^Search/ });
  await choosing(own, 'button', { name: 'Pick an image' });
  const rank = (n: number) => page.getByRole('button', { name: new RegExp(`^Rank ${n},`) });
  await rank(1).waitFor();
  expect(presses).toBe(MOST_PRESSES);

  // The best model answers: the first of the menu, where each has its score.
  const model = page.getByRole('combobox', { name: 'Model' });
  const options = await model.locator('option').allTextContents();
  expect(options).toHaveLength(2);
  const scores = options.map((option) => Number(/· (\d+\.\d)$/.exec(option)?.[1]));
  expect(scores[0]).toBeGreaterThanOrEqual(scores[1] ?? Number.NaN);
  expect(await model.locator('option:checked').textContent()).toBe(options[0]);

  // It says what the picture probably is, and who says so.
  const sentence = page.getByRole('status').filter({ hasText: /kind \d \(/ });
  await sentence.waitFor();
  expect(await sentence.textContent()).toMatch(
    /(Probably|Not sure: perhaps) kind \d \((over )?\d+ %\).*(by the fine-tuned head|nearest images)\./,
  );
  expect(await page.getByText(/\b0 ms/).count()).toBe(0);
  expect(await page.getByRole('application').count()).toBe(0);
  expect(await violations(page)).toEqual([]);

  // The ranking, by its first letter, as in any menu.
  await tabTo(page, page.getByRole('combobox', { name: 'Ranking' }));
  const labels = () =>
    page.locator('[data-tile]').evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label') ?? ''));
  const plain = await labels();
  await page.keyboard.type('cover');
  await page.waitForURL(/rank=cover/);
  await expect.poll(labels, { timeout: 20_000 }).not.toEqual(plain);
  expect(await labels()).toHaveLength(10);
  await press(page, page.getByRole('button', { name: 'What the ranking means' }));
  await page.getByText(/validation images of training, which no head has learned from/).waitFor();
  await page.keyboard.press('Escape');

  // A neighbour beside the query, the next one, and back.
  await tabTo(page, rank(1));
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Neighbour 1 of 10/ }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('dialog', { name: /^Neighbour 2 of 10/ }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(() => rank(2).evaluate((tile) => tile === document.activeElement)).toBe(true);

  // After a reload the ranking is remembered for this data set.
  await page.goto(page.url().replace(/#.*/, '#/search'));
  await page.reload();
  await expect
    .poll(() => page.getByRole('combobox', { name: 'Ranking' }).inputValue(), { timeout: 20_000 })
    .toBe('cover');
  expect(errors).toEqual([]);
}, 600_000);
