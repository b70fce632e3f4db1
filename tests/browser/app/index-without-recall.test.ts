import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { context } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { clearQuery, searchHash } from '../../../src/app/search/query.ts';
import { setIndex } from '../../../src/app/search/search-preferences.ts';
import { AppError } from '../../../src/errors.ts';

followChanges();
followOpened();

async function pickedFiles(): Promise<File[]> {
  return Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const canvas = new OffscreenCanvas(32, 32);
      const drawing = canvas.getContext('2d');
      if (!drawing) throw new Error('This browser draws on no canvas.');
      drawing.fillStyle = `rgb(${i * 20} ${255 - i * 20} ${(i * 70) % 256})`;
      drawing.fillRect(0, 0, 32, 32);
      const file = new File([await canvas.convertToBlob()], `${i}.png`);
      const split = i < 2 ? 'test/query' : 'test/gallery';
      return Object.defineProperty(file, 'webkitRelativePath', { value: `indexed/${split}/kind ${i % 2}/${i}.png` });
    }),
  );
}

const state = () => openedWorkspace().search.getState();

beforeAll(async () => {
  await addFiles(await pickedFiles());
  expect(await embed(openedWorkspace(), ['colour-gradient'])).toBe(true);
});

afterAll(async () => {
  clearQuery(openedWorkspace());
  await setIndex(openedWorkspace(), 'auto');
  const { dataset } = openedWorkspace().dataset.getState();
  if (dataset) await deleteDataset(openedWorkspace(), dataset.id);
});

test('a gallery that makes room for another while its index is measured leaves the choice answered', async () => {
  const [query] = openedWorkspace().dataset.getState().images;
  await setIndex(openedWorkspace(), 'hnsw');
  await searchHash(openedWorkspace(), query?.hash ?? '');
  await expect.poll(() => state().index).toMatchObject({ status: 'ready', recallAt10: 1 });
  await expect.poll(() => jobs.store.getState().running.length).toBe(0);
  await setIndex(openedWorkspace(), 'exact');
  expect(state().timing?.index).toBe('exact');

  const { worker } = context.search;
  const withoutRecall = vi.spyOn(context.search, 'worker').mockImplementation(
    () =>
      new Proxy(worker(), {
        get(api, name) {
          if (name !== 'recall') return Reflect.get(api, name);
          return () => Promise.reject(new AppError('gallery-missing', 'No gallery of that name is open.'));
        },
      }),
  );
  onTestFinished(() => withoutRecall.mockRestore());
  await setIndex(openedWorkspace(), 'hnsw');
  expect(state().timing?.index).toBe('hnsw');
  expect(state().status).toBe('done');
});

test('an index that is no longer the chosen one fails nothing when its gallery is gone', async () => {
  await setIndex(openedWorkspace(), 'exact');
  const { worker } = context.search;
  const leaving = vi.spyOn(context.search, 'worker').mockImplementation(
    () =>
      new Proxy(worker(), {
        get(api, name) {
          if (name !== 'recall') return Reflect.get(api, name);
          return async () => {
            await setIndex(openedWorkspace(), 'exact');
            throw new AppError('gallery-missing', 'No gallery of that name is open.');
          };
        },
      }),
  );
  onTestFinished(() => leaving.mockRestore());
  const before = jobs.store.getState().failures.length;
  await setIndex(openedWorkspace(), 'hnsw');
  expect(jobs.store.getState().failures.slice(before)).toEqual([]);
  expect(state()).toMatchObject({ index: { kind: 'exact', status: 'ready' }, timing: { index: 'exact' } });
});
