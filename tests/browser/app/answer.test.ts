import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setRecipe, setSeeds } from '../../../src/app/comparison/plan.ts';
import { runComparison } from '../../../src/app/comparison/run-comparison.ts';
import { database } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { chooseRun, openAnyRun, setRank } from '../../../src/app/search/answering-run.ts';
import { cropQuery, searchFile, searchHash } from '../../../src/app/search/query.ts';
import { setK } from '../../../src/app/search/search-preferences.ts';
import { AppError } from '../../../src/errors.ts';
import { searchKey } from '../../../src/storage/settings.ts';

followChanges();
followOpened();

async function drawn(hue: number, seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(32, 32);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  context.fillStyle = `hsl(${hue} ${50 + seed}% ${40 + seed}%)`;
  context.fillRect(0, 0, 32, 32);
  return canvas.convertToBlob();
}

async function pickedFiles(): Promise<File[]> {
  const splits = { training: 12, 'test/query': 2, 'test/gallery': 6 };
  const files: File[] = [];
  for (const kind of [0, 1, 2]) {
    let seed = 0;
    for (const [split, count] of Object.entries(splits)) {
      for (let i = 0; i < count; i++) {
        const file = new File([await drawn(kind * 120, seed++)], `${i}.png`);
        Object.defineProperty(file, 'webkitRelativePath', { value: `answered/${split}/kind ${kind}/${i}.png` });
        files.push(file);
      }
    }
  }
  return files;
}

const state = () => openedWorkspace().search.getState();

beforeAll(async () => {
  await addFiles(await pickedFiles());
  expect(await embed(openedWorkspace(), ['colour-gradient'])).toBe(true);
  expect(jobs.store.getState().failures).toEqual([]);
  // Search opens with the best run once what was embedded has been read.
  await vi.waitUntil(() => state().rankable, { timeout: 60_000 });
  await setK(openedWorkspace(), 10);
});

afterAll(async () => {
  const { dataset } = openedWorkspace().dataset.getState();
  if (dataset) await deleteDataset(openedWorkspace(), dataset.id);
});

test('the best run answers a picture of the user’s own, with the votes of its ten nearest', async () => {
  expect(state()).toMatchObject({ chosenRun: null, rank: 'plain', rankable: true, reasons: null });
  await searchFile(openedWorkspace(), new File([await drawn(122, 5)], 'own.png'));
  // Asked once more where the run has been opened only meanwhile.
  await expect.poll(() => state().answer).not.toBe(null);
  const { answer, neighbours, status } = state();
  expect(status).toBe('done');
  expect(answer).toMatchObject({ by: 'votes', voters: 10 });
  const votes = neighbours.slice(0, 10).map(({ image }) => image.className);
  const most = votes.filter((name) => name === answer?.guesses[0]?.className).length;
  expect(answer?.guesses[0]).toEqual({ className: 'kind 1', share: most / 10 });
  // Tried on validation images after the answer.
  await expect.poll(() => state().trial?.queries, { timeout: 90_000 }).toBeGreaterThan(0);
});

test('by a ranking of classes, class means answer; it is remembered for the data set, and goes with it', async () => {
  const id = openedWorkspace().session?.stored.id ?? '';
  const before = state().neighbours.map(({ image }) => image.path);
  await setRank(openedWorkspace(), 'cover');
  await expect.poll(() => state().answer?.by).toBe('means');
  expect(state()).toMatchObject({ rank: 'cover', answer: { by: 'means', guesses: [{ className: 'kind 1' }, {}, {}] } });
  const sum = state().answer?.guesses.reduce((all, { share }) => all + share, 0);
  expect(sum).toBeCloseTo(1, 5);
  // Each neighbour says what put it there.
  const reasonOf = (at: number) => state().reasons?.get(state().neighbours[at]?.image.path ?? '');
  await expect.poll(() => reasonOf(0)).toEqual({ kind: 'covers', className: 'kind 1' });
  expect(state().neighbours.every((_, at) => reasonOf(at) !== undefined)).toBe(true);
  expect(state().neighbours.map(({ image }) => image.path)).not.toEqual(before);
  openedWorkspace().search.setState({ rank: 'plain' });
  await openAnyRun(openedWorkspace());
  expect(state().rank).toBe('cover');
  const stored = () => database.read((connection) => connection.get('settings', searchKey(id)));
  expect(await stored()).toEqual({ runId: null, rank: 'cover' });
  await setRank(openedWorkspace(), 'plain');
  expect(state().neighbours.map(({ image }) => image.path)).toEqual(before);
});

