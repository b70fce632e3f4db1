import { AppError } from '../errors.ts';
import {
  fetchKernels,
  fetchModule,
  type KernelChoice,
  type Kernels,
  kernelsOf,
} from '../models/engines/wasm/binary.ts';
import { update } from './adam.ts';
import type { Arithmetic, OpenArithmetic } from './arithmetic.ts';
import type { Call, openSecondThread, RunBoth } from './second-thread.ts';
import relaxed from './shared-relaxed.wasm?url&no-inline';
import simd from './shared-simd.wasm?url&no-inline';

const PAGE_BYTES = 65_536;
const BYTES = 4;
/** Arrays begin at multiples of this many numbers, and end at them: kernels take four at once, and products eight. */
const ALIGNMENT = 8;

const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** Operations, or numbers that are updated, from which two threads are faster than one: a quarter of a millisecond's. */
const LEAST_OPERATIONS = 5e6;
const LEAST_UPDATED = 1e5;

const pages = (count: number) => Math.ceil((count * BYTES) / PAGE_BYTES);

/**
 * Arithmetic by our own WASM kernels, in float32; null where the browser has no SIMD. Each has a memory of its own, which, where
 * it is bounded, it shares with the second thread that `second` opens: columns of products and numbers to update are halved,
 * and each is computed by the same operations in the same order, bit for bit.
 */
export async function fetchWasmArithmetic(
  choice: KernelChoice = 'best',
  second: ReturnType<typeof openSecondThread> | null = null,
): Promise<OpenArithmetic | null> {
  const kernelsOn = await fetchKernels(choice);
  if (!kernelsOn) return null;
  const module = second && (await fetchModule(choice, { relaxed, simd }));
  return (numbers) => {
    // More for each array's and argument's alignment.
    const initial = pages((numbers ?? 0) + 1024);
    if (second && module && numbers !== undefined) {
      const memory = new WebAssembly.Memory({ initial, maximum: initial, shared: true });
      const kernels = kernelsOf(module)(memory);
      return wasmArithmetic(memory, kernels, second(module, memory, kernels), numbers);
    }
    const memory = new WebAssembly.Memory({ initial });
    const kernels = kernelsOn(memory);
    const runBoth: RunBoth = (...lists) => {
      for (const [name, ...args] of lists.flat()) kernels(name)(...args);
    };
    return wasmArithmetic(memory, kernels, runBoth, numbers);
  };
}

function wasmArithmetic(memory: WebAssembly.Memory, kernels: Kernels, runBoth: RunBoth, numbers?: number): Arithmetic {
  const [turn, unitRows, through] = [kernels('transpose'), kernels('unitRows'), kernels('throughDirection')];
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
      if (resultsEnd > 0 || numbers !== undefined) {
        throw new AppError('internal', 'An operation takes more room than was asked for.');
      }
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

  /**
   * Product of a [m, k] and a second matrix that `pack` writes as panels [⌈n / 8⌉][k][8], to `at`. `pack` packs `count` columns,
   * from number `from` on, to the address `panels`.
   */
  const multiplied = (
    a: Float32Array,
    [m, k, n]: readonly [number, number, number],
    pack: (from: number, count: number, panels: number) => Call,
    at: number,
  ) => {
    const width = aligned(n);
    const panels = room(width * k);
    const from = place(a);
    // Eight columns are written at a time: what is not so wide is written elsewhere first.
    const to = width === n ? at : room(m * width);
    const columns = (first: number, end: number): Call[] => [
      pack(first, Math.min(end, n) - first, panels + first * k * BYTES),
      [
        ...(['multiply', from, k, 0, 1, 0] as const),
        ...[panels + first * k * BYTES, 0, 0, to + first * BYTES, width, m, k, end - first, 0],
      ],
    ];
    const half = aligned(width / 2);
    if (half < width && m * k * n >= LEAST_OPERATIONS) runBoth(columns(0, half), columns(half, width));
    else runBoth(columns(0, width), []);
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
      const multiply = (at: number) => {
        const second = place(b);
        multiplied(a, [m, k, n], (from, count, to) => ['pack', second + from * BYTES, n, to, k, count], at);
      };
      if (!into) return withResult(m * n, multiply);
      if (into.length !== m * n) throw new AppError('bad-argument', `The result is not ${m} × ${n}.`);
      end = resultsEnd;
      const at = isHere(into) ? into.byteOffset : room(m * n);
      multiply(at);
      if (!isHere(into)) into.set(view(at, m * n));
      return into;
    },
    async productTransposed(a, b, m, k, n) {
      check(a, b, [m, k, n]);
      return withResult(m * n, (at) => {
        const second = place(b);
        multiplied(a, [m, k, n], (from, count, to) => ['packTurned', second + from * k * BYTES, k, to, count, k], at);
      });
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
      const part = (from: number, end: number): Call[] => {
        const addresses = arrays.map(({ byteOffset }) => byteOffset + from * BYTES);
        return [['adam', ...addresses, end - from, rates.rate, rates.correction, rates.decay]];
      };
      const { length } = values;
      if (length < LEAST_UPDATED) return runBoth(part(0, length), []);
      const half = aligned(length / 2);
      runBoth(part(0, half), part(half, length));
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
