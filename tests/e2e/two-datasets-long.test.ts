import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobReader, configure, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { writeKinds } from './kinds.ts';
import { pendingWork, watchPendingWork } from './pending-work.ts';
import { picture, writePictures } from './pictures.ts';

configure({ useWebWorkers: false });

const SCREENS = ['Data', 'Models', 'Comparison', 'Search', 'Dashboard', 'Settings'] as const;
const TABS = ['Leaderboard', 'Curves', 'Classes', 'Look', 'Map', 'Export'] as const;

/** What was seen or saved, by the screen, tab or file. */
type Seen = Map<string, string>;

async function go(page: Page, screen: (typeof SCREENS)[number]): Promise<void> {
  await page
    .getByRole('link', { name: new RegExp(`^${screen}`) })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: screen }).waitFor();
}

const openTab = (page: Page, name: (typeof TABS)[number]) => page.getByRole('tab', { name, exact: true }).click();

/**
 * Times differ from visit to visit, and so do the browser's estimates of bytes. That search and dashboard were looked at is stored
 * by the first look around, and said in the rail from then on.
 */
const neutral = (text: string): string =>
  text
    .replace(/"(Search|Dashboard), (ready|done)"/g, '"$1"')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?( UTC)?/g, '<when>')
    .replace(/(under )?\d[\d.,]* (µs|ms|s|min|B|kB|MB|GB)\b/g, '<amount>');

/** Every picture by its name and its pixels, made small; the query is drawn from its file as long as that can be read. */
function pictures(page: Page): Promise<string[]> {
  return page.locator('main img:not([alt^="Query "])').evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        if (!(image instanceof HTMLImageElement)) return '';
        await image.decode().catch(() => {});
        const context = new OffscreenCanvas(4, 4).getContext('2d');
        if (image.naturalWidth > 0) context?.drawImage(image, 0, 0, 4, 4);
        return `${image.alt}: ${[...(context?.getImageData(0, 0, 4, 4).data ?? [])].join(' ')}`;
      }),
    ),
  );
}

/** Words, states and pictures of the screen, once nothing is on its way and they no longer change. */
async function settled(page: Page): Promise<string> {
  let [unchanged, before] = [0, ''];
  const busy = page.getByRole('progressbar').or(page.locator('main [aria-busy="true"]'));
  for (let left = 900; unchanged < 2; left--) {
    if (left === 0) throw new Error(`The screen does not settle:\n${before}`);
    const rail = await page.getByRole('navigation', { name: 'Screens' }).ariaSnapshot();
    const main = await page.locator('main').ariaSnapshot();
    const now = neutral([rail, main, ...(await pictures(page))].join('\n'));
    const waits = (await busy.count()) > 0 || (await pendingWork(page)) > 0;
    unchanged = now === before && !waits ? unchanged + 1 : 0;
    before = now;
    await page.waitForTimeout(200);
  }
  return before;
}

/** The file that a button saves: an archive entry by entry, numbers as their digest. */
async function addSaved(page: Page, button: string, seen: Seen): Promise<void> {
  // What the save before was refused for stays until this one has started: it is not this one's answer.
  await page.locator('main [role="alert"]').evaluateAll((alerts) => {
    for (const alert of alerts) alert.setAttribute('data-before', '');
  });
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const refused = page.locator('main [role="alert"]:not([data-before])').first();
  const download = await Promise.race([downloading, refused.waitFor().then(() => null)]).finally(() =>
    downloading.catch(() => {}),
  );
  if (!download) {
    seen.set(button, `refused: ${await refused.innerText()}`);
    return;
  }
  const [name, bytes] = [download.suggestedFilename(), await readFile(await download.path())];
  const add = (file: string, content: Uint8Array) => {
    const isText = /\.(html|tex|md|csv|json|svg|txt|py|tsv|pbtxt)$/.test(file);
    const digest = () => createHash('sha256').update(content).digest('hex');
    seen.set(`${button}: ${file}`, isText ? neutral(new TextDecoder().decode(content)) : digest());
  };
  if (!name.endsWith('.zip')) return add(name, bytes);
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytes)])));
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) add(`${name}/${entry.filename}`, await entry.getData(new Uint8ArrayWriter()));
  }
}

/** Goes through all screens, searches with the first query, opens every tab and, where `saves`, saves every file. */
async function lookAround(page: Page, saves: boolean): Promise<Seen> {
  const seen: Seen = new Map();
  for (const screen of SCREENS) {
    await go(page, screen);
    seen.set(screen, await settled(page));
    const [query] = await page
      .getByRole('toolbar', { name: /to search with$/ })
      .getByRole('button')
      .all();
    if (screen === 'Search' && query) {
      await query.click();
      await page.getByRole('button', { name: /^Rank 1,/ }).waitFor();
      seen.set('Search, answered', await settled(page));
    }
    if (screen !== 'Dashboard' || (await page.getByRole('tab').count()) === 0) continue;
    for (const tab of TABS) {
      // Without any class there are no tabs of scores.
      if ((await page.getByRole('tab', { name: tab, exact: true }).count()) === 0) continue;
      await openTab(page, tab);
      seen.set(tab, await settled(page));
    }
    if (!saves) continue;
    const buttons = await page.getByRole('button', { name: /^Save / }).allInnerTexts();
    for (const button of buttons) await addSaved(page, button, seen);
  }
  return seen;
}