test('a run that the user has chosen stays, also where another becomes the best', async () => {
  const { runs } = openedWorkspace().comparison.getState();
  const [run] = runs;
  if (!run) throw new Error('A run was scored.');
  await chooseRun(openedWorkspace(), run.id);
  expect(state().chosenRun).toBe(run.id);
  const perfect = { ...run, id: 'another', choice: { ...run.choice, loaded: 'x' } };
  openedWorkspace().comparison.setState({ runs: [perfect, ...runs] });
  await openAnyRun(openedWorkspace());
  expect(state()).toMatchObject({ runId: run.id, chosenRun: run.id });
});

test('how long training takes is not known before the first, whose first epoch tells it of the next', async () => {
  const { comparison } = openedWorkspace();
  expect(setRecipe(openedWorkspace(), { epochs: 5 })).toEqual({});
  setSeeds(openedWorkspace(), 2);
  const trainings = () => comparison.getState().stages.filter(({ kind }) => kind === 'train');
  await expect.poll(() => trainings().map(({ estimateMs }) => estimateMs)).toEqual([null, null]);
  const ofNext: (number | null)[] = [];
  const stop = comparison.subscribe(() => {
    const [first, second] = trainings();
    if (first?.state === 'running' && second?.state === 'waiting') ofNext.push(second.estimateMs);
  });
  expect(await runComparison(openedWorkspace())).toBe(true);
  stop();
  expect(ofNext[0]).toBeNull();
  expect(ofNext.at(-1)).toBeGreaterThan(0);
});

test('what the user chooses while a job that ends reads the choice before, answers', async () => {
  const others = () =>
    openedWorkspace()
      .comparison.getState()
      .runs.map(({ id }) => id)
      .filter((id) => id !== state().runId);
  const [model] = others();
  if (model === undefined) throw new Error('The comparison scored more than one run.');
  await Promise.all([openAnyRun(openedWorkspace()), chooseRun(openedWorkspace(), model)]);
  expect(state()).toMatchObject({ runId: model, chosenRun: model });
  const rank = state().rank === 'class' ? 'cover' : 'class';
  await Promise.all([setRank(openedWorkspace(), rank), openAnyRun(openedWorkspace())]);
  expect(state()).toMatchObject({ runId: model, rank });
});

test('a part that cannot be searched with leaves the answer as it is; dropped again, no file is said to be missing', async () => {
  const workspace = openedWorkspace();
  const hash = workspace.dataset.getState().images.find(({ split }) => split === 'query')?.hash ?? '';
  await searchHash(workspace, hash);
  const before = state();
  expect(before.status).toBe('done');
  expect(before.neighbours.length).toBeGreaterThan(0);
  const { session } = workspace;
  if (!session) throw new Error('No data set is open.');
  workspace.session = { ...session, readable: new Map() };
  workspace.dataset.setState({ files: 'gone' });
  await cropQuery(workspace, { x: 0, y: 0, width: 0.61, height: 1 });
  expect(state()).toMatchObject({ status: 'failed', query: { hash, crop: null } });
  expect(state().neighbours).toEqual(before.neighbours);

  jobs.fail('models', new AppError('files-gone', 'Their files cannot be read any more.'));
  await addFiles(await pickedFiles());
  expect(workspace.dataset.getState().files).toBe('here');
  expect(jobs.store.getState().failures).toEqual([]);
});
