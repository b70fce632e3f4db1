import { expect, onTestFinished, test, vi } from 'vitest';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles, unlockFiles } from '../../../src/app/dataset/open.ts';
import { changeSession } from '../../../src/app/dataset/session.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';

async function pickedFile(folder: string): Promise<File> {
  const canvas = new OffscreenCanvas(16, 16);
  if (!canvas.getContext('2d')) throw new Error('This browser draws on no canvas.');
  const file = new File([await canvas.convertToBlob()], 'one.png');
  return Object.defineProperty(file, 'webkitRelativePath', { value: `${folder}/training/kind/one.png` });
}

/** A data set as after a reload: the browser keeps the folder's handle, and asks before it is read. */
async function locked(folder: string): Promise<void> {
  await addFiles([await pickedFile(folder)]);
  const workspace = openedWorkspace();
  const { session } = workspace;
  if (!session) throw new Error('No data set is open.');
  onTestFinished(() => deleteDataset(openedWorkspace(), session.stored.id));
  const handles = [await navigator.storage.getDirectory()];
  await changeSession(workspace, { stored: { ...session.stored, handles }, readable: new Map() });
  expect(workspace.dataset.getState()).toMatchObject({ files: 'locked', asking: false });
}

function answeredBy(answer: Promise<PermissionState>): void {
  const asked = vi.spyOn(FileSystemHandle.prototype, 'requestPermission').mockReturnValue(answer);
  onTestFinished(() => asked.mockRestore());
}

test('a folder that is dropped while the browser asks for it needs no answer', async () => {
  await locked('asked');
  answeredBy(new Promise(() => {}));
  const workspace = openedWorkspace();
  const unlocking = unlockFiles(workspace);
  expect(workspace.dataset.getState().asking).toBe(true);
  await addFiles([await pickedFile('asked')]);
  expect(await unlocking).toBe(true);
  expect(workspace.dataset.getState()).toMatchObject({ files: 'here', asking: false, dataset: { read: 1 } });
});

test('another data set ends the wait, and nothing is said of it', async () => {
  await locked('left');
  answeredBy(new Promise(() => {}));
  const unlocking = unlockFiles(openedWorkspace());
  await addFiles([await pickedFile('taken up')]);
  const id = openedWorkspace().session?.stored.id ?? '';
  onTestFinished(() => deleteDataset(openedWorkspace(), id));
  expect(await unlocking).toBe(false);
  expect(jobs.store.getState().failures).toEqual([]);
});

test('a browser that refuses, or may not be asked, is told', async () => {
  await locked('refused');
  for (const answer of [Promise.resolve('denied' as const), Promise.reject(new Error('No press.'))]) {
    answeredBy(answer);
    expect(await unlockFiles(openedWorkspace())).toBe(false);
    const [failure] = jobs.store.getState().failures;
    expect(failure?.message).toContain('The browser gave no permission.');
    if (failure) jobs.dismiss(failure.id);
  }
  expect(openedWorkspace().dataset.getState().asking).toBe(false);
});
