import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { codeLabels } from '../../../src/metrics/labels.ts';
import { measureRankings } from '../../../src/metrics/query-metrics.ts';
import { score } from '../../../src/metrics/scores.ts';
import { type Connection, connect, controlled, move } from '../../../src/workers/connect.ts';
import type { SearchWorker } from '../../../src/workers/protocol.ts';
import { finish } from '../../unit/math/finish.ts';

const D = 64;
const never = new AbortController().signal;
const ignore = () => {};
let connection: Connection<SearchWorker>;

beforeEach(() => {
  const url = new URL('../../../src/workers/search.worker.ts', import.meta.url);
  connection = connect<SearchWorker>(new Worker(url, { type: 'module' }));
});
afterEach(() => connection.close());

async function put(key: string, rows: number): Promise<Float32Array<ArrayBuffer>> {
  const embeddings = clusters(rows, D);
  const sent = embeddings.slice();
  await connection.api.open(key, rows, D);
  await connection.api.fill(key, move(sent, sent.buffer));
  expect(sent.byteLength).toBe(0);
  return embeddings;
}

function build(key: string, signal = never, onProgress: (rows: number) => void = ignore) {
  return controlled(signal, onProgress, (control) => connection.api.build(key, 'hnsw', {}, control));
}

const classes = (rows: number) => Array.from({ length: rows }, (_, row) => `class ${Math.floor((row * 40) / rows)}`);

