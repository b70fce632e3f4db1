import { readFiles, readLabels } from '../../core/read.ts';
import { type Choice, type Choices, choicesOf, choose } from '../../data/choices.ts';
import { nameOf } from '../../data/file-kinds.ts';
import type { GroundTruth } from '../../data/ground-truth.ts';
import type { ListedFile } from '../../data/listing.ts';
import { aLineForEachFolder } from '../../data/problem-groups.ts';
import type { StoredDataset, StoredFile } from '../../storage/schema.ts';
import type { Problem, Role } from '../../types.ts';
import { rescore } from '../comparison/rescore.ts';
import { context, database } from '../context.ts';
import { jobs, type StartedJob } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import { pauseSearch } from '../search/answering-run.ts';
import type { Workspace } from '../workspace.ts';
import type { AwaitingJob, DatasetSession } from './dataset.ts';
import { changeSession, showOutcomes } from './session.ts';

/**
 * In the order of the screen, so that the thumbnails in view come first. A file that could not be opened may be there
 * again by now; a damaged one stays damaged.
 */
function unreadFiles(workspace: Workspace, session: DatasetSession): ListedFile[] {
  const { images, unclassed, excluded } = workspace.dataset.getState();
  const shown = [...images, ...unclassed, ...excluded].flatMap(({ path, hash }) => (hash === null ? [path] : []));
  const refused = [...session.files.values()].flatMap(({ path, outcome }) =>
    outcome?.ok === false && outcome.kind === 'unreadable' ? [path] : [],
  );
  const paths = new Set([...shown, ...refused, ...(session.unchecked ?? [])]);
  return [...paths].flatMap((path) => session.readable.get(path) ?? []);
}

/**
 * Reads what has not been read yet: hashes, sizes, thumbnails, problems. Resolves to whether it came to its end: a caller that
 * asks while it goes on waits for the same end, so that half a data set is never taken for the whole.
 */
export async function continueReading(workspace: Workspace): Promise<boolean> {
  for (;;) {
    const session = workspace.session;
    if (!session) return true;
    if (!workspace.reading) return begin(workspace, session);
    if (workspace.reading.session === session) return workspace.reading.ended;
    // Other roles or another data set: other files are to be read.
    jobs.cancel(({ job }) => job?.kind === 'read');
    await workspace.reading.ended;
  }
}

/** The same for a job that works on what was read, and is shown to wait meanwhile. */
export async function readFirst(workspace: Workspace, job: AwaitingJob): Promise<boolean> {
  workspace.dataset.setState(({ awaiting }) => ({ awaiting: [...awaiting, job] }));
  try {
    return await continueReading(workspace);
  } finally {
    workspace.dataset.setState(({ awaiting }) => ({ awaiting: awaiting.filter((other) => other !== job) }));
  }
}

function begin(workspace: Workspace, session: DatasetSession): Promise<boolean> {
  const ended = readUnread(workspace, session).finally(() => {
    workspace.reading = null;
  });
  workspace.reading = { session, ended };
  return ended;
}

async function readUnread(workspace: Workspace, session: DatasetSession): Promise<boolean> {
  const unread = unreadFiles(workspace, session);
  if (unread.length === 0) return true;
  const finished = await jobs.start({ kind: 'read', datasetId: session.stored.id }, (started) =>
    read(workspace, session, unread, started),
  );
  context.changes.tell({ kind: 'images', datasetId: session.stored.id });
  return finished;
}

async function read(
  workspace: Workspace,
  session: DatasetSession,
  unread: readonly ListedFile[],
  { run }: StartedJob,
): Promise<boolean> {
  const pending: StoredFile[] = [];
  const changed: string[] = [];
  let shownAt = performance.now();
  const show = () => showOutcomes(workspace, session, pending.splice(0));
  const remedy = { label: 'Go on reading', run: () => void continueReading(workspace) };
  const finished = await run({ stage: 'Reading images', unit: 'images', remedy }, ({ signal, report }) =>
    readFiles(
      session.stored.id,
      unread,
      session.files,
      database,
      context.workers.images,
      signal,
      (outcomes, progress) => {
        for (const file of outcomes) {
          if (isOther(session.files.get(file.path), file)) changed.push(file.path);
          session.unchecked?.delete(file.path);
        }
        pending.push(...outcomes);
        report(progress);
        // Screens draw again at every change of the list: twice a second is enough for thousands of images.
        if (performance.now() - shownAt < 500) return;
        shownAt = performance.now();
        show();
      },
    ),
  );
  show();
  if (workspace.session?.stored.id === session.stored.id) {
    const problems = aLineForEachFolder(changed.map(changedFile));
    await changeSession(workspace, problems.length === 0 ? {} : { changed: problems }).catch((error) =>
      jobs.fail('data', error),
    );
  }
  return finished;
}

/** Whether a file that was read before has other contents now. */
function isOther(before: StoredFile | undefined, { outcome }: StoredFile): boolean {
  return before?.outcome?.ok === true && outcome?.ok === true && before.outcome.hash !== outcome.hash;
}

function changedFile(path: string): Problem {
  return {
    kind: 'changed',
    severity: 'warning',
    path,
    reason: `“${nameOf(path)}” is not what it was when it was read before.`,
    action: 'read again; what was computed of it before is not used',
  };
}

/** Decisions that can be undone, one after the other. */
const MOST_UNDONE = 50;

