import { AppError } from '../errors.ts';
import { fetchKernels, type KernelChoice, type KernelsOn } from '../models/engines/wasm/binary.ts';
import { update } from './adam.ts';
import type { Arithmetic, OpenArithmetic } from './arithmetic.ts';

const PAGE_BYTES = 65_536;
const BYTES = 4;
/** Arrays begin at multiples of this many numbers, and end at them: kernels take four at once, and products eight. */
const ALIGNMENT = 8;

const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Arithmetic by our own WASM kernels, in float32; null where the browser has no SIMD. Each has a memory of its own. */
export async function fetchWasmArithmetic(choice?: KernelChoice): Promise<OpenArithmetic | null> {
  const kernels = await fetchKernels(choice);
  return kernels && ((numbers) => wasmArithmetic(kernels, numbers));
}

function wasmArithmetic(kernels: KernelsOn, numbers?: number): Arithmetic {
  const pages = (count: number) => Math.ceil((count * BYTES) / PAGE_BYTES);
  // More for each array's and argument's alignment.
  const memory = new WebAssembly.Memory({ initial: pages((numbers ?? 0) + 1024) });
  const kernel = kernels(memory);
  const [multiply, pack, packTurned, adam] = [kernel('multiply'), kernel('pack'), kernel('packTurned'), kernel('adam')];
  const [turn, unitRows, through] = [kernel('transpose'), kernel('unitRows'), kernel('throughDirection')];
  /** Where arrays end and results begin, where these end, and where what the operation under way needs ends. */
  let arraysEnd = 0;
  let resultsEnd = 0;
  let end = 0;

  const isHere = (array: Float32Array) => array.buffer === memory.buffer;

  /** Room behind all else for `length` numbers: where it begins, in bytes. */
  const room = (length: number): number => {
    const start = end;
    end += aligned(length);
    const missing = pages(end) - memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) {
      // Growing moves the memory, and arrays given out before would be empty.
      if (resultsEnd > 0) throw new AppError('internal', 'An operation takes more room than was asked for.');
      memory.grow(missing);
    }
    return start * BYTES;
  };
  const view = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
  const place = (array: Float32Array): number => {
    if (isHere(array)) return array.byteOffset;
    const at = room(array.length);
    view(at, array.length).set(array);
    return at;
  };
  /** Runs one operation, whose result comes first and stays; what else it made room for is free again. */
  const withResult = (length: number, run: (at: number) => void): Float32Array<ArrayBuffer> => {
    end = resultsEnd;
    const at = room(length);
    const kept = end;
    run(at);
    end = kept;
    if (numbers === undefined) return view(at, length).slice();
    resultsEnd = kept;
    return view(at, length);
  };

  /** Product of a [m, k] and a second matrix that `packed` writes as panels [⌈n / 8⌉][k][8], to `at`. */
  const multiplied = (
    a: Float32Array,
    [m, k, n]: readonly [number, number, number],
    packed: (panels: number) => void,
    at: number,
  ) => {
    const width = aligned(n);
    const panels = room(width * k);
    packed(panels);
    const from = place(a);
    // Eight columns are written at a time: what is not so wide is written elsewhere first.
    const to = width === n ? at : room(m * width);
    multiply(from, k, 0, 1, 0, panels, 0, 0, to, width, m, k, width, 0);
    if (width === n) return;
    const result = view(at, m * n);
    for (let row = 0; row < m; row++) result.set(view(to + row * width * BYTES, n), row * n);
  };
  const check = (a: Float32Array, b: Float32Array, [m, k, n]: readonly [number, number, number]) => {
    if (a.length !== m * k || b.length !== k * n) {
      throw new AppError('bad-argument', `A matrix is not ${m} × ${k} or ${k} × ${n}.`);
    }
  };

  return {
    async product(a, b, m, k, n, into) {
      check(a, b, [m, k, n]);
      const packed = (panels: number) => pack(place(b), n, panels, k, n);
      if (!into) return withResult(m * n, (at) => multiplied(a, [m, k, n], packed, at));
      if (into.length !== m * n) throw new AppError('bad-argument', `The result is not ${m} × ${n}.`);
      end = resultsEnd;
      const at = isHere(into) ? into.byteOffset : room(m * n);
      multiplied(a, [m, k, n], packed, at);
      if (!isHere(into)) into.set(view(at, m * n));
      return into;
    },
    async productTransposed(a, b, m, k, n) {
      check(a, b, [m, k, n]);
      const packed = (panels: number) => packTurned(place(b), k, panels, n, k);
      return withResult(m * n, (at) => multiplied(a, [m, k, n], packed, at));
    },
    transpose: (matrix, rows, columns) => withResult(rows * columns, (at) => turn(place(matrix), at, rows, columns)),
    directions(matrix, columns) {
      const rows = matrix.length / columns;
      const both = withResult(matrix.length + rows, (at) => {
        unitRows(place(matrix), at, at + matrix.length * BYTES, rows, columns);
      });
      return { unit: both.subarray(0, matrix.length), lengths: both.subarray(matrix.length) };
    },
    throughDirections: (gradient, { unit, lengths }) =>
      withResult(gradient.length, (at) => {
        through(place(gradient), place(unit), place(lengths), at, lengths.length, gradient.length / lengths.length);
      }),
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
      if (resultsEnd > arraysEnd) throw new AppError('internal', 'Results were not released before an array was made.');
      end = arraysEnd;
      const at = room(length);
      arraysEnd = end;
      resultsEnd = end;
      return view(at, length).fill(0);
    },
    release() {
      resultsEnd = arraysEnd;
    },
  };
}
