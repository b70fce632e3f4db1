import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { dropPaths, launchIn } from '../../scripts/evaluate/browser.ts';
import { startServer } from '../../scripts/server/static-server.ts';
import { PATIENT_MS, temporaryFolder } from './browser-session.ts';
import { countFeatures, featureCounts, hold, letGo } from './feature-counts.ts';
import { begin, interrupted, settled, untilDone } from './journey.ts';
import { writePictures } from './pictures.ts';
import { storedDigests } from './stored.ts';

const root = resolve(import.meta.dirname, '../..');
const elsewhere = (page: Page) => page.getByRole('region', { name: 'Work in another tab' });

test('of two tabs on a data set one works; the other shows it, is refused, takes over, and goes on after a crash', async () => {
  const folder = await temporaryFolder();
  const pictures = join(folder, 'kinds');
  await writePictures(pictures, { kinds: 3, training: 10, query: 3, gallery: 5, mixed: true });
  const server = await startServer({
    distDir: join(root, 'dist'),
    modelsDir: join(folder, 'none'),
    port: 0,
    host: '127.0.0.1',
  });
  onTestFinished(() => server.close());
  const context = await launchIn(join(folder, 'profile'));
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENT_MS);
  // The first tab stops in the middle of its extraction.
  await countFeatures(context, 20);
  const errors: string[] = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(server.url);
    return page;
  };

  const first = await open();
  await begin(first, 'read', pictures);
  await untilDone(first, 'read');
  await begin(first, 'embed', pictures);
  await first.waitForFunction(() => localStorage.getItem('stalled') !== null);

  const second = await open();
  await elsewhere(second).waitFor();
  await elsewhere(second)
    .getByText(/Embedding with Colour and gradient: \d+ \/ 54 images/)
    .waitFor();
  // What the first has started is not called interrupted while it works.
  expect(await interrupted(second).count()).toBe(0);
  await begin(second, 'embed', pictures);
  await second.getByText(/Another tab of this browser works on this data set/).waitFor();
  expect((await featureCounts(second)).asked).toBe(0);

  // Given the folder, it takes over what the other has started, once that has finished its batch.
  await dropPaths(second, [pictures]);
  await hold(second);
  await elsewhere(second).getByRole('button', { name: 'Take over' }).click();
  await first.getByRole('button', { name: /^Stopping: / }).waitFor();
  await letGo(first);
  await elsewhere(first).waitFor();
  await letGo(second);
  await untilDone(second, 'embed');
  await settled(second);
  const [one, two] = [await featureCounts(first), await featureCounts(second)];
  const features = Object.keys(await storedDigests(second)).filter((key) => key.startsWith('features '));
  expect(features).toHaveLength(54);
  // Every image was written once, by one of the two.
  expect([...one.stored, ...two.stored].map((key) => `features ${key}`).sort()).toEqual(features.sort());

  // The first tab shows what the second has done.
  await expect.poll(() => elsewhere(first).count()).toBe(0);
  await untilDone(first, 'embed');

  // The second crashes in its training: the first says so, and goes on with one press.
  await begin(second, 'compare', pictures);
  await elsewhere(first)
    .getByText(/Training the head/)
    .waitFor();
  const session = await context.newCDPSession(second);
  session.send('Page.crash').catch(() => {});
  await second.waitForEvent('crash');
  await interrupted(first)
    .getByText(/comparing 2 models/)
    .waitFor();
  await interrupted(first).getByRole('button', { name: 'Continue', exact: true }).click();
  await untilDone(first, 'compare');
  await expect.poll(() => interrupted(first).count()).toBe(0);
  expect(errors).toEqual([]);
}, 900_000);
