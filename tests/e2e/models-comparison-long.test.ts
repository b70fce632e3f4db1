import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, inject, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { press, tabTo, withoutMouse } from './keyboard.ts';
import { writePhotos } from './photos.ts';

const sharedDir = inject('sharedDir');
const needsPhotos = sharedDir ? '' : ' (skipped: there are no real photos and weights beside the project)';

const screen = (page: Page, name: RegExp) => page.getByRole('link', { name }).first();
const running = (page: Page) => page.getByRole('button', { name: /^Cancel: / });
const idle = (page: Page) => expect.poll(() => running(page).count(), { timeout: 240_000 }).toBe(0);

/** Keeps every line of running work that is shown from now on. */
async function watchLines(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const lines = new Set<string>();
    const note = () => {
      const text = document.querySelector('section[aria-label="Running now"]')?.textContent;
      if (!text || lines.has(text)) return;
      lines.add(text);
      document.documentElement.dataset['lines'] = [...lines].join('\n');
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return async () => (await page.evaluate(() => document.documentElement.dataset['lines'] ?? '')).split('\n');
}

test.skipIf(!sharedDir)(
  `from models to the best of them without a mouse: what is embedded is ticked, jobs are seen whole, results are in sight${needsPhotos}`,
  async () => {
    const shared = sharedDir ?? '';
    const folder = join(await temporaryFolder(), 'some groceries');
    await writePhotos(shared, folder, { classes: 4, training: 12, query: 3, gallery: 5 });
    const { page, errors } = await openApp({ modelsDir: join(shared, 'models') });
    await withoutMouse(page);
    const choosing = page.waitForEvent('filechooser');
    await press(page, page.getByRole('button', { name: 'Choose folder' }));
    await (await choosing).setFiles(folder);
    await page.getByRole('heading', { name: 'Images per class' }).waitFor();
    await idle(page);

    // Models: what is at hand comes first, then what the app's server has, under its tag.
    await press(page, screen(page, /^Models/));
    const groups = page.locator('tbody');
    await expect.poll(() => groups.first().textContent()).toContain('At hand');
    for (const tag of ['resnet50.tf_in1k', 'deit_tiny_patch16_224.fb_in1k', 'tf_efficientnetv2_b0.in1k']) {
      await expect.poll(() => groups.nth(1).textContent()).toContain(tag);
    }
    for (const name of ['DeiT-Tiny', 'EfficientNetV2-B0']) {
      await press(page, page.getByRole('checkbox', { name: `Use ${name}` }), 'Space');
    }
    const note = page.locator('#embed-note');
    await expect.poll(() => note.textContent()).toContain('is known after the first images');
    const linesOf = await watchLines(page);
    await press(page, page.getByRole('button', { name: /^Embed/ }));
    // A model's results are there while the next one is worked on.
    const scored = page.getByRole('row', { name: /images\/s.*\d\.\d.*\[/ });
    await expect.poll(() => scored.count(), { timeout: 240_000, interval: 50 }).toBeGreaterThan(0);
    expect(await running(page).count()).toBe(1);
    await idle(page);
    const lines = await linesOf();
    for (const at of [1, 2, 3]) expect(lines.some((line) => line.includes(`Model ${at} of 3: `))).toBe(true);
    const early = lines.filter((line) => /Model [12] of 3/.test(line) && line.includes('less than 1 s left'));
    expect(early.filter((line) => !line.includes('in this step'))).toEqual([]);

    // Comparison: what is embedded is ticked; presets use it, and name what they would download.
    await press(page, screen(page, /^Comparison/));
    const steps = page.getByRole('region', { name: 'Steps' });
    await expect.poll(() => steps.textContent()).toContain('Next: compare');
    for (const name of ['DeiT-Tiny', 'EfficientNetV2-B0', 'Colour and gradient']) {
      for (const head of ['frozen', 'fine-tuned']) {
        const box = page.getByRole('checkbox', { name: `${name}, ${head}` });
        await expect.poll(() => box.isChecked()).toBe(true);
      }
    }
    await page
      .getByRole('checkbox', {
        name: /^(EfficientNetV2-B0 \+ DeiT-Tiny|DeiT-Tiny \+ EfficientNetV2-B0) \+ Colour and gradient, concat$/,
      })
      .waitFor();
    await expect
      .poll(() => page.getByRole('region', { name: 'Ensembles' }).textContent())
      .toMatch(/to download: [^+]*ViT-B\/16, 346 MB/);
    await press(page, page.locator('summary', { hasText: 'Recipe' }));
    await tabTo(page, page.getByRole('textbox', { name: 'Epochs', exact: true }));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('8');
    await page.keyboard.press('Enter');
    // How long training takes is not known before the first.
    const stages = page.getByRole('region', { name: 'Stages', exact: true });
    await expect.poll(() => stages.textContent()).toContain('time not known yet');
    await press(page, page.getByRole('button', { name: /^Run comparison: 3 runs$/ }));
    const results = page.getByRole('table', { name: 'Results' });
    await expect.poll(() => results.getByRole('row').count(), { timeout: 240_000 }).toBe(7);
    await idle(page);
    await expect
      .poll(() =>
        results
          .getByRole('row')
          .nth(1)
          .evaluate((row) => {
            const { top, bottom } = row.getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight;
          }),
      )
      .toBe(true);
    await expect.poll(() => steps.textContent()).toContain('see which model is best');
    await steps.getByRole('link', { name: 'Dashboard' }).waitFor();

    // The best of them, scored once on the test and shown among the results.
    await press(page, page.getByRole('button', { name: 'Find the best' }));
    const best = page.getByRole('region', { name: 'The best of what you have' });
    await expect
      .poll(() => best.textContent(), { timeout: 300_000 })
      .toMatch(
        /Worth \d+\.\d \[\d+\.\d, \d+\.\d\] on shoots that were held out.*On the test its top-10 accuracy is \d+\.\d/,
      );
    const path = await best.getByRole('list', { name: 'The path to the best' }).getByRole('listitem').allTextContents();
    expect(path[0]).toMatch(/^(EfficientNetV2-B0|DeiT-Tiny|Colour and gradient), (frozen|fine-tuned) \d+\.\d$/);
    for (const step of path.slice(1))
      expect(step).toMatch(
        /^(\+ |averaged|ranked by |EfficientNetV2-B0, |DeiT-Tiny, |Colour and gradient, ).*\d+\.\d$/,
      );
    await idle(page);

    // What this machine was measured with is known in the next visit, and steps and results are the same.
    await page.reload();
    await expect.poll(() => steps.textContent()).toContain('see which model is best');
    await expect.poll(() => results.getByRole('row').count()).toBeGreaterThanOrEqual(7);
    await withoutMouse(page);
    await press(page, screen(page, /^Models/));
    await expect.poll(() => page.getByRole('row', { name: /DeiT-Tiny/ }).textContent()).toContain('images/s');
    expect(errors).toEqual([]);
  },
  1_800_000,
);
