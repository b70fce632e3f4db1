import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Page } from 'playwright';
import { encodePng } from '../e2e/png.ts';

export const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Seeded random numbers between 0 and 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sixteen patches of colour around those of the class: like its class, and like no other image. */
export function picture(classAt: number, number: number): Buffer {
  const [ofClass, own] = [randomFrom(classAt + 1), randomFrom(1_000_000 + number)];
  const patches = Array.from({ length: 48 }, () => Math.min(255, Math.floor(200 * ofClass() + 55 * own())));
  return encodePng(16, 16, (x, y) => {
    const patch = 3 * ((y >> 2) * 4 + (x >> 2));
    return [patches[patch] ?? 0, patches[patch + 1] ?? 0, patches[patch + 2] ?? 0];
  });
}

interface Memory {
  /** Resident memory of the page's process (workers included), in MB. */
  readonly resident: number;
  /** The most that it has ever been. */
  readonly peak: number;
}

export async function memoryOf(page: Page): Promise<Memory> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (!session) throw new Error('The browser cannot be asked for its processes.');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = await Promise.all(
    processInfo
      .filter(({ type }) => type === 'renderer')
      .map(async ({ id }) => {
        const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
        const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
        return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
      }),
  );
  return pages.reduce((most, one) => (one.resident > most.resident ? one : most), { resident: 0, peak: 0 });
}

/** What measured figures are worth nothing without. */
export const machine = (page: Page): string =>
  `${cpus().length} × ${cpus()[0]?.model}, Chromium ${page.context().browser()?.version()}`;
