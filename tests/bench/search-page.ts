/** What scripts/bench/search drives in Chromium: the product's own indexes, on numbers that are made in the page. */

import { clusters } from '../../scripts/bench/clusters.ts';
import { median, quantile } from '../../src/math/statistics.ts';
import type { HeldGallery } from '../../src/search/held-gallery.ts';
import { DEFAULT_HNSW, type HnswIndex } from '../../src/search/hnsw.ts';
import { plainKernel } from '../../src/search/plain/kernel.ts';
import { instantiateSearch } from '../../src/search/simd/instance.ts';
import { roomIn } from '../../src/search/simd/kernel.ts';
import { hold } from '../hold.ts';

const K = 10;
let dimensions = 0;
let gallery = new Float32Array();
let queries = new Float32Array();
/** The true ten nearest of every query, by the plain kernel. */
let truth: ReadonlySet<number>[] = [];
const held = new Map<string, HeldGallery>();
const built = new Map<string, HnswIndex>();
let memory: () => number | null = () => null;

const binary = await fetch(new URL('../../src/search/simd/search.wasm', import.meta.url));
const module = await WebAssembly.compile(await binary.arrayBuffer());
function finish<R>(steps: Generator<unknown, R>): R {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const query = (i: number) => queries.subarray(i * dimensions, (i + 1) * dimensions);
const indexOf = (name: string): HnswIndex => {
  const index = built.get(name);
  if (!index) throw new Error(`${name} is not built.`);
  return index;
};
const heldBy = (name: string): HeldGallery => {
  const one = held.get(name);
  if (!one) throw new Error(`${name} holds no gallery.`);
  return one;
};

const bench = {
  async prepare(rows: number, width: number, asked: number) {
    dimensions = width;
    for (const index of built.values()) index.dispose();
    built.clear();
    gallery = clusters(rows, width, { classes: Math.max(10, rows / 50) });
    queries = clusters(asked, width, { classes: Math.max(10, rows / 50), seed: 5 });
    const instance = instantiateSearch(module);
    memory = () => instance.memoryBytes;
    held.set('plain', hold(plainKernel.room(rows, width), gallery));
    held.set(
      'simd',
      hold(
        roomIn(() => instance, rows, width),
        gallery,
      ),
    );
    const { rows: nearest } = finish(heldBy('plain').rank(queries, K));
    truth = Array.from({ length: asked }, (_, i) => new Set(nearest.subarray(i * K, (i + 1) * K)));
  },

  /** Builds HNSW; one of that name before it is disposed first. Milliseconds. */
  async build(name: string): Promise<number> {
    built.get(name)?.dispose();
    const start = performance.now();
    built.set(name, finish(await heldBy(name).buildHnsw(DEFAULT_HNSW)));
    return performance.now() - start;
  },

  /** Saves the index and loads it again: bytes, and milliseconds of each. */
  saveAndLoad() {
    const start = performance.now();
    const bytes = indexOf('simd').save();
    const saved = performance.now();
    const loaded = bytes && heldBy('simd').loadHnsw(bytes, DEFAULT_HNSW);
    const end = performance.now();
    loaded?.dispose();
    return { bytes: bytes?.length ?? 0, saveMs: saved - start, loadMs: end - saved, loaded: loaded !== null };
  },

  /** One query at a time, as the search screen asks. */
  ask(name: string, efSearch: number) {
    const index = indexOf(name);
    index.setEfSearch(efSearch);
    return timed((i) => index.search(query(i), K));
  },

  /** The same by exact search. */
  askExactly: (name: string) => timed((i) => heldBy(name).exact.search(query(i), K)),

  /** Exact rankings of all queries in one go: milliseconds. */
  rankExactly(name: string): number {
    const start = performance.now();
    finish(heldBy(name).rank(queries, K));
    return performance.now() - start;
  },

  /** Bytes of the WASM memory that holds the vectors and the graph. */
  memory: () => memory(),
};

function timed(search: (i: number) => { row: number }[]) {
  const times: number[] = [];
  let found = 0;
  truth.forEach((nearest, i) => {
    const start = performance.now();
    const hits = search(i);
    times.push(performance.now() - start);
    found += hits.filter(({ row }) => nearest.has(row)).length;
  });
  return { p50: median(times), p99: quantile(times, 0.99), recall: found / (truth.length * K) };
}

export type SearchBench = typeof bench;
Object.assign(window, { bench });
