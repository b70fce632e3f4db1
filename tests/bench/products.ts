/**
 * GFLOP/s of one thread in `multiply` of the given WASM kernels, in headless Chromium, in turn; the best of that many rounds:
 * `npx tsx tests/bench/products.ts linear|relu|silu|gelu ROUNDS FILE.wasm [FILE.wasm …]`. docs/performance.md tells what came out.
 */
import { readFile } from 'node:fs/promises';
import { launchBrowser } from '../../scripts/evaluate/browser.ts';

/** Rows, inputs, outputs: of ViT-B/16, DeiT-Tiny and ResNet-50. */
const SHAPES = [
  [197, 192, 576],
  [197, 768, 192],
  [197, 768, 768],
  [197, 768, 3072],
  [197, 3072, 768],
  [3136, 64, 256],
  [196, 1024, 256],
  [49, 2048, 512],
] as const;
const ACTIVATIONS = ['linear', 'relu', 'silu', 'gelu'];

const [name = '', rounds = '15', ...files] = process.argv.slice(2);
const activation = ACTIVATIONS.indexOf(name);
if (activation < 0 || !(Number(rounds) > 0) || files.length === 0) {
  console.error('Wanted: an activation (linear, relu, silu or gelu), the number of rounds, and WASM files.');
  process.exit(2);
}
const binaries = await Promise.all(files.map((file) => readFile(file, 'base64')));

const { page, close } = await launchBrowser();
await page.goto('about:blank');
for (const [rows, inputs, outputs] of SHAPES) {
  const speeds = await page.evaluate(fastest, { binaries, rows, inputs, outputs, activation, rounds: Number(rounds) });
  console.info(`${rows} × ${inputs} × ${outputs}: ${speeds.map((speed) => speed.toFixed(1)).join('  ')}`);
}
await close();

interface Work {
  readonly binaries: readonly string[];
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: number;
  readonly rounds: number;
}

/** In the page. */
async function fastest({ binaries, rows, inputs, outputs, activation, rounds }: Work): Promise<number[]> {
  const a = 65_536;
  const b = a + 4 * rows * inputs;
  const bias = b + 4 * inputs * outputs;
  const c = bias + 4 * outputs;
  const products = await Promise.all(
    binaries.map(async (binary) => {
      const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil((c + 4 * rows * outputs) / 65_536) });
      const numbers = new Float32Array(memory.buffer);
      for (let i = a / 4; i < c / 4; i++) numbers[i] = Math.sin(i);
      const bytes = Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0));
      const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
      const { multiply } = instance.exports;
      if (typeof multiply !== 'function') throw new Error('These are no kernels.');
      return () => void multiply(a, inputs, 0, 1, 0, b, bias, 0, c, outputs, rows, inputs, outputs, activation);
    }),
  );
  const times = Math.max(1, Math.round(1e8 / (rows * inputs * outputs)));
  const best = products.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, multiply] of products.entries()) {
      const start = performance.now();
      for (let time = 0; time < times; time++) multiply();
      // The first round compiles.
      if (round > 0) best[i] = Math.min(best[i] ?? 0, (performance.now() - start) / times);
    }
  }
  return best.map((milliseconds) => (2 * rows * inputs * outputs) / milliseconds / 1e6);
}
