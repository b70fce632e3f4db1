import { readFileSync } from 'node:fs';
import type { ClassKernel } from '../../../src/search/classes/kernel.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { simdClasses } from '../../../src/search/classes/simd.ts';

const binary = readFileSync(new URL('../../../src/search/classes/classes.wasm', import.meta.url));

/** All that there are, the committed binary among them. */
export const CLASS_KERNELS: readonly { readonly kind: string; readonly kernel: ClassKernel }[] = [
  { kind: 'plain', kernel: plainClasses },
  { kind: 'SIMD', kernel: simdClasses(new WebAssembly.Module(binary)) },
];