/** The first line in which they differ, by screen, tab or file. */
function differences(here: Seen, fresh: Seen): string[] {
  return [...new Set([...here.keys(), ...fresh.keys()])].flatMap((name) => {
    const [a, b] = [here.get(name)?.split('\n') ?? [], fresh.get(name)?.split('\n') ?? []];
    const at = a.findIndex((line, i) => line !== b[i]);
    if (at < 0 && a.length === b.length) return [];
    const line = at < 0 ? a.length : at;
    return [`${name}, line ${line}: “${a[line]?.slice(0, 300)}” instead of “${b[line]?.slice(0, 300)}”`];
  });
}

/**
 * Compares what this tab says with what a tab says that was loaded now, which knows nothing but what is stored. A
 * comparison that was watched here is listed here alone: `but` names what it leaves on the screen.
 */
async function expectAsLoaded(
  page: Page,
  url: string,
  { but = [], saves = true }: { readonly but?: readonly string[]; readonly saves?: boolean } = {},
): Promise<Seen> {
  const here = await lookAround(page, saves);
  const tab = await page.context().newPage();
  await tab.setViewportSize(page.viewportSize() ?? { width: 1280, height: 720 });
  await tab.goto(url);
  await tab.getByRole('button', { name: /^Data set: / }).waitFor();
  const fresh = await lookAround(tab, saves);
  await tab.close();
  for (const name of but) for (const seen of [here, fresh]) seen.delete(name);
  expect.soft(differences(here, fresh)).toEqual([]);
  expect([...here.keys()]).toEqual(expect.arrayContaining(SCREENS.filter((screen) => !but.includes(screen))));
  return here;
}

/** What is planned on the comparison screen. */
const ticks = (seen: Seen): string[] =>
  [...(seen.get('Comparison') ?? '').matchAll(/checkbox "([^"]*)" \[checked\]/g)].map(([, name = '']) => name);

async function allRead(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Data set: ${name}` }).waitFor();
  await page.getByRole('link', { name: 'Data, all images read' }).first().waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);
}

test('each data set opened in one tab is shown and exported as after a reload, whichever was open before', async () => {
  const folder = await temporaryFolder();
  const [first, second, unlabelled] = [join(folder, 'first'), join(folder, 'second'), join(folder, 'unlabelled')];
  await writePictures(first, { kinds: 5, training: 10, query: 3, gallery: 5, mixed: true });
  await writeKinds(second, 2);
  for (const [split, count] of Object.entries({ query: 6, gallery: 15 })) {
    await mkdir(join(unlabelled, 'test', split), { recursive: true });
    for (let i = 0; i < count; i++)
      await writeFile(join(unlabelled, 'test', split, `${i}.png`), picture(i % 5, 40 + i));
  }

  const { page, url, errors, drop } = await openApp({ prepare: watchPendingWork });
  // So high that every row of every list is in sight, and drawn: what is in sight of a longer list is a matter of pixels.
  await page.setViewportSize({ width: 1280, height: 5000 });
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(first);
  await allRead(page, 'first');
  await go(page, 'Comparison');
  await compareDescriptor(page, 8);
  // Everything is looked at, and nothing is left as it was.
  await lookAround(page, false);
  await go(page, 'Dashboard');
  const other = page.getByLabel('Run B').locator('option:enabled').last();
  await page.getByLabel('Run B').selectOption(await other.getAttribute('value'));
  await page.getByText('Validation', { exact: true }).click();
  await openTab(page, 'Look');
  await page.getByLabel('Queries by outcome').selectOption('wrong');
  await openTab(page, 'Map');

  await drop(second);
  await allRead(page, 'second');
  await go(page, 'Data');
  const unplanned = await expectAsLoaded(page, url);
  // A plan is of one data set.
  expect.soft(ticks(unplanned)).toEqual([]);
  await go(page, 'Comparison');
  await compareDescriptor(page, 8);
  const compared = await expectAsLoaded(page, url, { but: ['Comparison'] });
  expect([...compared.keys()].filter((name) => name.startsWith('Save ')).length).toBeGreaterThan(20);

  // What is chosen for one data set is not chosen for the other, also where its screen stays open.
  await go(page, 'Search');
  await page.getByRole('combobox', { name: 'Ranking' }).selectOption('cover');
  await expect.poll(() => page.url()).toContain('rank=cover');
  await page.getByRole('button', { name: 'Data set: second' }).click();
  await page.getByRole('menuitem', { name: /^first/ }).click();
  await allRead(page, 'first');
  await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  await settled(page);
  expect.soft(await page.getByRole('combobox', { name: 'Ranking' }).inputValue()).toBe('plain');
  const again = await expectAsLoaded(page, url);
  expect.soft(ticks(again)).toEqual(['Colour and gradient, frozen', 'Colour and gradient, fine-tuned']);

  await drop(unlabelled);
  await allRead(page, 'unlabelled');
  await expectAsLoaded(page, url, { saves: false });
  // Images without any class: nothing can be compared, and it is said what can be done.
  await go(page, 'Comparison');
  await page.getByText('no image has a class').waitFor();
  await go(page, 'Data');
  await page.getByRole('button', { name: 'Show the map' }).waitFor();
  expect(errors).toEqual([]);
}, 1_800_000);
