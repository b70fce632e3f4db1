/**
 * `npm run screenshots`: pictures of the screens for the README and the guide, from a session with the demo, as small WebP
 * files. `npm run screenshots FOLDER [PHOTOS]`: every screen at four widths in both themes, to be looked at, on the demo or
 * on a folder of photos: they are embedded and compared by every network of LIKENESS_MODELS_DIR, else by what needs no download.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { builtApp } from './built-app.ts';
import { dropPaths, launchBrowser } from './evaluate/browser.ts';
import { defaultModelsDir } from './server/models-folder.ts';
import { startServer } from './server/static-server.ts';

const root = resolve(import.meta.dirname, '..');
const WIDTHS = [2560, 1440, 1024, 390] as const;
const THEMES = ['light', 'dark'] as const;
/** A demo is drawn, embedded and compared in a minute or two; photos take longer. */
const PATIENT = { timeout: 1_800_000 };

interface Shot {
  readonly name: string;
  readonly address: string;
  /** What is done on the screen before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
}

const tab = (id: string, act?: Shot['act']): Shot => ({
  name: `dashboard-${id}`,
  address: `#/dashboard?tab=${id}`,
  ...(act ? { act } : {}),
});

const [all, photos] = process.argv.slice(2);

const search = (page: Page) => page.getByRole('button', { name: /^Rank 1,/ }).waitFor();
/** The query that the demo tells its story by, where there is one: the first of all may be a hard one. */
const searchStory = async (page: Page) => {
  if (photos === undefined) {
    await page.goto(page.url().replace(/#.*/, '#/data'));
    const story = await page.getByRole('link', { name: /^Look at this query/ }).getAttribute('href');
    await page.goto(page.url().replace(/#.*/, `#/search?query=${/query=(\w+)/.exec(story ?? '')?.[1] ?? 'first'}`));
  }
  await search(page);
};
const enlarge = async (page: Page) => {
  await search(page);
  await page.getByRole('button', { name: /^Rank 1,/ }).click();
  await page.getByRole('dialog').waitFor();
};
const drawnMap = async (page: Page) => {
  await page.getByRole('application', { name: /^Map of/ }).waitFor();
  await page.getByRole('progressbar', { name: 'Drawing the map' }).waitFor({ state: 'detached' });
};

const shots: readonly Shot[] = [
  { name: 'data', address: '#/data' },
  { name: 'models', address: '#/models' },
  { name: 'comparison', address: '#/comparison' },
  { name: 'search', address: '#/search?query=first', act: searchStory },
  { name: 'search-enlarged', address: '#/search?query=first', act: enlarge },
  tab('leaderboard'),
  tab('curves'),
  tab('classes'),
  tab('look', (page) => page.getByRole('grid').getByRole('row').first().waitFor()),
  tab('map', drawnMap),
  tab('export'),
  { name: 'settings', address: '#/settings' },
];

/** Those that the README and the guide show, at 1440 pixels. */
const shown: ReadonlyMap<string, (typeof THEMES)[number]> = new Map([
  ['data', 'light'],
  ['models', 'light'],
  ['comparison', 'light'],
  ['search', 'light'],
  ['dashboard-leaderboard', 'light'],
  ['dashboard-look', 'light'],
  ['dashboard-map', 'light'],
  ['settings', 'light'],
]);

async function begin(page: Page, photos: string | undefined): Promise<void> {
  if (photos === undefined) {
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await page.getByText(/finds the right thing first for/).waitFor(PATIENT);
  } else {
    await dropPaths(page, [photos]);
    await page.getByRole('link', { name: 'Data, all images read' }).first().waitFor(PATIENT);
    await page.goto(page.url().replace(/#.*/, '#/models'));
    const networks = page.locator('tbody', { hasText: 'On this app’s server' }).getByRole('checkbox');
    await page.getByRole('checkbox').first().waitFor();
    for (const network of await networks.all()) await network.check();
    await page.getByRole('button', { name: /^Embed/ }).click();
    await idle(page);
    await page.goto(page.url().replace(/#.*/, '#/comparison'));
    const run = page.getByRole('button', { name: /^Run comparison/ });
    // Photos without classes cannot be compared.
    await run.or(page.getByText('no image has a class')).waitFor();
    if ((await run.count()) > 0) await run.click();
  }
  await idle(page);
}

async function idle(page: Page): Promise<void> {
  await page.waitForTimeout(1500);
  await page
    .getByRole('button', { name: /^Cancel: / })
    .first()
    .waitFor({ state: 'detached', ...PATIENT });
}

/** Waits until no more pictures come: then figures are measured and fonts set, too. */
async function settled(page: Page): Promise<void> {
  const loaded = () => page.evaluate(() => [...document.images].filter(({ complete }) => complete).length);
  for (let before = -1, now = await loaded(); now !== before; now = await loaded()) {
    before = now;
    await page.waitForTimeout(1500);
  }
}

async function take(page: Page, url: string, { name, address, act }: Shot, width: number, theme: 'light' | 'dark') {
  await page.setViewportSize({ width, height: width === 390 ? 844 : width === 2560 ? 1300 : 900 });
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${url}${address}`);
  await page.locator('main h1').first().waitFor();
  await act?.(page).catch((error: unknown) => console.warn(`${name}: ${String(error).split('\n')[0]}`));
  await settled(page);
  const picture = await page.screenshot({ animations: 'disabled' });
  if (name === 'search-enlarged') await page.keyboard.press('Escape');
  return picture;
}

/** A PNG as WebP, by the browser. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const address = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.82);
  }, png.toString('base64'));
  return Buffer.from(address.split(',')[1] ?? '', 'base64');
}

const folder = all ? resolve(all) : join(root, 'docs/images');
await mkdir(folder, { recursive: true });
const server = await startServer({
  distDir: await builtApp(root, (line) => console.info(line)),
  modelsDir: defaultModelsDir(),
  port: 0,
  host: '127.0.0.1',
});
const browser = await launchBrowser();
const { page, context } = browser;
page.setDefaultTimeout(60_000);
// The app's own policy lets no page fetch such addresses.
const converter = await context.newPage();
try {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(server.url);
  const start = page.getByRole('button', { name: 'Try the demo' });
  await start.waitFor();
  if (all) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const empty = await take(page, server.url, { name: 'start', address: '#/data' }, width, theme);
        await writeFile(join(folder, `start-${width}-${theme}.png`), empty);
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await begin(page, photos);
  for (const shot of shots) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const wanted = width === 1440 && shown.get(shot.name) === theme;
        if (!all && !wanted) continue;
        const picture = await take(page, server.url, shot, width, theme);
        if (all) await writeFile(join(folder, `${shot.name}-${width}-${theme}.png`), picture);
        else await writeFile(join(folder, `${shot.name}.webp`), await asWebp(converter, picture));
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
