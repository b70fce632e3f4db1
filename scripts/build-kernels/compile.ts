import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What is compiled: where a binary lies below src, the file of assembly/ that it is made of, and the instructions it may use. */
export const BINARIES = {
  'models/engines/wasm/relaxed': { entry: 'index', features: ['simd', 'relaxed-simd'] },
  'models/engines/wasm/simd': { entry: 'index', features: ['simd'] },
  'data/resample': { entry: 'resample', features: ['simd'] },
  'search/classes/classes': { entry: 'classes', features: ['simd'] },
  'search/codes/codes': { entry: 'codes', features: ['simd'] },
} as const;
export type Binary = keyof typeof BINARIES;

/** No runtime, no memory of its own, no strings: nothing lies in the memory but what a call is given. */
const options = ['--runtime', 'stub', '--importMemory', '--noExportMemory', '--use', 'abort=', '-O3'];

interface Source {
  /** A file of assembly/. */
  readonly entry: string;
  readonly features: readonly string[];
}

/** What the bench measures the machine's own limits with; built when it is wanted. */
export const PEAK: Source = { entry: 'peak', features: ['simd', 'relaxed-simd'] };

/** Compiles a source to `output`. */
export async function compileKernels({ entry, features }: Source, output: string): Promise<void> {
  await run(
    process.execPath,
    [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      `scripts/build-kernels/assembly/${entry}.ts`,
      ...features.flatMap((feature) => ['--enable', feature]),
      ...options,
      '-o',
      output,
    ],
    { cwd: root },
  );
}
