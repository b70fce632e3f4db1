import { describe, expect, it, vi } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { exact } from '../../../src/search/backends/exact.ts';
import { hnsw, rankWith } from '../../../src/search/backends/hnsw.ts';
import { DEFAULT_HNSW, type HnswIndex, type HnswSettings } from '../../../src/search/hnsw.ts';
import { measureRecall } from '../../../src/search/recall.ts';
import { roomIn } from '../../../src/search/simd/kernel.ts';
import { hold } from '../../hold.ts';
import { finish } from '../math/finish.ts';
import { freshInstance } from './simd.ts';
import { atOnce } from './work.ts';

// Other programs may have the processor.
vi.setConfig({ testTimeout: 60_000 });

const D = 64;
const N = 700;
const vectors = clusters(N, D);
const queries = clusters(100, D, { seed: 5 });
const settings: HnswSettings = { ...DEFAULT_HNSW, efSearch: 12 };

function held(matrix: Float32Array = vectors) {
  const instance = freshInstance();
  const gallery = hold(
    roomIn(() => instance, matrix.length / D, D),
    matrix,
  );
  const build = async (with_ = settings): Promise<HnswIndex> => finish(await gallery.buildHnsw(with_)).result;
  return { instance, gallery, build };
}

const saved = async (): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = (await held().build()).save();
  if (!bytes) throw new Error('Nothing was saved.');
  return bytes;
};
const answers = (index: HnswIndex) => finish(rankWith(index, queries, D, 10)).result;

describe('HNSW in SIMD', () => {
  it('finds at least 0.99 of the exact ten nearest at the default efSearch', async () => {
    const { gallery } = held();
    const [graph, truth] = [await hnsw.open(gallery, {}, atOnce), await exact.open(gallery, {}, atOnce)];
    expect((await measureRecall(graph, truth, queries, D, 10, atOnce)).recall).toBeGreaterThanOrEqual(0.99);
  });

  it('answers many queries in one call as one by one', async () => {
    const index = await held().build();
    const together = index.searchAll(queries, 10);
    for (let i = 0; i < 100; i++) {
      expect(index.search(queries.subarray(i * D, (i + 1) * D), 10)).toEqual(together[i]);
    }
  });

  it('keeps its memory flat: what is disposed or given up is given back', async () => {
    const { instance, gallery, build } = held();
    const round = async () => {
      const steps = await gallery.buildHnsw(settings);
      for (let chunk = 0; chunk < 10; chunk++) steps.next();
      expect(() => steps.throw(new Error('enough'))).toThrow('enough');
      const index = await build();
      answers(index);
      const bytes = index.save();
      index.dispose();
      if (bytes) gallery.loadHnsw(bytes, settings)?.dispose();
      finish(gallery.rank(queries, 50));
      for (const _ of gallery.similarities(queries).blocks());
    };
    // What is taken lies otherwise in the second round, among what the first gave back; from then on nothing changes.
    for (let i = 0; i < 3; i++) await round();
    const before = instance.memoryBytes;
    for (let i = 0; i < 4; i++) await round();
    expect(instance.memoryBytes).toBe(before);
  });
});

