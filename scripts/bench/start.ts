import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { median } from '../../src/math/statistics.ts';
import { builtApp } from '../built-app.ts';
import { launchBrowser } from '../evaluate/browser.ts';
import { startServer } from '../server/static-server.ts';
import type { Measurement } from './measurement.ts';

const root = join(import.meta.dirname, '../..');

/** From nothing to the first screen, and from a reload to the first neighbours. */
export const start: Measurement = {
  name: 'start',
  about: 'JavaScript before the first screen works, how long that takes, and from a reload to the first neighbours',
  async run({ rounds, quick, images }, tell) {
    const distDir = await builtApp(root, tell);
    const server = await startServer({ distDir, modelsDir: join(root, 'no-models'), port: 0, host: '127.0.0.1' });
    const first: number[] = [];
    const again: number[] = [];
    let scripts: string[] = [];
    try {
      for (let round = 0; round <= rounds; round++) {
        const { page, close } = await launchBrowser();
        const asked: string[] = [];
        page.on('request', (request) => {
          if (request.resourceType() === 'script') asked.push(new URL(request.url()).pathname);
        });
        const cold = await untilUsable(page, () => page.goto(server.url));
        // Workers start when the first screen is there; nothing on it waits for them.
        scripts = asked.filter((path) => !path.includes('.worker-'));
        const warm = await untilUsable(page, () => page.reload());
        await close();
        if (round === 0) continue;
        first.push(cold);
        again.push(warm);
      }
    } finally {
      await server.close();
    }
    const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(distDir, path))).length));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    tell(`${(bytes / 1000).toFixed(0)} kB of JavaScript (gzip) in ${sizes.length} files before the first screen works`);
    tell(`first visit: ${median(first).toFixed(0)} ms until it can be used; reload: ${median(again).toFixed(0)} ms`);
    const reloads = quick ? null : await afterReload(images, tell);
    return { bytes, files: sizes.length, first, again, images, reloads };
  },
};

/** Milliseconds until the first screen's button answers: it is there, and the page's thread is free. */
async function untilUsable(page: Page, open: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await open();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  return performance.now() - begin;
}

/** tests/scale: that many small pictures are dropped, embedded by the classic descriptor, searched, and searched after reloads. */
function afterReload(images: number, tell: (line: string) => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const scale = spawn('npx', ['vitest', 'run', '--project', 'scale-speed'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LIKENESS_SCALE: String(images) },
    });
    let output = '';
    scale.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    scale.on('error', reject);
    scale.on('exit', (code) => {
      const lines = output.split('\n').filter((line) => line.includes('first answer after a reload'));
      for (const line of lines) tell(`${images} images: ${line.trim()}`);
      if (code === 0) resolve(lines);
      else reject(new Error(`The measurement at scale ended with ${code}.\n${output}`));
    });
  });
}
