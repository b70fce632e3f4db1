import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { AppError } from '../../src/errors.ts';
import type { EngineChoice } from '../../src/types.ts';
import { findChromium } from '../chromium.ts';

export interface Browser {
  readonly page: Page;
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Headless Chromium with a profile of its own that is deleted on closing. It lies on disk: a private window would keep hundreds of megabytes of weights in memory. */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'likeness-'));
  // On a busy machine Chromium's last processes write to it for seconds after it has closed.
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 15 });
  try {
    const context = await launchIn(profile, flags);
    return {
      context,
      page: context.pages()[0] ?? (await context.newPage()),
      async close() {
        await context.close();
        await removeProfile();
      },
    };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}

/** Headless Chromium with a profile that outlasts it. Throws AppError 'engine-unavailable' where its sandbox is forbidden. */
export async function launchIn(profile: string, flags: readonly string[] = []): Promise<BrowserContext> {
  try {
    return await chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      chromiumSandbox: isSandboxed(process.getuid?.() ?? null, process.env),
      args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', ...flags],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    // Its own words come with a page of logs.
    if (!(error instanceof Error) || !error.message.includes('No usable sandbox')) throw error;
    const sentence =
      'Chromium may not make its sandbox here, since user namespaces are forbidden. Allow them (Docker: --security-opt seccomp=unconfined), or set LIKENESS_CHROMIUM_SANDBOX=0 where a container confines it.';
    throw new AppError('engine-unavailable', sentence, { cause: error });
  }
}

/** Chromium refuses to run as root inside its sandbox; in a container that forbids user namespaces, it has none to run in. */
export function isSandboxed(uid: number | null, env: NodeJS.ProcessEnv): boolean {
  return uid !== 0 && env['LIKENESS_CHROMIUM_SANDBOX'] !== '0';
}

// WebGPU is Vulkan on Linux, which Chromium does not start without being told; and there is no screen to draw on.
const webgpuFlags =
  process.platform === 'linux'
    ? ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface']
    : ['--enable-unsafe-webgpu'];

/** The browser for an engine, its page at `url`. WebGPU that was asked for runs in software where there is no GPU. */
export async function browserFor(engine: EngineChoice, url: string, say: (line: string) => void): Promise<Browser> {
  if (engine === 'wasm') return opened(url, []);
  const browser = await opened(url, webgpuFlags);
  const adapter = await adapterKind(browser.page);
  if (adapter === 'gpu') return browser;
  if (engine === 'auto') {
    // Nothing else should wait for a Vulkan that computes on the processor.
    await browser.close();
    return opened(url, []);
  }
  say('The browser finds no GPU here: WebGPU runs in software, which is correct but very slow.');
  if (adapter === 'software') return browser;
  await browser.close();
  return opened(url, ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
}

async function opened(url: string, flags: readonly string[]): Promise<Browser> {
  const browser = await launchBrowser(flags);
  try {
    await browser.page.goto(url);
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

function adapterKind(page: Page): Promise<'gpu' | 'software' | 'none'> {
  return page.evaluate(async () => {
    // Chromium never answers where Vulkan is Mesa's, in software.
    const silence = new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), 10_000);
    });
    const adapter = await Promise.race([navigator.gpu?.requestAdapter(), silence]);
    if (!adapter) return 'none';
    return adapter.info.isFallbackAdapter ? 'software' : 'gpu';
  });
}

/** Chromium now and then tells the page of a drag and never of its drop (2 in 90 on a busy machine). */
const mostDrops = 5;
const msForADrop = 5_000;

/**
 * Drops files and folders into the middle of the page, as a user does: the page gets real directory entries. Resolves
 * when the page was told of it; where it was not, the drop is made again.
 */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < mostDrops; attempt++) {
    const heard = await page.evaluateHandle(() => ({
      drop: new Promise<boolean>((resolve) => {
        addEventListener('drop', () => resolve(true), { capture: true, once: true });
      }),
    }));
    await drag(page, paths);
    const late = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), msForADrop).unref();
    });
    if (await Promise.race([heard.evaluate(({ drop }) => drop), late])) return;
  }
  throw new AppError('internal', 'The browser did not hand the dropped files to the page. Try again.');
}

async function drag(page: Page, paths: readonly string[]): Promise<void> {
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}
