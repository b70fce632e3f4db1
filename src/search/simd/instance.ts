import { AppError, toAppError } from '../../errors.ts';

/** What search.cpp exports, under the names it has there. Addresses count bytes of the memory. */
interface SearchCalls {
  take(bytes: number): number;
  give(address: number): number;
  gallery_open(rows: number, dimensions: number): number;
  gallery_stride(): number;
  query_rows(): number;
  exact_search(queries: number, k: number, rows: number, similarities: number): number;
  exact_products(queries: number, similarities: number): number;
  graph_open(points: number, m: number, efConstruction: number, seed: number): number;
  graph_add(graph: number, rows: number, count: number): number;
  graph_search(
    graph: number,
    queries: number,
    k: number,
    efSearch: number,
    rows: number,
    similarities: number,
    found: number,
  ): number;
  graph_close(graph: number): number;
  graph_saved_words(graph: number): number;
  graph_save(graph: number, words: number): number;
  graph_load(graph: number, words: number, count: number, rows: number): number;
}

/** One instance of the module: a memory of its own that never shrinks, so a gallery is freed for good with it. */
export interface SearchInstance extends SearchCalls {
  /** Views of the memory at an address. They end when the memory grows: at the next call. */
  floats(address: number, length: number): Float32Array<ArrayBuffer>;
  integers(address: number, length: number): Int32Array<ArrayBuffer>;
  bytes(address: number, length: number): Uint8Array<ArrayBuffer>;
  /** Room for that many bytes, to be given back. Throws AppError 'bad-argument' where there is none. */
  takeRoom(bytes: number): number;
  /** Runs `use` with room for that many bytes, and gives it back. Throws as takeRoom does. */
  withRoom<T>(bytes: number, use: (address: number) => T): T;
  /** Bytes of the whole memory. */
  readonly memoryBytes: number;
}

/** Throws AppError 'engine-unavailable' where the browser or the page's content security policy forbids it. */
export async function compileSearch(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new AppError('engine-unavailable', `The search could not be started (${toAppError(cause).message}).`, {
      cause,
    });
  }
}

/** Instantiates the module. It asks nothing of its surroundings; what its C library imports is never reached. */
export function instantiateSearch(module: WebAssembly.Module): SearchInstance {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: () => 0 };
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new AppError('internal', 'The search module has no memory.');
  const called = (name: string) => {
    const exported = exports[name];
    if (typeof exported !== 'function') throw new AppError('internal', `The search module has no ${name}.`);
    // Addresses beyond 2 GiB come as negative numbers.
    return (...numbers: number[]): number => Number(exported(...numbers)) >>> 0;
  };
  called('_initialize')();
  const calls = {
    take: called('take'),
    give: called('give'),
    gallery_open: called('gallery_open'),
    gallery_stride: called('gallery_stride'),
    query_rows: called('query_rows'),
    exact_search: called('exact_search'),
    exact_products: called('exact_products'),
    graph_open: called('graph_open'),
    graph_add: called('graph_add'),
    graph_search: called('graph_search'),
    graph_close: called('graph_close'),
    graph_saved_words: called('graph_saved_words'),
    graph_save: called('graph_save'),
    graph_load: called('graph_load'),
  };
  function takeRoom(bytes: number): number {
    const address = calls.take(Math.max(1, bytes));
    if (address === 0) throw new AppError('bad-argument', 'The memory that a browser gives a search is used up.');
    return address;
  }
  const buffer = (): ArrayBuffer => memory.buffer;
  return {
    ...calls,
    floats: (address, length) => new Float32Array(buffer(), address, length),
    integers: (address, length) => new Int32Array(buffer(), address, length),
    bytes: (address, length) => new Uint8Array(buffer(), address, length),
    takeRoom,
    withRoom(bytes, use) {
      const address = takeRoom(bytes);
      try {
        return use(address);
      } finally {
        calls.give(address);
      }
    },
    get memoryBytes() {
      return buffer().byteLength;
    },
  };
}
