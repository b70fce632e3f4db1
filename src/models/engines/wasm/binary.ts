import { AppError } from '../../../errors.ts';
import relaxed from './relaxed.wasm?url&no-inline';
import simd from './simd.wasm?url&no-inline';

/** With relaxed SIMD a product and a sum are one instruction; `plain` wants the kernels that every SIMD engine runs. */
export type KernelChoice = 'best' | 'plain' | 'none';

/** A kernel of scripts/build-kernels/assembly; addresses count bytes of its memory. */
export type Kernel = (...numbers: number[]) => void;

/** Puts the kernels on a memory, where they are found by their names. */
export type KernelsOn = (memory: WebAssembly.Memory) => (name: string) => Kernel;

/** Fetches the best binary that the browser runs; null where it has no SIMD. */
export async function fetchKernels(choice: KernelChoice = 'best'): Promise<KernelsOn | null> {
  const binaries = { best: [relaxed, simd], plain: [simd], none: [] }[choice];
  for (const url of binaries) {
    const bytes = await (await fetch(url)).arrayBuffer();
    if (!WebAssembly.validate(bytes)) continue;
    const module = await WebAssembly.compile(bytes);
    return (memory) => {
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return (name) => {
        const exported = exports[name];
        if (typeof exported !== 'function') throw new AppError('internal', `The WASM kernels lack ${name}.`);
        return (...numbers) => void exported(...numbers);
      };
    };
  }
  return null;
}
