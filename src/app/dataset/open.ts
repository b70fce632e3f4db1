import type { Step } from '../../core/context.ts';
import { readLabels } from '../../core/read.ts';
import type { WeightSet } from '../../core/weight-sets.ts';
import { type Choices, NO_CHOICES } from '../../data/choices.ts';
import { listDropped } from '../../data/dropped.ts';
import { sha256 } from '../../data/file-bytes.ts';
import type { ListedFile, Listing, ListOptions } from '../../data/listing.ts';
import { listFiles, listHandles } from '../../data/picked.ts';
import { nothingUsable, notImages, type Sifted, siftListing } from '../../data/sift.ts';
import { pageTurn } from '../../data/slices.ts';
import { AppError, FOLDER_AGAIN, toAppError } from '../../errors.ts';
import { getDataset, getFiles, putDataset, putFiles } from '../../storage/datasets.ts';
import type { StoredDataset, StoredFile } from '../../storage/schema.ts';
import { context, database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { openedWorkspace } from '../opened.ts';
import { closeSearch } from '../search/answering-run.ts';
import type { Workspace } from '../workspace.ts';
import type { DatasetSession } from './dataset.ts';
import { rememberCurrent } from './datasets.ts';
import { continueReading, keptLabels } from './read.ts';
import { changeSession, openSession } from './session.ts';

/** What a data set's files come with: handles of the browser, or the word that the app draws them itself. */
type Lister = (options: ListOptions) => Promise<Listing & Pick<StoredDataset, 'handles' | 'demo'>>;

/** Whether all of it was read; `weights`: it holds no images, but weights, which are being imported. */
type Added = boolean | 'weights';

/** A drop: folders, files or zips. Must be called inside the drop event, since the items die with it. */
export function addDropped(items: DataTransferItemList): Promise<Added> {
  return openAndRead((options) => listDropped(items, options));
}

/** Files of a picker (folder picker: webkitRelativePath is used) or zips. Resolves as addDropped does. */
export function addFiles(files: readonly File[]): Promise<Added> {
  return openAndRead((options) => listFiles(files, options));
}

/** The built-in task, as if its folder had been dropped, except that its pictures are not read yet. Resolves as `open` does. */
export function openDemo(): Promise<Workspace | null> {
  return open(async (options) => {
    const { listDemo } = await import('../../data/demo/list-demo.ts');
    return { ...(await listDemo(options)), demo: true };
  });
}

/** Asks the browser for permission to read the kept folder again, and reads on. Resolves to whether all is read then. */
export async function unlockFiles(workspace: Workspace): Promise<boolean> {
  if (!(await permitted(workspace))) {
    if (workspace.closed.aborted) return false;
    const sentence = `The browser gave no permission. Ask again, or ${FOLDER_AGAIN}.`;
    jobs.refuse(new AppError('files-gone', sentence), async () => workspace.dataset.getState().files === 'locked');
    return false;
  }
  // Dropped meanwhile, they are read already: this waits for the end of it.
  if (workspace.dataset.getState().files === 'here') return continueReading(workspace);
  return readHandles(workspace, handlesOf(workspace));
}

/** Makes the files of the open data set readable, by asking where they are locked. Resolves to whether they are. */
export async function allowReading(workspace: Workspace): Promise<boolean> {
  const isHere = () => workspace.dataset.getState().files === 'here';
  if (isHere()) return true;
  if (workspace.dataset.getState().files !== 'locked' || !(await permitted(workspace))) return false;
  return isHere() || list(workspace, handlesOf(workspace));
}

const handlesOf = ({ session }: Workspace): readonly FileSystemHandle[] => session?.stored.handles ?? [];

/**
 * Asks while the press of a button is fresh: later the browser refuses. Its question may stand unanswered for long, so that
 * is shown; files that are dropped meanwhile need no permission.
 */
async function permitted(workspace: Workspace): Promise<boolean> {
  const handles = handlesOf(workspace);
  workspace.dataset.setState({ asking: true });
  const answered = Promise.all(handles.map((handle) => handle.requestPermission({ mode: 'read' })))
    .then((answers) => answers.length > 0 && answers.every((answer) => answer === 'granted'))
    .catch((error: unknown) => {
      jobs.record(toAppError(error));
      return false;
    });
  const over = new AbortController();
  try {
    return await Promise.race([answered, droppedMeanwhile(workspace, over.signal)]);
  } finally {
    over.abort();
    workspace.dataset.setState({ asking: false });
  }
}

/** Resolves to true when the files can be read, to false when another data set takes the place of this one. */
function droppedMeanwhile({ dataset, closed }: Workspace, over: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = dataset.subscribe(({ files }) => {
      if (files === 'here') resolve(true);
    });
    over.addEventListener('abort', stop, { once: true });
    closed.addEventListener('abort', () => resolve(false), { once: true, signal: over });
  });
}

