import { expect, onTestFinished, test } from 'vitest';
import type { Part } from '../../../src/app/catch-up.ts';
import { context } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { assignRole } from '../../../src/app/dataset/read.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { loadModels } from '../../../src/app/models/rows.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import type { Change } from '../../../src/core/context.ts';

followChanges();
followOpened();

const DESCRIPTOR = 'colour-gradient';

/** A task of two classes in a folder of that name, as a folder picker hands it over; resolves to its data set's id. */
async function opened(name: string): Promise<string> {
  const files = ['training', 'test/query', 'test/gallery'].flatMap((split, s) =>
    ['one', 'two'].map(async (kind, c) => {
      const canvas = new OffscreenCanvas(16, 16);
      const drawing = canvas.getContext('2d');
      if (!drawing) throw new Error('This browser draws on no canvas.');
      drawing.fillStyle = `rgb(${200 * c} ${90 * s} ${name.length * 9})`;
      drawing.fillRect(0, 0, 16, 16);
      const file = new File([await canvas.convertToBlob()], `${s}.png`);
      return Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${split}/${kind}/${s}.png` });
    }),
  );
  await addFiles(await Promise.all(files));
  const workspace = openedWorkspace();
  await workspace.catchUp.settled();
  const id = workspace.dataset.getState().dataset?.id ?? '';
  onTestFinished(() => deleteDataset(openedWorkspace(), id));
  return id;
}

/** What is read again from now on, without reading it. */
function readAgain(): Part[] {
  const read: Part[] = [];
  openedWorkspace().catchUp.serve(async (part) => void read.push(part));
  return read;
}

test('embedding and scoring are read once, when both are done', async () => {
  await loadModels();
  await opened('embedded');
  const workspace = openedWorkspace();
  const read = readAgain();
  let before: number | null = null;
  const stop = workspace.comparison.subscribe(({ runs }) => {
    if (runs.length === 1) before ??= read.length;
  });
  expect(await embed(workspace, [DESCRIPTOR])).toBe(true);
  stop();
  expect(workspace.comparison.getState().runs).toHaveLength(1);
  // The run was shown when it was scored, before anything was read.
  expect(before).toBe(0);
  expect(read).toEqual(['comparison', 'interrupted', 'search', 'models', 'storage']);
});

test('another role is read once, with the scores that follow from it', async () => {
  await loadModels();
  await opened('roles');
  const workspace = openedWorkspace();
  await embed(workspace, [DESCRIPTOR]);
  const [before] = workspace.comparison.getState().runs;
  const read = readAgain();
  await assignRole(workspace, 'roles/training/two', 'ignore');
  expect(workspace.comparison.getState().runs[0]).not.toBe(before);
  expect(read).toEqual(['comparison', 'interrupted', 'search', 'models', 'storage']);
});

test('what ends late for a data set that is not shown any more leaves the one that is shown alone', async () => {
  await loadModels();
  const first = await opened('first');
  const left = openedWorkspace();
  const told: Change[] = [];
  const stop = context.changes.on((change) => void told.push(change));
  await embed(left, [DESCRIPTOR]);
  stop();
  expect(told.map(({ kind }) => kind)).toContain('run-scored');
  await opened('second');
  const read = readAgain();
  for (const change of told) if ('datasetId' in change) context.changes.tell(change);
  context.changes.tell({ kind: 'images', datasetId: first });
  await openedWorkspace().catchUp.settled();
  expect(openedWorkspace().comparison.getState().runs).toEqual([]);
  expect(read).toEqual([]);
});
