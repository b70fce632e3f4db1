import { AppError } from '../../../errors.ts';
import relaxed from './relaxed.wasm?url&no-inline';
import simd from './simd.wasm?url&no-inline';

/** With relaxed SIMD a product and a sum are one instruction; `plain` wants the kernels that every SIMD engine runs. */
export type KernelChoice = 'best' | 'plain' | 'none';

/** A kernel of scripts/build-kernels/assembly; addresses count bytes of its memory. */
export type Kernel = (...numbers: number[]) => void;

/** Finds the kernels on a memory by their names. */
export type Kernels = (name: string) => Kernel;

/** Puts the kernels on a memory. */
export type KernelsOn = (memory: WebAssembly.Memory) => Kernels;

/** The same kernels for engines with relaxed SIMD and for those without. */
export interface Binaries {
  readonly relaxed: string;
  readonly simd: string;
}

/** Fetches the best binary that the browser runs; null where it has no SIMD. */
export async function fetchModule(
  choice: KernelChoice,
  { relaxed, simd }: Binaries,
): Promise<WebAssembly.Module | null> {
  const urls = { best: [relaxed, simd], plain: [simd], none: [] }[choice];
  for (const url of urls) {
    const bytes = await (await fetch(url)).arrayBuffer();
    if (WebAssembly.validate(bytes)) return WebAssembly.compile(bytes);
  }
  return null;
}

export function kernelsOf(module: WebAssembly.Module): KernelsOn {
  return (memory) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return (name) => {
      const exported = exports[name];
      if (typeof exported !== 'function') throw new AppError('internal', `The WASM kernels lack ${name}.`);
      return (...numbers) => void exported(...numbers);
    };
  };
}

/** The kernels of networks; null where the browser has no SIMD. */
export async function fetchKernels(choice: KernelChoice = 'best'): Promise<KernelsOn | null> {
  const module = await fetchModule(choice, { relaxed, simd });
  return module && kernelsOf(module);
}
