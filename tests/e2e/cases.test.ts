import { mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { dropPaths, launchBrowser } from '../../scripts/evaluate/browser.ts';
import { startServer } from '../../scripts/server/static-server.ts';
import { readTar } from '../tar.ts';
import { openApp, temporaryFolder } from './browser-session.ts';

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
const settled = (page: Page, expected: readonly string[]) =>
  expect.poll(() => facts(page), { timeout: 60_000 }).toEqual(expected);

test('a refused ground truth stands among the problems, also after a reload', async () => {
  const { page, drop } = await openApp();
  await drop(join(await unpack('refused-ground-truth'), 'broken'));
  await settled(page, ['3', '15', '6', '9']);
  for (let visit = 0; visit < 2; visit++) {
    await page.getByRole('button', { name: /show the problems/ }).click();
    await page.getByText(/ground truth cannot be used: it is not valid JSON \(line 1/).waitFor();
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
  await page.getByText('Gallery 6').first().waitFor();
  const bytes = await readFile(red);
  await writeFile(red, await readFile(blue));
  await writeFile(blue, bytes);
  await drop(folder);
  await page.getByRole('button', { name: /show the problems/ }).click();
  await page
    .getByText(/is not what it was when it was read before/)
    .first()
    .waitFor({ timeout: 60_000 });
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

test('plain http: a dropped folder is read and compared, and no page dies of it', async () => {
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
  await dropPaths(page, [join(await unpack('numbered-classes'), 'photos')]);
  await settled(page, ['12', '24', '12', '12']);
  await page
    .getByRole('link', { name: /^Models/ })
    .first()
    .click();
  await page
    .getByRole('button', { name: /^Embed/ })
    .first()
    .click();
  await page
    .getByRole('link', { name: /^Search/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Query', exact: true }).waitFor({ timeout: 60_000 });
  expect(errors).toEqual([]);
});
