import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobReader, configure, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { writeHostileNames } from './hostile-names.ts';
import { stubHub } from './hub-stub.ts';
import { answered } from './journey.ts';
import { blindProxy, requestLog } from './request-log.ts';

configure({ useWebWorkers: false });

const EXPORTS = [
  ...['Save report', 'Save LaTeX', 'Save Markdown', 'Save CSV', 'Save figures', 'Save ranking as JSON'],
  ...['Save ranking as CSV', 'Save embeddings', 'Save for the projector', 'Save bundle'],
];
const SCREENS = ['Models', 'Comparison', 'Search', 'Settings'] as const;
const TABS = ['Leaderboard', 'Curves', 'Classes', 'Look', 'Map', 'Export'] as const;

/** Whether any name has become more than text on the page. */
async function expectText(page: Page): Promise<void> {
  expect(await page.locator('img[src="x"], [onerror], b:text-is("b")').count()).toBe(0);
}

const visitScreen = (page: Page, screen: (typeof SCREENS)[number]) =>
  visit(page, screen.toLowerCase(), page.getByRole('heading', { level: 1, name: screen }));
const visitTab = (page: Page, tab: (typeof TABS)[number]) =>
  visit(page, `dashboard?tab=${tab.toLowerCase()}`, page.getByRole('tab', { name: tab, selected: true }));

/** `there`: what only the new screen has, since the one before stands there until the new one has come. */
async function visit(page: Page, route: string, there: Locator): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/${route}`);
  await there.waitFor();
  await answered(page);
  await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);
  await expectText(page);
}

/** The texts in an export, a zip taken apart. */
async function textsOf(name: string, bytes: Buffer): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const add = (path: string, content: Uint8Array) => {
    if (!/\.(npy|png)$/.test(path)) texts.set(path, new TextDecoder().decode(content));
  };
  if (!name.endsWith('.zip')) add(name, bytes);
  else {
    for (const entry of await new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)]))).getEntries()) {
      if (!entry.directory) add(entry.filename, await entry.getData(new Uint8ArrayWriter()));
    }
  }
  return texts;
}

test('a whole session asks nobody but its own server, and takes names for text everywhere', async () => {
  const data = join(await temporaryFolder(), '<i>set & =1');
  await writeHostileNames(data);
  const proxy = await blindProxy();
  const { page, url, errors, drop } = await openApp({ flags: [proxy.flag] });
  const context = page.context();
  const requests = requestLog(context);
  const elsewhere = () => requests.filter((request) => !request.startsWith(url));
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await stubHub(context);

  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(data);
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await visitScreen(page, 'Models');
  await visitScreen(page, 'Comparison');
  await compareDescriptor(page, 4);
  await visitScreen(page, 'Search');
  await drop(join(data, 'training/=1+1/3.png'));
  await page.getByRole('button', { name: /^Rank 1,/ }).waitFor();
  await expectText(page);
  for (const tab of TABS) await visitTab(page, tab);

  const texts = new Map<string, string>();
  for (const button of EXPORTS) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: button, exact: true }).click();
    const download = await downloading;
    const bytes = await readFile(await download.path());
    for (const [path, text] of await textsOf(download.suggestedFilename(), bytes)) texts.set(path, text);
  }
  await visitScreen(page, 'Settings');
  expect(elsewhere()).toEqual([]);
  expect(proxy.hosts).toEqual([]);

  // The hub alone, and not before the press.
  await visitScreen(page, 'Models');
  await page.getByRole('button', { name: /^Download DeiT-Ti.* now/ }).click();
  await expect.poll(() => page.getByText('Cached', { exact: true }).count()).toBeGreaterThan(0);
  expect(elsewhere().length).toBeGreaterThanOrEqual(3);
  expect(elsewhere().filter((request) => new URL(request).host !== 'huggingface.co')).toEqual([]);
  expect(proxy.hosts).toEqual([]);
  expect([dialogs, errors]).toEqual([[], []]);

  // What was saved says the names, and runs none of them.
  expect([...texts.values()].join('\n')).toContain('HYPERLINK');
  for (const [path, text] of texts) {
    if (path.endsWith('.csv')) {
      const cells = [...parseCsv(text)].flatMap(({ fields }) => fields);
      expect(cells.filter((cell) => /^[=+@\t\r\n]|^-(?!\d+(\.\d+)?(e[-+]\d+)?$)/.test(cell))).toEqual([]);
    }
    if (path.endsWith('.tex')) expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    if (path.endsWith('.md')) expect(text).not.toMatch(/<img|<script/);
    if (/\.(html|svg)$/.test(path)) {
      const file = join(await temporaryFolder(), path.endsWith('.svg') ? 'figure.svg' : 'report.html');
      await writeFile(file, text);
      await page.goto(`file://${file}`);
      expect(await page.locator('img[src="x"], script, [onerror]').count()).toBe(0);
    }
  }
  expect(dialogs).toEqual([]);
  expect(proxy.hosts).toEqual([]);
}, 900_000);
