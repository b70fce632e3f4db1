import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The binaries, by their names in src/models/wasm, and the instructions each may use. */
export const BINARIES = { relaxed: ['simd', 'relaxed-simd'], simd: ['simd'] } as const;
export type Binary = keyof typeof BINARIES;

/** No runtime, no memory of its own, no strings: nothing lies in TensorFlow.js's memory but what a call is given. */
const options = ['--runtime', 'stub', '--importMemory', '--noExportMemory', '--use', 'abort=', '-O3'];

/** Compiles the kernels to `output`. */
export async function compileKernels(binary: Binary, output: string): Promise<void> {
  const features = BINARIES[binary].flatMap((feature) => ['--enable', feature]);
  await run(
    process.execPath,
    [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      'scripts/build-kernels/assembly/index.ts',
      ...features,
      ...options,
      '-o',
      output,
    ],
    { cwd: root },
  );
}
