import { expect, onTestFinished, test } from 'vitest';
import { deleteDataset, switchDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { loadModels } from '../../../src/app/models/rows.ts';
import { openedStore, openedWorkspace } from '../../../src/app/opened.ts';

followChanges();
followOpened();

/** A picture in a folder of that name, as a folder picker hands it over; resolves to its data set's id. */
async function opened(name: string, colour: string): Promise<string> {
  const canvas = new OffscreenCanvas(16, 16);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  context.fillStyle = colour;
  context.fillRect(0, 0, 16, 16);
  const file = new File([await canvas.convertToBlob()], 'one.png');
  await addFiles([Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/training/kind/one.png` })]);
  const id = openedWorkspace().dataset.getState().dataset?.id ?? '';
  onTestFinished(() => deleteDataset(openedWorkspace(), id));
  return id;
}

// Embed would promise what the other data set has, or lacks.
test('what is embedded is not said of a data set before it was counted there', async () => {
  await loadModels();
  const first = await opened('first', 'red');
  const second = await opened('second', 'blue');
  expect(second).not.toBe(first);
  await expect.poll(() => openedWorkspace().models.getState().counted).toBe(true);
  const whenShown: boolean[] = [];
  const stop = openedStore.subscribe(({ workspace }) => whenShown.push(workspace.models.getState().counted));
  await switchDataset(first);
  stop();
  expect(whenShown).toEqual([false]);
  expect(openedWorkspace().models.getState().counted).toBe(true);
});
