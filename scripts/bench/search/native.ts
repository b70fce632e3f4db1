import { createRequire } from 'node:module';
import { median, quantile } from '../../../src/math/statistics.ts';

interface NativeGraph {
  initIndex(maxElements: number, m: number, efConstruction: number, randomSeed: number): void;
  addPoint(point: readonly number[], label: number): void;
  setEf(ef: number): void;
  searchKnn(query: readonly number[], k: number): { readonly neighbors: readonly number[] };
}

/** hnswlib compiled for this machine. Throws where the optional package was not installed. */
export class NativeIndex {
  readonly #points: number[][];
  readonly #dimensions: number;
  #graph: NativeGraph | null = null;

  constructor(gallery: Float32Array, dimensions: number) {
    this.#points = rowsOf(gallery, dimensions);
    this.#dimensions = dimensions;
  }

  /** Milliseconds, those of them on the processor, and the bytes by which the process grew. */
  build(m: number, efConstruction: number): { ms: number; processorMs: number; bytes: number } {
    const before = process.memoryUsage().rss;
    const { HierarchicalNSW } = createRequire(import.meta.url)('hnswlib-node');
    const start = performance.now();
    const used = process.cpuUsage();
    const graph: NativeGraph = new HierarchicalNSW('ip', this.#dimensions);
    graph.initIndex(this.#points.length, m, efConstruction, 100);
    this.#points.forEach((point, row) => {
      graph.addPoint(point, row);
    });
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    this.#graph = graph;
    return { ms, processorMs: (user + system) / 1000, bytes: process.memoryUsage().rss - before };
  }

  ask(queries: readonly number[][], efSearch: number): { p50: number; p99: number } {
    this.#graph?.setEf(efSearch);
    const times = queries.map((query) => {
      const start = performance.now();
      this.#graph?.searchKnn(query, 10);
      return performance.now() - start;
    });
    return { p50: median(times), p99: quantile(times, 0.99) };
  }
}

/** Plain lists, as the native package wants them. */
export function rowsOf(matrix: Float32Array, dimensions: number): number[][] {
  return Array.from({ length: matrix.length / dimensions }, (_, row) =>
    Array.from(matrix.subarray(row * dimensions, (row + 1) * dimensions)),
  );
}