export function assignRole(workspace: Workspace, folder: string, role: Role): Promise<void> {
  return decide(workspace, { kind: 'roles', roles: [[folder, role]] });
}

/** Takes a user's decision about folders, classes or images of the open data set, and scores again. */
export async function decide(workspace: Workspace, choice: Choice): Promise<void> {
  await change(workspace, (before) => {
    workspace.dataset.setState(({ decisions }) => ({
      decisions: [...decisions, { choice, before }].slice(-MOST_UNDONE),
    }));
    return choose(before, choice);
  });
}

/** Takes the newest decision of this visit back. */
export async function undoDecision(workspace: Workspace): Promise<void> {
  await change(workspace, (now) => {
    const { decisions } = workspace.dataset.getState();
    workspace.dataset.setState({ decisions: decisions.slice(0, -1) });
    return decisions.at(-1)?.before ?? now;
  });
}

/** Stores other choices, and derives and scores again what follows from them. */
async function change(workspace: Workspace, next: (before: Choices) => Choices): Promise<void> {
  const id = workspace.session?.stored.id;
  if (id === undefined) return;
  await changeImages(workspace, id, async () => {
    const { session } = workspace;
    if (!session) return;
    // Read now and not when it was asked for: another decision may have come in between.
    const { roles, ...choices } = next(choicesOf(session.stored));
    await changeSession(workspace, { stored: { ...session.stored, roles, choices } }).catch((error) =>
      jobs.fail('data', error),
    );
    pauseSearch(workspace);
    // Images of a folder that had no role were not read.
    await continueReading(workspace);
  });
}

/** Changes images, roles or labels of the open data set, scores again, and shows all of it at once. */
async function changeImages(workspace: Workspace, id: string, change: () => Promise<void>): Promise<void> {
  const release = workspace.catchUp.hold('action');
  try {
    await jobs.exclusively([id], async () => {
      await change();
      await rescore(workspace);
      context.changes.tell({ kind: 'images', datasetId: id });
    });
  } finally {
    release();
  }
  await workspace.catchUp.settled();
}

const READING_LABELS = { screen: 'data', stage: 'Reading labels', unit: 'bytes' } as const;

export async function addGroundTruth(workspace: Workspace, file: File): Promise<void> {
  const session = workspace.session;
  if (!session) return;
  await jobs.run(READING_LABELS, async (step) => {
    const { truth } = await readLabels(context, file, file.name, [...session.files.keys()], step);
    const groundTruth = { name: file.name, labels: truth, byHand: true } as const;
    // What was refused before is answered by the one that is not.
    const sourceProblems = session.stored.sourceProblems.filter(({ kind }) => kind !== 'ground-truth-refused');
    const { withTableDecisions } = await import('../../data/place-labels.ts');
    await changeImages(workspace, session.stored.id, async () => {
      const { images, excluded, unclassed } = workspace.dataset.getState();
      const all = [...images, ...excluded, ...unclassed];
      // A table that someone adds is meant to be used, for training images too; Undo does not take it back.
      const added = (before: Choices) => withTableDecisions({ ...before, tableFirst: true }, truth, all, '');
      workspace.dataset.setState(({ decisions }) => ({
        decisions: decisions.map((one) => ({ ...one, before: added(one.before) })),
      }));
      const { roles: _, ...choices } = added(choicesOf(session.stored));
      await changeSession(workspace, { truth, stored: { ...session.stored, choices, groundTruth, sourceProblems } });
      pauseSearch(workspace);
    });
  });
}

/** The labels that a data set has; none, with a sentence, where those that came with its file cannot be read. */
export async function keptLabels(
  { groundTruth }: Pick<StoredDataset, 'groundTruth'>,
  paths: readonly string[],
): Promise<GroundTruth | null> {
  if (!groundTruth) return null;
  if ('labels' in groundTruth) return groundTruth.labels;
  let labels: GroundTruth | null = null;
  await jobs.run(READING_LABELS, async (step) => {
    const { truth } = await readLabels(context, new Blob([groundTruth.text]), groundTruth.name, paths, step);
    labels = truth;
  });
  return labels;
}

/** Saves the classes of the images as they are now, those set by hand among them, as a table of ground truth. */
export function downloadGroundTruth(workspace: Workspace): void {
  const { dataset, images, excluded, unclassed } = workspace.dataset.getState();
  if (!dataset || !workspace.session) return;
  const byHand = new Set(choicesOf(workspace.session.stored).classesByHand.map(([path]) => path));
  const withoutClass = [...images, ...unclassed].filter(
    ({ path, className }) => className === null && byHand.has(path),
  );
  import('../../exports/csv.ts').then(
    ({ groundTruthCsv }) =>
      saveFile(
        new Blob([groundTruthCsv(images, { excluded, withoutClass })], { type: 'text/csv' }),
        `${dataset.name} ground truth.csv`,
      ),
    (error) => jobs.fail('data', error),
  );
}

/** Saves the current data set's problems as a CSV file. */
export function downloadProblems(workspace: Workspace): void {
  const { dataset } = workspace.dataset.getState();
  if (!dataset) return;
  import('../../exports/csv.ts').then(
    ({ problemsCsv }) =>
      saveFile(new Blob([problemsCsv(dataset.problems)], { type: 'text/csv' }), `${dataset.name} problems.csv`),
    (error) => jobs.fail('data', error),
  );
}
