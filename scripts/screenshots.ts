/**
 * `npm run screenshots`: pictures of the screens over synthetic data, as the README shows them. With a folder behind it,
 * every screen at four widths in both themes goes there, to be looked at.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { createServer } from 'vite';
import { launchBrowser } from './evaluate/browser.ts';

const root = resolve(import.meta.dirname, '..');
const WIDTHS = [2560, 1440, 1024, 390] as const;
const THEMES = ['light', 'dark'] as const;

interface Shot {
  readonly name: string;
  /** What the synthetic stores hold: tests/browser/ui/preview.tsx. */
  readonly state: string;
  readonly address: string;
}

const dashboard = (tab: string): Shot => ({
  name: `dashboard-${tab}`,
  state: 'compared,dashboard',
  address: `/dashboard?tab=${tab}`,
});

const shots: readonly Shot[] = [
  { name: 'start', state: 'empty', address: '/data' },
  { name: 'data', state: 'full', address: '/data' },
  { name: 'models', state: 'full', address: '/models' },
  { name: 'comparison', state: 'comparing', address: '/comparison' },
  { name: 'search', state: 'compared,dashboard', address: '/search' },
  ...['leaderboard', 'curves', 'classes', 'look', 'map', 'export'].map(dashboard),
  { name: 'settings', state: 'full', address: '/settings' },
];

/** Those that the README and the guide show. */
const shown: readonly (readonly [name: string, width: number, theme: (typeof THEMES)[number]])[] = [
  ['data', 1440, 'light'],
  ['models', 1440, 'light'],
  ['comparison', 1440, 'light'],
  ['search', 1440, 'light'],
  ['dashboard-leaderboard', 1440, 'light'],
  ['dashboard-look', 1440, 'dark'],
  ['settings', 1440, 'light'],
];

async function take(page: Page, url: string, shot: Shot, width: number, theme: string, folder: string): Promise<void> {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page.goto(
    `${url}tests/browser/ui/preview.html?state=${shot.state}&theme=${theme}${all ? '' : '&names=plain'}#${shot.address}`,
  );
  await page.locator('main h1').waitFor();
  // Pictures are drawn, figures measured, fonts set.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(2500);
  await page.screenshot({ path: join(folder, `${shot.name}-${width}-${theme}.png`), animations: 'disabled' });
}

const [all] = process.argv.slice(2);
const folder = all ? resolve(all) : join(root, 'docs/images');
await mkdir(folder, { recursive: true });
const server = await createServer({ configFile: join(root, 'tests/browser/ui/preview.config.ts'), logLevel: 'warn' });
await server.listen();
const url = server.resolvedUrls?.local[0] ?? '';
const browser = await launchBrowser();
try {
  for (const shot of shots) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const wanted = shown.some(([name, at, colours]) => name === shot.name && at === width && colours === theme);
        if (all || wanted) await take(browser.page, url, shot, width, theme, folder);
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
