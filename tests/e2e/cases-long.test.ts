import { mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { dropPaths, launchBrowser } from '../../scripts/evaluate/browser.ts';
import { startServer } from '../../scripts/server/static-server.ts';
import { readTar } from '../tar.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { picture } from './pictures.ts';

/** Folders as people have them, dropped as people drop them: each with what the app has to say. */

const root = resolve(import.meta.dirname, '../..');

/** Unpacks a case into a folder of its own. */
async function unpack(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const archive = await readFile(join(root, 'tests/fixtures/cases', `${name}.tar`));
  for (const { path, bytes } of readTar(new Uint8Array(archive))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return join(folder, name);
}

/** Number of a fact on the data screen, as it reads. */
const fact = (page: Page, name: string) =>
  page.locator('dl').getByText(name, { exact: true }).locator('xpath=following-sibling::dd');
const facts = async (page: Page) =>
  Promise.all(
    ['Classes', 'Training', 'Query', 'Gallery'].map(async (name) => (await fact(page, name).innerText()).trim()),
  );
const settled = (page: Page, expected: readonly string[]) => expect.poll(() => facts(page)).toEqual(expected);

test('a refused ground truth stands among the problems, also after a reload', async () => {
  const { page, drop } = await openApp();
  await drop(join(await unpack('refused-ground-truth'), 'broken'));
  await settled(page, ['3', '15', '6', '9']);
  const refusal = page.getByText(/ground truth cannot be used: it is not valid JSON \(line 1/);
  for (let visit = 0; visit < 2; visit++) {
    await refusal.waitFor();
    await page.getByRole('button', { name: /show the problems/ }).click();
    await refusal.nth(1).waitFor();
    await page.reload();
    await settled(page, ['3', '15', '6', '9']);
  }
});

test('train, valid and test: one notice, and one press makes queries and gallery of them', async () => {
  const { page, drop } = await openApp();
  await drop(join(await unpack('train-valid-test'), 'photos'));
  await settled(page, ['3', '18', '0', '0']);
  await page.getByRole('button', { name: 'Ask with “test”, search in “valid”' }).click();
  await settled(page, ['3', '18', '9', '6']);
  await page.reload();
  await settled(page, ['3', '18', '9', '6']);
  expect(await page.getByRole('button', { name: /^Ask with/ }).count()).toBe(0);
});

test('classes that differ in capitals and blanks stay apart until a press makes them one', async () => {
  const { page, drop } = await openApp();
  await drop(join(await unpack('class-names-differ'), 'photos'));
  await settled(page, ['9', '15', '6', '9']);
  await page.getByText(/No query’s class is in the gallery/).waitFor();
  await page.getByRole('button', { name: 'Make one class of each' }).click();
  await settled(page, ['3', '15', '6', '9']);
  expect(await page.getByText(/No query’s class is in the gallery/).count()).toBe(0);
});

test('classes in file names are offered, and taken', async () => {
  const { page, drop } = await openApp();
  await drop(join(await unpack('identity-in-file-name'), 'reid'));
  await settled(page, ['0', '0', '6', '10']);
  await page.getByRole('button', { name: 'Take the classes from the file names' }).click();
  await settled(page, ['3', '15', '6', '10']);
});

test('files replaced by others of their size are read again, and it is said', async () => {
  const { page, drop } = await openApp();
  const folder = join(await unpack('same-size-replaced'), 'rep');
  const [red, blue] = [join(folder, 'gallery/red/0.bmp'), join(folder, 'gallery/blue/0.bmp')];
  // As if it lay there for long: else its time says nothing.
  for (const path of [red, blue]) await utimes(path, new Date(2020, 1, 1), new Date(2020, 1, 1));
  await drop(folder);
  await settled(page, ['2', '0', '2', '6']);
  // Read: from now on it is known what each of them held.
  await page.getByRole('link', { name: 'Data, all images read' }).first().waitFor();
  const bytes = await readFile(red);
  await writeFile(red, await readFile(blue));
  await writeFile(blue, bytes);
  await drop(folder);
  await page.getByRole('button', { name: /show the problems/ }).click();
  await page
    .getByText(/is not what it was when it was read before/)
    .first()
    .waitFor();
});

test('a folder of links says that browsers leave them out', async () => {
  const folder = await temporaryFolder();
  const { page, drop } = await openApp();
  await mkdir(join(folder, 'photos/gallery/cat'), { recursive: true });
  await writeFile(join(folder, 'real.png'), '');
  await symlink(join(folder, 'real.png'), join(folder, 'photos/gallery/cat/0.png'));
  await drop(join(folder, 'photos'));
  await page.getByText(/Browsers leave out links/).waitFor();
});

test('plain http: a gallery without queries is read, searched and scored within itself, and no page dies of it', async () => {
  const server = await startServer({
    distDir: join(root, 'dist'),
    modelsDir: join(root, 'tests/e2e/no-models'),
    port: 0,
    host: '0.0.0.0',
  });
  onTestFinished(() => server.close());
  const browser = await launchBrowser(['--host-resolver-rules=MAP gallery.lan 127.0.0.1']);
  onTestFinished(() => browser.close());
  const { page } = browser;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`http://gallery.lan:${new URL(server.url).port}/`);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const folder = join(await unpack('train-valid-test'), 'photos/test');
  await dropPaths(page, [folder]);
  await settled(page, ['3', '0', '0', '9']);
  const screen = (name: RegExp) => page.getByRole('link', { name }).first().click();
  await screen(/^Models/);
  await page
    .getByRole('button', { name: /^Embed/ })
    .first()
    .click();
  await screen(/^Search/);
  await page.getByRole('heading', { name: 'Query', exact: true }).waitFor();
  await dropPaths(page, [join(folder, 'cat/8.png')]);
  const tiles = page.getByRole('button', { name: /^Rank \d+,/ });
  // All the others, and never itself.
  await expect.poll(() => tiles.count()).toBe(8);
  const names = await tiles.evaluateAll((found) => found.map((tile) => tile.getAttribute('aria-label') ?? ''));
  expect(names.filter((name) => /class cat,.*file 8\.png/.test(name))).toEqual([]);
  await screen(/^Dashboard/);
  await page.getByText('Test: the gallery within itself, each of 9 images asked against all others.').waitFor();
  expect(errors).toEqual([]);
});

test('a large table is read by a worker alone, and not again at a start', async () => {
  const folder = join(await temporaryFolder(), 'photos');
  for (const [kind, file] of ['query/1.png', 'gallery/2.png'].entries()) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), picture(kind, 0));
  }
  const others = Array.from({ length: 50_000 }, (_, at) => `other${at}.png,class ${at % 100}`);
  const table = ['file,class', '1.png,mine', '2.png,mine', ...others].join('\n');
  await writeFile(join(folder, 'labels.csv'), table);
  const { page, drop } = await openApp();
  await page.addInitScript(() => {
    const seen = { read: 0, asked: 0 };
    Object.assign(window, { seen });
    // The page itself looks at a table's first line, and at no more of it.
    for (const name of ['arrayBuffer', 'text'] as const) {
      const original: (this: Blob) => Promise<unknown> = Blob.prototype[name];
      Reflect.set(Blob.prototype, name, function reading(this: Blob) {
        seen.read = Math.max(seen.read, this.size);
        return original.call(this);
      });
    }
    const post = Worker.prototype.postMessage;
    Reflect.set(Worker.prototype, 'postMessage', function posting(this: Worker, message: unknown, ...rest: unknown[]) {
      if (typeof message === 'object' && message !== null && 'path' in message && String(message.path) === 'labels')
        seen.asked++;
      return Reflect.apply(post, this, [message, ...rest]);
    });
  });
  const seen = () =>
    page.evaluate(() => ({ read: 0, asked: 0, ...Object.getOwnPropertyDescriptor(window, 'seen')?.value }));
  await page.reload();
  await drop(folder);
  await settled(page, ['1', '0', '1', '1']);
  const first = await seen();
  expect(first.asked).toBe(1);
  expect(first.read).toBeGreaterThan(0);
  expect(first.read).toBeLessThan(table.length / 10);
  await page.reload();
  await settled(page, ['1', '0', '1', '1']);
  await page.getByText('Gallery 1').first().waitFor();
  expect(await seen()).toMatchObject({ asked: 0 });
});
