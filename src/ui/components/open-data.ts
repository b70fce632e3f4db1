import type { Actions } from '../../app/actions.ts';
import { openedStore } from '../../app/opened.ts';
import { currentPath, navigate } from '../location.ts';
import { useActions } from '../workspace.tsx';
import { pickFiles } from './pick-files.ts';

/** Ways to open files that a file dialog asks for. */
interface OpenData {
  /** The file dialog and not showDirectoryPicker, whose handles hide files of some names without a word. */
  readonly openFolder: () => Promise<void>;
  /** The same for the open data set, whose files are gone; resolves to whether they can be read now: not where another was chosen. */
  readonly openFolderAgain: () => Promise<boolean>;
  readonly openZip: () => Promise<void>;
  readonly openGroundTruth: () => Promise<void>;
  /** A file that the app wrote of a data set. */
  readonly openDatasetFile: () => Promise<void>;
}

/**
 * Leads on to the map of images that have nothing else to show, and to the models where it was weights that were opened; who has
 * gone elsewhere meanwhile, stays there.
 */
export async function showFirst(
  { firstLook }: Pick<Actions, 'firstLook'>,
  opening: ReturnType<Actions['addFiles']>,
): Promise<void> {
  const onData = () => currentPath() === '/data' || currentPath() === '/';
  const opened = await opening;
  if (opened === 'weights') {
    if (onData()) navigate('/models');
  } else if (opened && onData() && (await firstLook()) && onData()) navigate('/dashboard?tab=map');
}

export function useOpenData(): OpenData {
  const actions = useActions();
  const { addFiles, addGroundTruth, importDataset } = actions;
  const openFiles = async (files: readonly File[]) => {
    if (files.length > 0) await showFirst(actions, addFiles(files));
  };
  const openFolder = async () => openFiles(await pickFiles({ directory: true }));
  return {
    openFolder,
    async openFolderAgain() {
      const { dataset } = openedStore.getState().workspace;
      await openFolder();
      return dataset.getState().files === 'here';
    },
    openZip: async () => openFiles(await pickFiles({ accept: '.zip,application/zip', multiple: true })),
    async openGroundTruth() {
      const [file] = await pickFiles({
        accept:
          '.json,.jsonl,.ndjson,.csv,.tsv,.txt,.lst,.list,application/json,text/csv,text/tab-separated-values,text/plain',
      });
      if (file !== undefined) await addGroundTruth(file);
    },
    async openDatasetFile() {
      const [file] = await pickFiles({ accept: '.zip,application/zip' });
      if (file !== undefined) await importDataset(file);
    },
  };
}
