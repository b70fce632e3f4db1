import { addFiles, addGroundTruth, importDataset } from '../../state/actions.ts';
import { pickFiles } from './pick-files.ts';

/** The file dialog and not showDirectoryPicker, whose handles hide files of some names without a word. */
export async function openFolder(): Promise<void> {
  await openFiles(await pickFiles({ directory: true }));
}

export async function openZip(): Promise<void> {
  await openFiles(await pickFiles({ accept: '.zip,application/zip', multiple: true }));
}

export async function openGroundTruth(): Promise<void> {
  const [file] = await pickFiles({
    accept: '.json,.csv,.tsv,.txt,application/json,text/csv,text/tab-separated-values,text/plain',
  });
  if (file !== undefined) await addGroundTruth(file);
}

/** A file that the app wrote of a data set. */
export async function openDatasetFile(): Promise<void> {
  const [file] = await pickFiles({ accept: '.zip,application/zip' });
  if (file !== undefined) await importDataset(file);
}

async function openFiles(files: readonly File[]): Promise<void> {
  if (files.length > 0) await addFiles(files);
}
