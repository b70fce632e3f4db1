import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { onTestFinished } from 'vitest';
import { dropPaths, launchBrowser } from '../../scripts/evaluate/browser.ts';
import { type ServerOptions, startServer } from '../../scripts/server/static-server.ts';

const root = resolve(import.meta.dirname, '../..');

/** How long an action or a wait may take: as long as the machine is busy. It ends as soon as it is there. */
export const PATIENT_MS = 180_000;

export interface SessionOptions {
  /** Before the page is opened: what is to be there from its first request on. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Sets of weights that the app's own origin offers; none where it is left out. */
  readonly modelsDir?: string;
  /** What the server answers besides the app and its weights. */
  readonly routes?: Exclude<ServerOptions['routes'], undefined>;
  /** Added to the app's address, as `#/search`. */
  readonly route?: string;
  /** Added to Chromium's command line. */
  readonly flags?: readonly string[];
}

export interface Session {
  readonly page: Page;
  readonly url: string;
  /** What the page complained of so far: uncaught errors, and what its console shows as an error or a warning. */
  readonly errors: readonly string[];
  /** From now on the app's server answers nobody. */
  stopServer(): Promise<void>;
  /** Drops files and folders into the middle of the page. */
  drop(...paths: string[]): Promise<void>;
}

/** Chromium's own words where the app asks whether there is a graphics adapter, and there is none. */
const NO_GPU = /^No available adapters\.$/;

/** The built app in headless Chromium with a profile of its own. Ends with the test. */
export async function openApp({
  modelsDir,
  routes = {},
  route = '',
  flags = [],
  prepare = async () => {},
}: SessionOptions = {}): Promise<Session> {
  const noModels = join(root, 'tests/e2e/no-models');
  const server = await startServer({
    distDir: join(root, 'dist'),
    modelsDir: modelsDir ?? noModels,
    port: 0,
    host: '127.0.0.1',
    routes,
  });
  onTestFinished(() => server.close());
  const browser = await launchBrowser(flags);
  onTestFinished(() => browser.close());
  const { page } = browser;
  page.context().setDefaultTimeout(PATIENT_MS);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!NO_GPU.test(message.text())) errors.push(message.text());
  });
  await prepare(page);
  await page.goto(`${server.url}${route}`);
  return {
    page,
    url: server.url,
    errors,
    stopServer: () => server.close(),
    async drop(...paths) {
      // Drawn, the app hears it; before, the browser would open the file in its place.
      await page.locator('#content').waitFor();
      await dropPaths(page, paths);
    },
  };
}

/** An empty folder that is deleted when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
