/**
 * The part of hnswlib-wasm that search/plain/published-graph.ts uses. The factory is imported past the package's entry point, which
 * would mount a file system on IndexedDB, create a database of its own there and log to the console.
 */
declare module 'hnswlib-wasm/lib/hnswlib.mjs' {
  /** Lives in the WASM memory: `delete` frees it. */
  export interface HierarchicalNSW {
    initIndex(maxElements: number, m: number, efConstruction: number, randomSeed: number): void;
    addPoints(points: readonly Float32Array[], labels: readonly number[], replaceDeleted: boolean): void;
    setEfSearch(efSearch: number): void;
    /** Best first. `k` may not exceed maxElements. */
    searchKnn(point: Float32Array, k: number, filter: undefined): { distances: number[]; neighbors: number[] };
    delete(): void;
  }

  export interface HnswlibModule {
    readonly HierarchicalNSW: new (
      space: 'ip' | 'cosine' | 'l2',
      dimensions: number,
      autoSaveFilename: string,
    ) => HierarchicalNSW;
  }

  /** Each call compiles a module with a memory of its own. */
  const factory: () => Promise<HnswlibModule>;
  export default factory;
}