/** After a reload: reads the kept folder again where the browser allows it without asking. */
export async function reopenFiles(workspace: Workspace): Promise<void> {
  const handles = handlesOf(workspace);
  const answers = await Promise.all(handles.map((handle) => handle.queryPermission({ mode: 'read' })));
  if (answers.length > 0 && answers.every((answer) => answer === 'granted')) await readHandles(workspace, handles);
}

async function readHandles(workspace: Workspace, handles: readonly FileSystemHandle[]): Promise<boolean> {
  return (await list(workspace, handles)) && continueReading(workspace);
}

function list(workspace: Workspace, handles: readonly FileSystemHandle[]): Promise<boolean> {
  return jobs.run({ screen: 'data', stage: 'Listing files', unit: 'files' }, async ({ signal, report }) => {
    const onCount = (done: number) => report({ done, total: done, rate: null, secondsLeft: null });
    const { files } = await listHandles(handles, { signal, onCount });
    // Handles hide files of some names that a drop shows, so the data set stays what the drop made it.
    const readable = new Map(files.map((file) => [file.path, file]));
    const known = workspace.session?.files ?? new Map<string, StoredFile>();
    await changeSession(workspace, { readable, unchecked: uncheckedFiles(known) });
  });
}

async function openAndRead(list: Lister): Promise<Added> {
  let weights: readonly WeightSet[] = [];
  const workspace = await open(list, (found) => {
    weights = found;
  });
  if (weights.length === 0) return workspace !== null && continueReading(workspace);
  void importFound(weights);
  return 'weights';
}

/** What imports them is loaded when there are some: the first screen needs none of it. */
async function importFound(sets: readonly WeightSet[]): Promise<void> {
  try {
    const { importSets } = await import('../models/import-weights.ts');
    await importSets(openedWorkspace(), sets);
  } catch (error) {
    jobs.fail('models', error);
  }
}

/**
 * Opens what is listed. Resolves to its workspace; to null where that failed, was cancelled, or was handed to `onWeights` in
 * place of images.
 */
async function open(
  list: Lister,
  onWeights: (found: readonly WeightSet[]) => void = () => {},
): Promise<Workspace | null> {
  let workspace: Workspace | null = null;
  jobs.cancel(({ screen }) => screen === 'data');
  await jobs.run({ screen: 'data', stage: 'Listing files', unit: 'files' }, async (step) => {
    const onCount = (done: number) => step.report({ done, total: done, rate: null, secondsLeft: null });
    const listing = await list({ signal: step.signal, onCount });
    await pageTurn();
    const sifted = await siftListing(listing, step);
    if (sifted.images.length > 0) {
      workspace = await openListing(listing, sifted, listing, step);
      return;
    }
    // Loaded where there are no images.
    const { weightSetsIn } = await import('../../core/weight-sets.ts');
    const weights = await weightSetsIn(listing.files);
    if (weights.length === 0) throw new AppError('dataset-unusable', nothingUsable(listing));
    onWeights(weights);
  });
  return workspace;
}

