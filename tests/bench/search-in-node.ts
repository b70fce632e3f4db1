/**
 * Ours and native hnswlib in one Node process, in turn, by the processor's time alone: `npx tsx
 * tests/bench/search-in-node.ts ROWS ROUNDS`. For machines on which other programs run: their time is not in it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusters } from '../../scripts/bench/clusters.ts';
import { NativeIndex, rowsOf } from '../../scripts/bench/search/native.ts';
import { exactTopK } from '../../src/math/topk.ts';
import { DEFAULT_HNSW, type HnswIndex } from '../../src/search/hnsw.ts';
import { roomIn } from '../../src/search/simd/kernel.ts';
import { hold } from '../hold.ts';
import { finish } from '../unit/math/finish.ts';
import { freshInstance } from '../unit/search/simd.ts';

const [rows = 10_000, rounds = 5] = process.argv.slice(2).map(Number);
const D = 512;
const QUERIES = 1000;
const classes = Math.max(10, rows / 50);
const gallery = clusters(rows, D, { classes });
const queries = clusters(QUERIES, D, { classes, seed: 5 });
const lists = rowsOf(queries, D);
const native = new NativeIndex(gallery, D);
const instance = freshInstance();
const held = hold(
  roomIn(() => instance, gallery.length / D, D),
  gallery,
);

async function processorMs(work: () => unknown): Promise<number> {
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
}

const truth = finish(held.rank(queries, 10)).result.rows;
const folder = mkdtempSync(join(tmpdir(), 'likeness-bench-'));
const files = ['gallery.f32', 'queries.f32'].map((name) => join(folder, name));
files.forEach((file, i) => {
  writeFileSync(file, i === 0 ? gallery : queries);
});
const script = join(import.meta.dirname, '../../scripts/bench/search/rank_by_numpy.py');
for (let round = 0; round < rounds; round++) {
  const simd = await processorMs(() => finish(held.rank(queries, 10)));
  const numpy = execFileSync('python3', [script, ...files, String(D), '10', '1']).toString();
  console.info(`exact, ${QUERIES} queries: simd ${simd.toFixed(0)} ms, numpy ${numpy}`);
}
rmSync(folder, { recursive: true });
const plain = await processorMs(() => finish(exactTopK(gallery, queries, D, 10)));
console.info(`exact, ${QUERIES} queries: plain ${plain.toFixed(0)} ms`);

for (let round = 0; round < rounds; round++) {
  const { processorMs: nativeMs } = native.build(DEFAULT_HNSW.m, DEFAULT_HNSW.efConstruction);
  const steps = await held.buildHnsw(DEFAULT_HNSW);
  const built: HnswIndex[] = [];
  const ours = await processorMs(() => built.push(finish(steps).result));
  console.info(`build: simd ${ours.toFixed(0)} ms, native ${nativeMs.toFixed(0)} ms`);
  for (const index of built) {
    for (const efSearch of [16, 32, 64, 128, 256, 400]) await ask(index, efSearch);
    index.dispose();
  }
  console.info(`memory: ${instance.memoryBytes} bytes`);
}

async function ask(index: HnswIndex, efSearch: number): Promise<void> {
  const nativeMs = await processorMs(() => native.ask(lists, efSearch));
  index.setEfSearch(efSearch);
  let found = 0;
  const ours = await processorMs(() => {
    for (let i = 0; i < QUERIES; i++) {
      const nearest = truth.subarray(i * 10, (i + 1) * 10);
      const hits = index.search(queries.subarray(i * D, (i + 1) * D), 10);
      found += hits.filter(({ row }) => nearest.includes(row)).length;
    }
  });
  const each = (ms: number) => `${(ms / QUERIES).toFixed(3)} ms`;
  console.info(`efSearch ${efSearch}: simd ${each(ours)}, native ${each(nativeMs)}, recall@10 ${found / QUERIES / 10}`);
}
