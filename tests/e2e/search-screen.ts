import type { Page } from 'playwright';
import { expect } from 'vitest';
import { settled } from './journey.ts';

export const link = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) }).first();

export const tiles = (page: Page) => page.getByRole('button', { name: /^Rank \d+,/ });

/** Rank, class, verdict, similarity and file of each. */
export const neighbours = (page: Page) =>
  tiles(page).evaluateAll((found) => found.map((tile) => tile.getAttribute('aria-label')));

/** The ten that are shown, once they are laid out. */
export async function tenNeighbours(page: Page): Promise<(string | null)[]> {
  await expect.poll(() => tiles(page).count()).toBe(10);
  return neighbours(page);
}

export const searchBy = (page: Page, index: string) =>
  page.getByRole('combobox', { name: 'Index' }).selectOption(index);

export async function chooseModel(page: Page, named: string | RegExp): Promise<void> {
  const model = page.getByRole('combobox', { name: 'Model' });
  await model.selectOption(await model.locator('option', { hasText: named }).getAttribute('value'));
}

/** On the models screen: a matrix and the names of its rows become a model of that name. */
export async function importVectors(page: Page, files: readonly string[], named: RegExp): Promise<void> {
  await link(page, 'Models').click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import vectors' }).click();
  await (await choosing).setFiles([...files]);
  await page.getByText(named).first().waitFor();
  await settled(page);
}
