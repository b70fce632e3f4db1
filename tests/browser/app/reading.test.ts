import { afterEach, expect, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { tryDemo } from '../../../src/app/dataset/demo.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { continueReading } from '../../../src/app/dataset/read.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { loadModels } from '../../../src/app/models/rows.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { startedEntries } from '../../../src/storage/journal.ts';

followChanges();
followOpened();

afterEach(async () => {
  const { dataset } = openedWorkspace().dataset.getState();
  if (dataset) await deleteDataset(openedWorkspace(), dataset.id);
});

/** Pictures in two classes, as a folder picker hands them over. */
async function pickedFiles(count: number): Promise<File[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const canvas = new OffscreenCanvas(16, 16);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser draws on no canvas.');
      context.fillStyle = `rgb(${i} ${255 - i} ${(i * 7) % 256})`;
      context.fillRect(0, 0, 16, 16);
      const file = new File([await canvas.convertToBlob()], `${i}.png`);
      const path = `picked/training/kind ${i % 2}/${i}.png`;
      return Object.defineProperty(file, 'webkitRelativePath', { value: path });
    }),
  );
}

test('a caller that asks between listing and reading waits until all is read', async () => {
  const files = await pickedFiles(60);
  let asked: Promise<boolean> | null = null;
  const stop = jobs.store.subscribe(({ running }, before) => {
    const listed = before.running.some(({ stage }) => stage === 'Listing files') && running.length === 0;
    // As soon as nothing runs any more, like the headless runner and an eager user.
    if (listed) asked = Promise.resolve().then(() => continueReading(openedWorkspace()));
  });
  const opened = addFiles(files);
  await expect.poll(() => asked, { timeout: 30_000 }).not.toBeNull();
  expect(await asked).toBe(true);
  stop();
  expect(
    openedWorkspace()
      .dataset.getState()
      .images.filter(({ hash }) => hash === null),
  ).toEqual([]);
  expect(openedWorkspace().dataset.getState().images).toHaveLength(60);
  await opened;
});

test('a caller that asks in the middle of the reading waits for its end, and nothing is started again', async () => {
  const opened = addFiles(await pickedFiles(61));
  const reading = () => jobs.store.getState().running.filter(({ stage }) => stage === 'Reading images');
  await expect.poll(() => reading().length, { interval: 1 }).toBe(1);
  const [before] = reading();
  const asked = continueReading(openedWorkspace());
  // The same job: a second reading would have cancelled it.
  expect(reading().map(({ id }) => id)).toEqual([before?.id]);
  expect(await asked).toBe(true);
  expect(
    openedWorkspace()
      .dataset.getState()
      .images.filter(({ hash }) => hash === null),
  ).toEqual([]);
  await opened;
});

test('embedding that is asked for in the middle of the reading waits for its end and says so, until that is cancelled', async () => {
  await loadModels();
  const opened = addFiles(await pickedFiles(62));
  const reads = () => jobs.store.getState().running.some(({ stage }) => stage === 'Reading images');
  await expect.poll(reads, { interval: 1 }).toBe(true);
  const embedded = embed(openedWorkspace(), ['colour-gradient']);
  const waiting = () => openedWorkspace().dataset.getState().awaiting;
  await expect.poll(waiting, { interval: 1 }).toEqual(['embed']);
  jobs.cancel(({ job }) => job?.kind === 'read');
  expect(await embedded).toBe(false);
  expect(waiting()).toEqual([]);
  await opened;
});

test('the demo’s comparison is written down before its pictures are read: a reload in between does not lose it', async () => {
  await loadModels();
  const ended = tryDemo();
  await expect.poll(() => jobs.store.getState().running.map(({ stage }) => stage)).toEqual(['Reading images']);
  const id = openedWorkspace().dataset.getState().dataset?.id ?? '';
  const started = (await startedEntries(database, id)).map(({ task }) => task);
  const both = { weightsId: 'colour-gradient', frozen: true, finetuned: true };
  const wanted = expect.objectContaining({ singles: expect.arrayContaining([both]) });
  expect(started).toContainEqual({ kind: 'read', datasetId: id });
  expect(started).toContainEqual({ kind: 'compare', datasetId: id, wanted });
  jobs.cancel(() => true);
  await ended;
});
