import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { compileKernels, PEAK } from '../build-kernels/compile.ts';
import type { Measurement } from './measurement.ts';
import { type BenchPage, openBenchPage } from './page.ts';

const peakSchema = v.object({
  gflops: v.number(),
  gflopsOfAll: v.number(),
  gigabytes: v.number(),
  gigabytesOfAll: v.number(),
});

/** What this machine can do at most, by one thread and by one on every core: in 10⁹ operations, and bytes read and written, a second. */
export type Peak = v.InferOutput<typeof peakSchema>;

/** The machine's own limits in WASM: products and sums in registers, copies in memory. Two measurements, the better of each. */
export async function measurePeak(page: BenchPage): Promise<Peak> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-peak-'));
  try {
    const file = join(folder, 'peak.wasm');
    await compileKernels(PEAK, file);
    const binary = await readFile(file, 'base64');
    const [one, other] = [await page.call('peak', binary), await page.call('peak', binary)].map((answer) =>
      v.parse(peakSchema, answer),
    );
    if (!one || !other) throw new Error('Two measurements were expected.');
    return {
      gflops: Math.max(one.gflops, other.gflops),
      gflopsOfAll: Math.max(one.gflopsOfAll, other.gflopsOfAll),
      gigabytes: Math.max(one.gigabytes, other.gigabytes),
      gigabytesOfAll: Math.max(one.gigabytesOfAll, other.gigabytesOfAll),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const peak: Measurement = {
  name: 'peak',
  about: "the machine's own limits in WASM: products and sums in registers, copies in memory",
  async run(_, tell) {
    const page = await openBenchPage('extraction');
    try {
      const measured = await measurePeak(page);
      tell(peakLine(measured));
      return { browser: page.browser, ...measured };
    } finally {
      await page.close();
    }
  },
};

export function peakLine({ gflops, gflopsOfAll, gigabytes, gigabytesOfAll }: Peak): string {
  return (
    `one thread ${gflops.toFixed(1)} GFLOP/s and ${gigabytes.toFixed(1)} GB/s copied, ` +
    `all cores ${gflopsOfAll.toFixed(1)} GFLOP/s and ${gigabytesOfAll.toFixed(1)} GB/s`
  );
}
