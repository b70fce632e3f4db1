import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What is compiled: where a binary lies below src, the file of assembly/ that it is made of, and the instructions it may use. */
export const BINARIES = {
  'models/engines/wasm/relaxed': { entry: 'index', features: ['simd', 'relaxed-simd'] },
  'models/engines/wasm/simd': { entry: 'index', features: ['simd'] },
  'heads/shared-relaxed': { entry: 'training', features: ['simd', 'relaxed-simd'], shared: true },
  'heads/shared-simd': { entry: 'training', features: ['simd'], shared: true },
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
  /** Whether its memory is one that several threads share. */
  readonly shared?: boolean;
}

/** The most pages that a memory can have: a shared one names its bound, and so do the kernels that it is given to. */
const SHARED = ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'];

/** What the bench measures the machine's own limits with; built when it is wanted. */
export const PEAK: Source = { entry: 'peak', features: ['simd', 'relaxed-simd'] };

/** Compiles a source to `output`. */
export async function compileKernels({ entry, features, shared = false }: Source, output: string): Promise<void> {
  await run(
    process.execPath,
    [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      `scripts/build-kernels/assembly/${entry}.ts`,
      ...features.flatMap((feature) => ['--enable', feature]),
      ...options,
      ...(shared ? SHARED : []),
      '-o',
      output,
    ],
    { cwd: root },
  );
}
