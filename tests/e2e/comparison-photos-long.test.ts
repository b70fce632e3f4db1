import { join } from 'node:path';
import type { Page } from 'playwright';
import * as v from 'valibot';
import { expect, inject, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { settled } from './journey.ts';
import { writePhotos } from './photos.ts';

const sharedDir = inject('sharedDir');
const needsPhotos = sharedDir ? '' : ' (skipped: there are no real photos and weights beside the project)';

const tensorsSchema = v.object({
  tensors: v.object({ backbone: v.array(v.number()), training: v.nullable(v.number()) }),
});

/** What the diagnostics say of the tensors in the workers. */
async function tensors(page: Page) {
  await page
    .getByRole('link', { name: /Settings/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^(Show diagnostics|Refresh)$/ }).click();
  const text = await page.locator('pre').textContent();
  return v.parse(tensorsSchema, JSON.parse(text ?? '')).tensors;
}

async function open(page: Page, screen: RegExp): Promise<void> {
  await page.getByRole('link', { name: screen }).first().click();
}

test.skipIf(!sharedDir)(
  `two backbones and their ensemble, frozen and fine-tuned, are compared from drop to table without a tensor left behind${needsPhotos}`,
  async () => {
    const shared = sharedDir ?? '';
    const folder = join(await temporaryFolder(), 'some groceries');
    await writePhotos(shared, folder, { classes: 4, training: 10, query: 3, gallery: 5 });
    const { page, errors, drop } = await openApp({ modelsDir: join(shared, 'models') });
    await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
    await drop(folder);
    await open(page, /Comparison/);
    for (const name of ['EfficientNetV2-B0', 'DeiT-Tiny']) {
      for (const head of ['frozen', 'fine-tuned']) {
        await page.getByRole('checkbox', { name: new RegExp(`${name}.*${head}`, 'i') }).check();
      }
    }
    // Their ensemble, fine-tuned and frozen.
    for (const head of ['finetuned', 'frozen']) {
      await page.getByRole('button', { name: 'Add an ensemble' }).click();
      await page.getByRole('combobox', { name: 'Member 1', exact: true }).selectOption({ label: 'EfficientNetV2-B0' });
      await page.getByRole('combobox', { name: 'Member 2', exact: true }).selectOption({ label: 'DeiT-Tiny' });
      for (const member of [1, 2]) {
        await page.getByRole('combobox', { name: `Head of member ${member}` }).selectOption(head);
      }
      await page.getByRole('button', { name: 'Add to the plan' }).click();
      const close = page.getByRole('button', { name: 'Close', exact: true });
      if (await close.isVisible()) await close.click();
    }

    // The weights do not come, and the user cancels: a second press goes on.
    let cancelled = () => {};
    const cancellation = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    await page.route('**/model.safetensors', async (route) => {
      await cancellation;
      // Cancelled meanwhile, it has nobody to go to.
      await route.continue().catch(() => {});
    });
    await page.getByRole('button', { name: /^Run comparison: 6 runs/ }).click();
    await page.getByRole('button', { name: /^Cancel: Download/ }).click();
    await settled(page);
    cancelled();
    await page.unroute('**/model.safetensors');
    await page.getByRole('button', { name: /^Run comparison: 6 runs/ }).click();

    const table = page.getByRole('table', { name: 'Results' });
    await expect.poll(() => table.getByRole('row').count(), { timeout: 480_000, interval: 500 }).toBe(7);
    await settled(page);
    const rows = await table.getByRole('row').allTextContents();
    expect(rows.filter((row) => row.includes('ensemble'))).toHaveLength(2);
    // Every run has its five figures, in per cent. (A dozen queries say little of their height.)
    const figures = rows.slice(1).map((row) => row.match(/\d+\.\d(?=\[|\d+\.\d$|$)/g)?.map(Number) ?? []);
    for (const shares of figures) {
      expect(shares).toHaveLength(5);
      for (const share of shares) expect(share >= 0 && share <= 100).toBe(true);
    }

    // Training keeps no tensor; the loaded backbone keeps its weights, and a second comparison adds nothing.
    const before = await tensors(page);
    expect(before.training).toBe(0);
    expect(before.backbone.length).toBeGreaterThan(0);
    await open(page, /Comparison/);
    await page.getByText('Recipe', { exact: true }).click();
    const seed = page.getByRole('textbox', { name: 'Seed', exact: true });
    await seed.fill('1');
    await seed.press('Enter');
    await page.getByRole('button', { name: /^Run comparison: \d runs/ }).click();
    await page.getByText(/^(Both|All \d) runs are there already\.$/).waitFor({ timeout: 480_000 });
    await settled(page);
    expect(await tensors(page)).toEqual(before);
    expect(errors).toEqual([]);
  },
  1_800_000,
);
