import { describe, expect, it } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { BACKENDS, backendNamed, type IndexKind } from '../../../src/search/backends.ts';
import { holdCodes } from '../../../src/search/codes/held-codes.ts';
import { plainCodes } from '../../../src/search/codes/plain.ts';
import { SearchedGallery } from '../../../src/search/searched-gallery.ts';
import { roomIn } from '../../../src/search/simd/kernel.ts';
import type { Work } from '../../../src/search/work.ts';
import { hold } from '../../hold.ts';
import { freshInstance } from './simd.ts';
import { atOnce } from './work.ts';

const D = 16;
const vectors = clusters(300, D);
const query = clusters(1, D, { seed: 5 });
const searched = () => new SearchedGallery(hold(roomIn(freshInstance, 300, D), vectors));
const build = (gallery: SearchedGallery, kind: IndexKind, work: Work = atOnce) => gallery.build(kind, {}, () => work);
/** Held in the form that the backend searches. */
const searchedBy = async (kind: IndexKind) =>
  backendNamed(kind).form === 'vectors'
    ? searched()
    : new SearchedGallery(await holdCodes(plainCodes, { rows: 300, dimensions: D, blocks: [new Blob([vectors])] }));
const built = BACKENDS.filter(({ capabilities }) => capabilities.buildable).map(({ name }) => name);

describe('a gallery', () => {
  it('is searched exactly until another index is built', async () => {
    const gallery = searched();
    expect(built).not.toHaveLength(0);
    for (const kind of built) {
      expect((await gallery.answering(kind, atOnce)).kind).toBe('exact');
      await expect(gallery.need(kind, atOnce)).rejects.toThrow(/index of this gallery has not been built/);
      await build(gallery, kind);
      expect((await gallery.answering(kind, atOnce)).kind).toBe(kind);
    }
    expect((await gallery.answering('exact', atOnce)).kind).toBe('exact');
  });

  it.each(BACKENDS)(
    'is answered in one form by $name: nearest first, exact cosines, −1 behind the last',
    async ({ name }) => {
      const gallery = await searchedBy(name);
      await build(gallery, name);
      const truth = await (await searched().need('exact', atOnce)).search(query, 300, atOnce);
      const { rows, similarities } = await (await gallery.need(name, atOnce)).search(query, 305, atOnce);
      const of = new Map(Array.from(truth.rows, (row, i) => [row, truth.similarities[i]]));
      for (let i = 0; i < 300; i++) expect(similarities[i]).toBe(of.get(rows[i] ?? -1));
      expect([...similarities]).toEqual([...similarities].sort((a, b) => b - a));
      expect([...rows.subarray(300)]).toEqual([-1, -1, -1, -1, -1]);
    },
  );

  it('is not searched by what compares another form of it', async () => {
    const [held, codes] = [searched(), await searchedBy('codes')];
    await expect(held.need('codes', atOnce)).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(codes.need('exact', atOnce)).rejects.toMatchObject({ code: 'bad-argument' });
    expect(() => codes.vectors).toThrow(/codes of 8 bits/);
  });

  it.each(built)('takes back what %s saved, and nothing else', async (kind) => {
    const gallery = searched();
    await build(gallery, kind);
    const saved = (await gallery.need(kind, atOnce)).save?.();
    if (!saved) throw new Error('Nothing was saved.');
    const other = searched();
    expect(await other.load(kind, saved.subarray(1), {})).toBe(false);
    expect(await other.load('exact', saved, {})).toBe(false);
    expect(await other.load(kind, saved, {})).toBe(true);
    expect(await (await other.need(kind, atOnce)).search(query, 9, atOnce)).toEqual(
      await (await gallery.need(kind, atOnce)).search(query, 9, atOnce),
    );
  });

  it('ends a build when a newer one starts, and with the gallery', async () => {
    const gallery = searched();
    const waiting = (): Promise<string> =>
      gallery
        .build('hnsw', {}, (...signals) => {
          const signal = AbortSignal.any(signals);
          return {
            signal,
            steps: () =>
              new Promise((_, reject) => {
                const stop = () => reject(signal.reason);
                if (signal.aborted) stop();
                else signal.addEventListener('abort', stop);
              }),
          };
        })
        .then(
          () => 'built',
          (error: { code: string }) => error.code,
        );
    const first = waiting();
    const second = waiting();
    expect(await first).toBe('aborted');
    gallery.dispose();
    expect(await second).toBe('aborted');
  });
});