async function openListing(
  listing: Listing,
  sifted: Sifted<ListedFile>,
  { handles = [], demo }: Pick<StoredDataset, 'handles' | 'demo'>,
  step: Step,
): Promise<Workspace> {
  // Each of the next steps takes some 50 ms for 20,000 files: between them the page has its turn.
  await pageTurn();
  // Loaded when it is needed: the first screen needs no reader of tables.
  const { assemble } = await import('../../data/assemble.ts');
  const { findLabelFiles } = await import('../../data/find-ground-truth.ts');
  const { readLabelFiles } = await import('../../data/read-labels.ts');
  const { withTableDecisions } = await import('../../data/place-labels.ts');
  const found = await findLabelFiles(sifted);
  await pageTurn();
  const { name, images, root } = assemble({ datasetId: '', files: sifted.images, emptyFolders: [], roles: new Map() });
  await pageTurn();
  const paths = sifted.images.map(({ path }) => path).sort();
  // The same folder again is the same data set: what was read and embedded of it is taken up where it stopped.
  const id = (await sha256(new Blob([[name, ...paths].join('\n')]))).slice(0, 16);
  const known = await getDataset(database, id);
  const files = await filesOf(id, sifted.images, known !== null);
  // What the user added counts, whatever lies in the folder.
  const byHand = known?.groundTruth?.byHand ? known.groundTruth : null;
  const { labels, problems } = await readLabelFiles(
    byHand ? { ...found, files: [] } : found,
    paths,
    (file, path, linked) => {
      step.stage('Reading labels', 'bytes');
      return readLabels(context, file, path, paths, step, linked);
    },
  );
  const stored: StoredDataset = {
    id,
    name: known?.name ?? name,
    createdAt: known?.createdAt ?? Date.now(),
    images: sifted.images.length,
    roles: known?.roles ?? [],
    ...(known?.choices ? { choices: known.choices } : {}),
    ...(known ? {} : broughtAlong(withTableDecisions(NO_CHOICES, labels?.truth ?? null, images, root))),
    emptyFolders: sifted.emptyFolders,
    sourceProblems: [...problems, ...listing.problems, ...found.problems, ...notImages(sifted.others, found.taken)],
    groundTruth: byHand ?? (labels && { name: labels.name, labels: labels.truth }),
    ...(handles.length > 0 ? { handles } : {}),
    ...(demo ? { demo } : {}),
  };
  const session: DatasetSession = {
    stored,
    truth: byHand ? await keptLabels({ groundTruth: byHand }, paths) : (labels?.truth ?? null),
    files,
    readable: new Map(sifted.images.map((file) => [file.path, file])),
    unchecked: uncheckedFiles(files),
  };
  await putDataset(database, stored);
  // The same data set with other files: another gallery.
  if (openedWorkspace().session?.stored.id === id) closeSearch(openedWorkspace());
  const workspace = await openSession(session);
  await rememberCurrent(id);
  return workspace;
}

/** A table that this app wrote says what had been excluded. */
function broughtAlong({ roles: _, ...choices }: Choices): Pick<StoredDataset, 'choices'> {
  return choices.excluded.length + choices.classesByHand.length > 0 ? { choices } : {};
}

/** All that were read: a file may be replaced by another one of its size. */
function uncheckedFiles(files: ReadonlyMap<string, StoredFile>): Set<string> {
  return new Set([...files.values()].flatMap(({ path, outcome }) => (outcome ? [path] : [])));
}

/** Known outcomes are kept, but for files whose size has changed; the others are checked when they are opened. */
async function filesOf(
  datasetId: string,
  images: readonly { readonly path: string; readonly bytes: number | null }[],
  known: boolean,
): Promise<Map<string, StoredFile>> {
  const before = new Map(known ? (await getFiles(database, datasetId)).map((file) => [file.path, file]) : []);
  const files = images.map(({ path, bytes }): StoredFile => {
    const file = before.get(path);
    const same = file && (bytes === null || file.bytes === null || file.bytes === bytes);
    return same ? file : { datasetId, path, bytes, outcome: null };
  });
  await putFiles(
    database,
    files.filter((file) => before.get(file.path) !== file),
  );
  return new Map(files.map((file) => [file.path, file]));
}
