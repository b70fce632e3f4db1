import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { writePictures } from './pictures.ts';

/** What a good page stays below is 0.1; this one is asked for a fifth of it. */
const MOST_SHIFT = 0.02;

const ADDRESSES = [
  'data',
  'models',
  'comparison',
  'search',
  ...['leaderboard', 'curves', 'classes', 'look', 'map', 'export'].map((tab) => `dashboard?tab=${tab}`),
  'settings',
] as const;

interface Shift {
  readonly score: number;
  readonly what: readonly string[];
}

/** Adds up, from the first frame on, what moves by itself (Layout Instability: shifts after a press are not counted). */
async function watchShifts(page: Page): Promise<() => Promise<Shift>> {
  await page.addInitScript(() => {
    const seen = { score: 0, what: [] as string[] };
    Object.assign(window, { shifts: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, 'hadRecentInput')) continue;
        const score = Number(Reflect.get(entry, 'value'));
        seen.score += score;
        const sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[] =
          Reflect.get(entry, 'sources') ?? [];
        const names = sources.map(({ node, previousRect: from, currentRect: to }) => {
          const moved = `by ${Math.round(to.x - from.x)}, ${Math.round(to.y - from.y)}`;
          return `${node instanceof Element ? `${node.tagName}.${node.className}` : '#text'} ${moved}`;
        });
        seen.what.push(`${score.toFixed(4)} ${names.join(' ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => Reflect.get(window, 'shifts'));
}

/** What screens show of runs and embeddings, beside the data set itself: the stores that are read last. */
const READ_LATE = [
  'runs',
  'features',
  'embeddings',
  'embeddingRows',
  'heads',
  'outcomes',
  'neighbours',
  'queries',
  'imported',
];

/** From now on every document gets its runs and features late, as on a busy machine: their stores are locked for a while after it begins. */
async function answerLate(page: Page): Promise<void> {
  await page.addInitScript((stores: readonly string[]) => {
    if (!location.protocol.startsWith('http')) return;
    const opening = indexedDB.open('likeness');
    opening.onsuccess = () => {
      const names = stores.filter((name) => opening.result.objectStoreNames.contains(name));
      const lock = opening.result.transaction(names, 'readwrite');
      const until = performance.now() + 1500;
      const goOn = (): void => {
        if (performance.now() < until) lock.objectStore(names[0] ?? '').count().onsuccess = goOn;
      };
      goOn();
      lock.oncomplete = () => opening.result.close();
    };
  }, READ_LATE);
}

test('no screen moves by itself while it loads, wide or narrow', async () => {
  const folder = join(await temporaryFolder(), 'kinds');
  await writePictures(folder, { kinds: 4, training: 8, query: 3, gallery: 4, mixed: true });
  const { page, url, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  const shifts = await watchShifts(page);
  await page.reload();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  // Time is what is tested, here and below: what moves late counts too.
  await page.waitForTimeout(1000);
  const found = [{ at: 'start', ...(await shifts()) }];

  await drop(folder);
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await page
    .getByRole('link', { name: /^Comparison/ })
    .first()
    .click();
  await compareDescriptor(page, 8);
  await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);

  const visitAll = async (when: string, settledMs: number): Promise<void> => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const address of ADDRESSES) {
        // Another document each time: the same one with another hash would not load again.
        await page.goto('about:blank');
        await page.goto(`${url}#/${address}`);
        await page.locator('main h1').waitFor();
        await page.waitForTimeout(settledMs);
        found.push({ at: `${address} at ${width}${when}`, ...(await shifts()) });
      }
    }
  };
  await visitAll('', 800);
  await answerLate(page);
  await visitAll(', with late storage', 2300);
  console.info(found.map(({ at, score }) => `${score.toFixed(3)} ${at}`).join('\n'));
  expect(found.filter(({ score }) => score > MOST_SHIFT)).toEqual([]);
  expect(errors).toEqual([]);
}, 1_200_000);