describe('a saved index', () => {
  it('is the same when it is loaded, and saved again', async () => {
    const index = await held().build();
    const bytes = index.save();
    if (!bytes) throw new Error('Nothing was saved.');
    // Links alone: the vectors are stored elsewhere.
    expect(bytes.length).toBeLessThan(vectors.byteLength);
    const loaded = held().gallery.loadHnsw(bytes, settings);
    if (!loaded) throw new Error('It was refused.');
    expect(answers(loaded)).toEqual(answers(index));
    expect(loaded.save()).toEqual(bytes);
  });

  it('brings equal rows back', async () => {
    const twice = new Float32Array(2 * vectors.length);
    twice.set(vectors);
    twice.set(vectors, vectors.length);
    const { gallery, build } = held(twice);
    const bytes = (await build()).save() ?? new Uint8Array();
    const hits = gallery.loadHnsw(bytes, settings)?.search(vectors.subarray(0, D), 2);
    expect(hits?.map(({ row }) => row)).toEqual([0, N]);
  });

  it('is refused for other vectors, and for other settings', async () => {
    const bytes = await saved();
    const other = vectors.slice();
    // One number, by its last bit.
    const bits = new Int32Array(other.buffer);
    bits[300 * D + 3] = (bits[300 * D + 3] ?? 0) ^ 1;
    expect(held(other).gallery.loadHnsw(bytes, settings)).toBeNull();
    expect(held(vectors.slice(0, (N - 1) * D)).gallery.loadHnsw(bytes, settings)).toBeNull();
    expect(held().gallery.loadHnsw(bytes, { ...settings, m: 17 })).toBeNull();
    expect(held().gallery.loadHnsw(bytes, { ...settings, efConstruction: 100 })).toBeNull();
    expect(held().gallery.loadHnsw(bytes, { ...settings, efSearch: 100 })).not.toBeNull();
  });

  it('is refused cut off, lengthened, and with any bit turned over', async () => {
    const bytes = await saved();
    const { gallery, instance } = held();
    for (const length of [0, 1, 4, 44, 48, 52, bytes.length - 4, bytes.length - 1]) {
      expect(gallery.loadHnsw(bytes.subarray(0, length), settings)).toBeNull();
    }
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(gallery.loadHnsw(longer, settings)).toBeNull();
    for (let at = 0; at < bytes.length; at += 2003) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(gallery.loadHnsw(damaged, settings)).toBeNull();
    }
    const before = instance.memoryBytes;
    for (let i = 0; i < 50; i++) expect(gallery.loadHnsw(bytes.subarray(0, 400), settings)).toBeNull();
    expect(instance.memoryBytes).toBe(before);
  });

  // The sum at the end protects against damage, not against a hand that writes it again.
  describe('made by hand, with a sum that fits', () => {
    const HEADER = 12;
    const forged = async (change: (words: Uint32Array) => void): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = await saved();
      const words = new Uint32Array(bytes.buffer);
      change(words);
      let sum = 0xcbf29ce484222325n;
      for (const word of words.subarray(HEADER)) sum = BigInt.asUintN(64, (sum ^ BigInt(word)) * 0x100000001b3n);
      words[10] = Number(sum & 0xffffffffn);
      words[11] = Number(sum >> 32n);
      return bytes;
    };

    it('is taken where nothing was changed: the sum is made as it is here', async () => {
      expect(held().gallery.loadHnsw(await forged(() => {}), settings)).not.toBeNull();
    });

    it.each<[what: string, change: (words: Uint32Array) => void]>([
      ['a level beyond all', (words) => words.fill(64, HEADER, HEADER + 1)],
      ['a level without lists', (words) => words.fill(63, HEADER, HEADER + 1)],
      ['more links than a point has', (words) => words.fill(33, HEADER + 1, HEADER + 2)],
      ['links without end', (words) => words.fill(0xffffffff, HEADER + 1, HEADER + 2)],
      ['a link to no point', (words) => words.fill(N, HEADER + 2, HEADER + 3)],
      ['a link far outside', (words) => words.fill(0xffffffff, HEADER + 2, HEADER + 3)],
      ['an entry outside', (words) => words.fill(N, 9, 10)],
      ['an entry that is not on the top', (words) => words.fill((words[9] ?? 0) === 3 ? 4 : 3, 9, 10)],
      ['another number of points', (words) => words.fill(N - 1, 4, 5)],
    ])('%s', async (_, change) => {
      const { gallery, build } = held();
      expect(gallery.loadHnsw(await forged(change), settings)).toBeNull();
      // What was refused did no harm.
      expect(answers(await build())).toEqual(answers(await held().build()));
    });

    it('a link on a level where the point is not', async () => {
      const bytes = await forged((words) => {
        const levels: number[] = [];
        const above: number[] = [];
        for (let at = HEADER; at < words.length; ) {
          const level = words[at++] ?? 0;
          levels.push(level);
          for (let i = 0; i <= level; i++) {
            const links = words[at++] ?? 0;
            if (i > 0 && links > 0) above.push(at);
            at += links;
          }
        }
        words[above[0] ?? 0] = levels.indexOf(0);
      });
      expect(held().gallery.loadHnsw(bytes, settings)).toBeNull();
    });
  });
});
