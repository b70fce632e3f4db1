import { AppError } from '../errors.ts';
import { fetchKernels, type KernelChoice, type KernelsOn } from '../models/wasm/binary.ts';
import { update } from './adam.ts';
import type { Arithmetic, OpenArithmetic } from './arithmetic.ts';

const PAGE_BYTES = 65_536;
const BYTES = 4;
/** Arrays begin at multiples of so many numbers, and end at them: kernels take four at once, and products eight. */
const ALIGNMENT = 8;

const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Arithmetic by our own WASM kernels, in float32; null where the browser has no SIMD. Each has a memory of its own. */
export async function fetchWasmArithmetic(choice?: KernelChoice): Promise<OpenArithmetic | null> {
  const kernels = await fetchKernels(choice);
  return kernels && ((numbers) => wasmArithmetic(kernels, numbers));
}

function wasmArithmetic(kernels: KernelsOn, numbers?: number): Arithmetic {
  const pages = (count: number) => Math.ceil((count * BYTES) / PAGE_BYTES);
  // Eight more for each array's and argument's alignment.
  const memory = new WebAssembly.Memory({ initial: pages((numbers ?? 0) + 1024) });
  const kernel = kernels(memory);
  const [multiply, pack, packTurned, adam] = [kernel('multiply'), kernel('pack'), kernel('packTurned'), kernel('adam')];
  /** Where arrays end, and what one operation needs for itself begins. */
  let taken = 0;

  const view = (at: number, length: number) => new Float32Array(memory.buffer, at * BYTES, length);
  const isHere = (array: Float32Array) => array.buffer === memory.buffer;

  /** Room behind the arrays for the parts of one operation: where each begins. */
  const scratch = (...lengths: number[]): number[] => {
    let end = taken;
    const starts = lengths.map((length) => {
      const start = end;
      end += aligned(length);
      return start;
    });
    const missing = pages(end) - memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) {
      // Growing moves the memory, and arrays that were handed out would be empty.
      if (taken > 0) throw new AppError('internal', 'An operation takes more room than was asked for.');
      memory.grow(missing);
    }
    return starts;
  };

  const product = (
    a: Float32Array,
    b: Float32Array,
    [m, k, n]: readonly [number, number, number],
    packed: (from: number, panels: number) => void,
    into?: Float32Array<ArrayBuffer>,
  ): Float32Array<ArrayBuffer> => {
    if (a.length !== m * k || b.length !== k * n || (into && into.length !== m * n)) {
      throw new AppError('bad-argument', `A matrix is not ${m} × ${k}, ${k} × ${n} or ${m} × ${n}.`);
    }
    const width = aligned(n);
    const direct = into && isHere(into) && width === n ? into : null;
    const [aAt = 0, bAt = 0, panelsAt = 0, cAt = 0] = scratch(
      isHere(a) ? 0 : a.length,
      isHere(b) ? 0 : b.length,
      width * k,
      direct ? 0 : m * width,
    );
    const place = (array: Float32Array, at: number) => {
      if (isHere(array)) return array.byteOffset;
      view(at, array.length).set(array);
      return at * BYTES;
    };
    packed(place(b, bAt), panelsAt * BYTES);
    const to = direct ? direct.byteOffset : cAt * BYTES;
    multiply(place(a, aAt), k, 0, 1, 0, panelsAt * BYTES, 0, 0, to, width, m, k, width, 0);
    if (direct) return direct;
    const result = into ?? new Float32Array(m * n);
    if (width === n) result.set(view(cAt, m * n));
    else for (let row = 0; row < m; row++) result.set(view(cAt + row * width, n), row * n);
    return result;
  };

  return {
    product: async (a, b, m, k, n, into) =>
      product(a, b, [m, k, n], (from, panels) => pack(from, n, panels, k, n), into),
    productTransposed: async (a, b, m, k, n) =>
      product(a, b, [m, k, n], (from, panels) => packTurned(from, k, panels, n, k)),
    update(values, gradients, first, second, rates) {
      const arrays = [values, gradients, first, second];
      if (!arrays.every(isHere)) {
        update(values, gradients, first, second, rates);
        return;
      }
      const addresses = arrays.map(({ byteOffset }) => byteOffset);
      adam(...addresses, values.length, rates.rate, rates.correction, rates.decay);
    },
    array(length) {
      const [at = 0] = scratch(length);
      taken = at + aligned(length);
      return view(at, length).fill(0);
    },
  };
}
