import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dropPaths, launchBrowser } from '../../scripts/evaluate/browser.ts';
import { temporaryFolder } from './browser-session.ts';
import { writePictures } from './pictures.ts';

const dist = resolve(import.meta.dirname, '../../dist');
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A plain host that knows nothing of the app: no headers of its own but `isolated`'s, files below /likeness/. */
async function plainHost(folder: string, headers: Record<string, string>): Promise<{ url: string; missed: string[] }> {
  const missed: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const path = pathname.startsWith('/likeness/') ? pathname.slice('/likeness/'.length) || 'index.html' : '';
    const file = join(folder, decodeURIComponent(path));
    const answer = file.startsWith(folder) && path !== '' ? readFile(file) : Promise.reject(new Error('elsewhere'));
    answer.then(
      (body) => response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'text/plain', ...headers }).end(body),
      () => {
        missed.push(pathname);
        response.writeHead(404, headers).end();
      },
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/likeness/`, missed };
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

/** Puts another version on the host: another page, and the service worker that names it. */
async function publishNext(folder: string): Promise<void> {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const next = page.replace('<title>Likeness</title>', '<title>Likeness</title><meta name="edition" content="2">');
  const worker = await readFile(join(folder, 'service-worker.js'), 'utf8');
  expect(worker).toContain(sha256(page));
  await writeFile(join(folder, 'index.html'), next);
  await writeFile(
    join(folder, 'service-worker.js'),
    worker.replace(sha256(page), sha256(next)).replace(/(\\"id\\":\\")[0-9a-f]{4}/, '$1ffff'),
  );
}

/** The app below a plain host's sub-path, kept for visits without a network, with a small data set opened in it. */
async function openBelow(headers: Record<string, string>) {
  const temporary = await temporaryFolder();
  const folder = join(temporary, 'dist');
  await cp(dist, folder, { recursive: true });
  const pictures = join(temporary, 'kinds');
  await writePictures(pictures, { kinds: 2, training: 10, query: 2, gallery: 5 });
  const { url, missed } = await plainHost(folder, headers);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const { page } = browser;
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`${url}#/settings`);
  await page.getByText('is kept in this browser and starts without a network').waitFor();
  // From here on the kept app answers.
  await page.reload();
  await page.getByText('is kept in this browser and starts without a network').waitFor();
  await dropPaths(page, [pictures]);
  await page.getByText('20', { exact: true }).first().waitFor();
  return { page, url, folder, missed, errors };
}

test('under a sub-path of a plain host: embed, search, and take an update when told to', async () => {
  const { page, url, folder, missed, errors } = await openBelow({});
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.goto(`${url}#/models`);
  await page.getByRole('button', { name: /^Embed 34 images with 1 model/ }).click();
  await page.getByText('34 / 34').waitFor();
  await page.goto(`${url}#/search`);
  await page
    .getByRole('button', { name: /, class kind 1/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^Rank 10,/ }).waitFor();

  await publishNext(folder);
  const edition = () => page.evaluate(() => document.querySelector('meta[name=edition]')?.getAttribute('content'));
  await page.reload();
  await page.getByText('A new version of Likeness is ready').waitFor();
  // The version before answers whole until the press.
  expect(await edition()).toBeUndefined();
  await page.getByRole('button', { name: 'Reload now' }).click();
  await expect.poll(() => edition().catch(() => null)).toBe('2');
  await page.getByRole('button', { name: /^Rank 10,/ }).waitFor();
  expect(await page.getByText('A new version of Likeness is ready').count()).toBe(0);

  // A host without weights is asked for their list, and for nothing else that it does not have.
  expect([...new Set(missed)]).toEqual(['/likeness/models/index.json']);
  expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
}, 1_200_000);

test('a host that gives cross-origin isolation loses nothing: heads are trained in TensorFlow.js, and compared', async () => {
  const { page, url, errors } = await openBelow({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  await page.goto(`${url}#/comparison`);
  // The kept page and its workers have the host's headers, too.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByRole('checkbox', { name: /Colour and gradient.*fine-tuned/i }).check();
  await page.getByRole('button', { name: /^Run comparison/ }).click();
  const table = page.getByRole('table', { name: /results/i });
  await expect.poll(() => table.getByRole('row').count(), { timeout: 300_000 }).toBe(2);
  expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
}, 1_200_000);
