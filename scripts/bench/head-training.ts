import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import type { Measurement } from './measurement.ts';

/** As tests/bench/head-training.bench.ts has them. */
const SIZES = [
  { rows: 849, classes: 36 },
  { rows: 10_000, classes: 100 },
] as const;
const LARGE = { rows: 50_000, classes: 100 } as const;
const DIMENSIONS = 2048;
const NUMPY_EPOCHS = 3;

const byNumpy = v.object({ version: v.string(), times: v.array(v.number()) });

/** tests/bench/head-training.bench.ts in Vitest's browser, and the same steps in NumPy before and after it. */
export const headTraining: Measurement = {
  name: 'head-training',
  about: 'milliseconds an epoch of head training on WASM, beside NumPy with all its threads',
  async run({ large }, tell) {
    const sizes = large ? [...SIZES, LARGE] : SIZES;
    const before = await inNumpy(sizes);
    const lines = await inBrowser(large);
    for (const line of lines) tell(line);
    const after = before && (await inNumpy(sizes));
    if (!before || !after) {
      tell('NumPy is not here: nothing to compare with.');
      return { lines, numpy: null };
    }
    const numpy = sizes.map(({ rows }) => ({ rows, times: [...(before.get(rows) ?? []), ...(after.get(rows) ?? [])] }));
    for (const { rows, times } of numpy) {
      tell(`NumPy, ${rows} × ${DIMENSIONS}: median ${median(times).toFixed(0)} ms an epoch`);
    }
    return { lines, numpy };
  },
};

function inBrowser(large: boolean): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const bench = spawn('npx', ['vitest', 'run', '--project', 'bench'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, VITE_BENCH_LARGE: large ? '1' : '' },
    });
    let output = '';
    bench.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    bench.on('error', reject);
    bench.on('exit', (code) => {
      if (code === 0) resolve(output.split('\n').filter((line) => line.includes('ms an epoch')));
      else reject(new Error(`The bench of head training ended with ${code}.\n${output}`));
    });
  });
}

/** Milliseconds of every epoch by number of rows; null where there is no NumPy. */
async function inNumpy(
  sizes: readonly { readonly rows: number; readonly classes: number }[],
): Promise<ReadonlyMap<number, number[]> | null> {
  const python = promisify(execFile);
  try {
    await python('python3', ['-c', 'import numpy']);
  } catch {
    return null;
  }
  const script = join(import.meta.dirname, 'train_by_numpy.py');
  const times = new Map<number, number[]>();
  for (const { rows, classes } of sizes) {
    const { stdout } = await python('python3', [script, ...[rows, DIMENSIONS, classes, NUMPY_EPOCHS].map(String)]);
    times.set(rows, v.parse(byNumpy, JSON.parse(stdout)).times);
  }
  return times;
}