describe('search worker', () => {
  it('answers exactly until HNSW is built, then by it, with the same similarities', async () => {
    const embeddings = await put('a', 600);
    const query = clusters(1, D, { seed: 4 });
    const truth = finish(exactTopK(embeddings, query, D, 10)).result;
    const before = await connection.api.search('a', query, 10, 'hnsw');
    expect(before.index).toBe('exact');
    expect(before.hits.map(({ row }) => row)).toEqual([...truth.rows]);
    const { ms } = await build('a');
    expect(ms).toBeGreaterThan(0);
    const after = await connection.api.search('a', query, 10, 'hnsw');
    expect(after.index).toBe('hnsw');
    expect(after.hits).toEqual(before.hits);
    expect((await connection.api.search('a', query, 10, 'exact')).index).toBe('exact');
    const { recall } = await connection.api.recall('a', 'hnsw', clusters(50, D, { seed: 6 }), 10);
    expect(recall).toBeGreaterThanOrEqual(0.99);
    await connection.api.setEfSearch('a', 1);
    expect((await connection.api.recall('a', 'hnsw', clusters(50, D, { seed: 6 }), 1)).recall).toBeLessThan(1);
  });

  it('ranks and measures all queries', async () => {
    const embeddings = await put('a', 300);
    const queries = clusters(80, D, { seed: 4, spread: 3 });
    const names = { queryLabels: [...classes(80).slice(1), null], galleryLabels: classes(300) };
    const labels = codeLabels(names.queryLabels, names.galleryLabels);
    const truth = finish(exactTopK(embeddings, queries, D, 300)).result;
    const rankings = await controlled(never, ignore, (control) =>
      connection.api.rank('a', queries, 300, 'exact', { by: null, own: null }, control),
    );
    expect(rankings).toEqual(truth);
    const measured = await controlled(never, ignore, (control) =>
      connection.api.measure('a', queries, labels, { ks: [1, 5], keep: 7 }, control),
    );
    expect(measured.metrics).toEqual(measureRankings(truth, labels, [1, 5]));
    const scores = await connection.api.summarise(measured.metrics, labels.query, 3);
    expect(scores).toEqual(score({ rankings: truth, ...names, ks: [1, 5], seed: 3 }));
    expect(scores?.skipped).toBe(1);
    // That of the query without a label too.
    expect(measured.neighbours).toEqual(finish(exactTopK(embeddings, queries, D, 7)).result);
    await build('a');
    const byHnsw = await controlled(never, ignore, (control) =>
      connection.api.rank('a', queries, 20, 'hnsw', { by: null, own: null }, control),
    );
    expect(byHnsw.rows).toHaveLength(80 * 20);
    expect(score({ rankings: byHnsw, ...names, ks: [1, 5], seed: 3 })?.topk).toEqual(scores?.topk);
  });

  it('cancels a build between chunks, answers meanwhile, and can build again', async () => {
    await put('a', 8000);
    const controller = new AbortController();
    const reports: number[] = [];
    const building = build('a', controller.signal, (rows) => {
      reports.push(rows);
      if (reports.length === 3) controller.abort();
    });
    const answer = await connection.api.search('a', clusters(1, D, { seed: 4 }), 1, 'hnsw');
    expect(answer.index).toBe('exact');
    await expect(building).rejects.toMatchObject({ code: 'aborted' });
    expect(reports[2]).toBeLessThan(8000);
    expect((await connection.api.search('a', clusters(1, D), 1, 'hnsw')).index).toBe('exact');
    await build('a');
    expect((await connection.api.search('a', clusters(1, D), 1, 'hnsw')).index).toBe('hnsw');
  });

  it('hands an index out as bytes, and takes it back in place of building one', async () => {
    await put('a', 600);
    expect(await connection.api.save('a', 'hnsw')).toBeNull();
    await build('a');
    const saved = await connection.api.save('a', 'hnsw');
    if (!saved) throw new Error('Nothing was saved.');
    const query = clusters(1, D, { seed: 4 });
    const built = await connection.api.search('a', query.slice(), 10, 'hnsw');
    await put('b', 600);
    const damaged = saved.slice();
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    expect(await connection.api.load('b', 'hnsw', damaged, {})).toBe(false);
    expect(await connection.api.load('b', 'hnsw', saved.slice(), { m: 8 })).toBe(false);
    expect((await connection.api.search('b', query.slice(), 10, 'hnsw')).index).toBe('exact');
    expect(await connection.api.load('b', 'hnsw', saved, {})).toBe(true);
    const loaded = await connection.api.search('b', query.slice(), 10, 'hnsw');
    expect(loaded.index).toBe('hnsw');
    expect(loaded.hits).toEqual(built.hits);
    await put('c', 599);
    const again = await connection.api.save('b', 'hnsw');
    expect(again && (await connection.api.load('c', 'hnsw', again, {}))).toBe(false);
  });

  it('lets a newer build, a newer gallery and a drop end what runs', async () => {
    await put('a', 3000);
    const settled = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        ({ code }: { code: string }) => code,
      );
    const first = settled(build('a'));
    const second = settled(build('a'));
    expect(await first).toBe('aborted');
    await put('a', 100);
    expect(await second).toBe('aborted');
    expect(await settled(build('a'))).toBe('done');
    await put('a', 3000);
    expect((await connection.api.search('a', clusters(1, D), 1, 'hnsw')).index).toBe('exact');
    const third = settled(build('a'));
    await connection.api.drop('a');
    expect(await third).toBe('aborted');
    await expect(connection.api.search('a', clusters(1, D), 1, 'exact')).rejects.toMatchObject({
      code: 'gallery-missing',
    });
    await connection.api.drop('a');
  });

  it('cancels measuring between blocks', async () => {
    await put('a', 4000);
    const queries = clusters(20_000, D, { seed: 4 });
    const labels = codeLabels(classes(20_000), classes(4000));
    const controller = new AbortController();
    const reports: number[] = [];
    const measuring = controlled(
      controller.signal,
      (done: number) => {
        reports.push(done);
        controller.abort();
      },
      (control) => connection.api.measure('a', queries, labels, { ks: [1], keep: 1 }, control),
    );
    await expect(measuring).rejects.toMatchObject({ code: 'aborted' });
    expect(reports[0]).toBeGreaterThan(0);
    expect(reports.at(-1)).toBeLessThan(20_000);
  });

  it('refuses what it cannot search, keeping what it has', async () => {
    await put('a', 20);
    const refused = { code: 'bad-argument' };
    await connection.api.open('odd', 2, 2);
    await expect(connection.api.fill('odd', Float32Array.of(1, 0, 3, 0))).rejects.toMatchObject(refused);
    await expect(connection.api.search('b', clusters(1, D), 1, 'exact')).rejects.toThrow(/No gallery named “b”/);
    await expect(connection.api.search('a', clusters(2, D), 1, 'exact')).rejects.toThrow(/One query at a time/);
    await expect(connection.api.search('a', new Float32Array(D).fill(Number.NaN), 1, 'exact')).rejects.toThrow(
      /not a number/,
    );
    await expect(connection.api.recall('a', 'hnsw', clusters(2, D), 1)).rejects.toThrow(/has not been built/);
    expect((await connection.api.search('a', clusters(1, D), 3, 'exact')).hits).toHaveLength(3);
  });
});
