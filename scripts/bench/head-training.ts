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
const PYTORCH_EPOCHS = 5;

const byPytorch = v.object({ version: v.string(), threads: v.number(), times: v.array(v.number()) });
type Timed = v.InferOutput<typeof byPytorch>;

/** tests/bench/head-training.bench.ts in Vitest's browser, and the same training in PyTorch before and after it. */
export const headTraining: Measurement = {
  name: 'head-training',
  about: 'milliseconds an epoch of head training on WASM, beside PyTorch on the processor (LIKENESS_PYTHON has it)',
  async run({ large }, tell) {
    const sizes = large ? [...SIZES, LARGE] : SIZES;
    const before = await inPytorch(sizes);
    const lines = await inBrowser(large);
    for (const line of lines) tell(line);
    const after = before && (await inPytorch(sizes));
    if (!before || !after) {
      tell('PyTorch is not here: nothing to compare with.');
      return { lines, pytorch: null };
    }
    const pytorch = sizes.map(({ rows }, i) => {
      const runs = [before[i], after[i]].filter((run): run is Timed => run !== undefined);
      return { rows, runs };
    });
    for (const { rows, runs } of pytorch) {
      const medians = runs.map(({ times }) => median(times).toFixed(0)).join(' before and ');
      tell(
        `PyTorch ${runs[0]?.version}, ${runs[0]?.threads} threads, ${rows} × ${DIMENSIONS}: median ${medians} after, ms an epoch`,
      );
    }
    return { lines, pytorch };
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

/** Times of every size, in order; null where there is no PyTorch. */
async function inPytorch(
  sizes: readonly { readonly rows: number; readonly classes: number }[],
): Promise<readonly Timed[] | null> {
  const run = promisify(execFile);
  const python = process.env['LIKENESS_PYTHON'] ?? 'python3';
  try {
    await run(python, ['-c', 'import torch']);
  } catch {
    return null;
  }
  const script = join(import.meta.dirname, 'train_by_pytorch.py');
  const timed: Timed[] = [];
  for (const { rows, classes } of sizes) {
    const { stdout } = await run(python, [script, ...[rows, DIMENSIONS, classes, PYTORCH_EPOCHS].map(String)]);
    timed.push(v.parse(byPytorch, JSON.parse(stdout)));
  }
  return timed;
}
