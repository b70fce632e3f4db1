import { choicesOf, clusteredLabels, type Notice } from '../data/choices.ts';
import { deriveImages, summarise } from '../data/derive-images.ts';
import { nameOf } from '../data/file-kinds.ts';
import type { GroundTruth } from '../data/ground-truth.ts';
import { aLineForEachFolder } from '../data/problem-groups.ts';
import { findProblems } from '../data/problems.ts';
import { isWithin } from '../data/roles.ts';
import type { StoredDataset, StoredFile } from '../storage/schema.ts';
import type { ClusteredLabels, Dataset, ImageRecord, Problem, RoleFolder } from '../types.ts';

/** What is known of a data set apart from its files: the user's words and what the listing said. */
export type DatasetFacts = Pick<
  StoredDataset,
  'id' | 'name' | 'createdAt' | 'demo' | 'roles' | 'choices' | 'emptyFolders' | 'sourceProblems'
>;

export interface DerivedDataset {
  readonly dataset: Dataset;
  /** Readable and unread images, sorted as by sortImages; unreadable ones are among the problems. */
  readonly images: readonly ImageRecord[];
  /** Images that the user left out; they are in no count. */
  readonly excluded: readonly ImageRecord[];
  /** Training images without a class, likewise. */
  readonly unclassed: readonly ImageRecord[];
  /** Labels that figures of the model which made them are judged by. */
  readonly clustered: readonly ClusteredLabels[];
  /** Labels that could not be read, and what a user may want otherwise, with what can be done; among the dataset's problems too. */
  readonly notices: readonly Notice[];
}

/** Damaged files of a folder that someone may look after by name; of more, a camera or a copy has made them all. */
const MENDED_ONE_BY_ONE = 20;

/**
 * Files, their outcomes, roles and labels → the data set as the screens show it. Nothing of this is stored twice:
 * another role or label is another call. `unembedded`: what went wrong after reading, in this visit.
 */
export function deriveDataset(
  facts: DatasetFacts,
  files: ReadonlyMap<string, StoredFile>,
  truth: GroundTruth | null,
  unembedded: readonly Problem[] = [],
): DerivedDataset {
  const choices = choicesOf(facts);
  const derived = deriveImages(
    { datasetId: facts.id, files: [...files.values()], emptyFolders: facts.emptyFolders },
    truth,
    choices,
  );
  const { notices } = derived;
  const asRead = (image: ImageRecord): ImageRecord => {
    const file = files.get(image.path);
    if (!file?.outcome?.ok) return image;
    const { hash, width, height } = file.outcome;
    return { ...image, bytes: file.bytes ?? image.bytes, hash, width, height };
  };
  const images: ImageRecord[] = [];
  const unreadable: ImageRecord[] = [];
  const refusals: Problem[] = [];
  let read = 0;
  for (const image of derived.images) {
    const outcome = files.get(image.path)?.outcome ?? null;
    if (outcome === null) images.push(image);
    else if (outcome.ok) {
      images.push(asRead(image));
      read++;
    } else {
      unreadable.push(image);
      refusals.push({
        kind: outcome.kind,
        severity: 'skipped',
        path: image.path,
        reason: outcome.reason,
        action: 'skipped',
      });
    }
  }
  // Copies and leaks are looked for once all is read: half the hashes would give half the truth.
  const found = read === images.length ? findProblems(images, unreadable) : [];
  const { classes, counts } = summarise(images);
  const refused = [...derived.images, ...derived.excluded, ...derived.unclassed].filter(
    ({ path }) => files.get(path)?.outcome?.ok === false,
  );
  return {
    dataset: {
      id: facts.id,
      name: facts.name,
      createdAt: facts.createdAt,
      classes,
      folders: without(refused, derived.folders),
      problems: [
        ...facts.sourceProblems,
        ...notices.map(asProblem),
        ...derived.problems,
        ...aLineForEachFolder(refusals, MENDED_ONE_BY_ONE),
        ...unembedded,
        ...found,
      ],
      counts,
      read,
      ...(facts.demo ? { demo: true } : {}),
    },
    images,
    excluded: derived.excluded.map(asRead),
    unclassed: derived.unclassed.map(asRead).filter(({ path }) => files.get(path)?.outcome?.ok !== false),
    clustered: clusteredLabels(choices, images),
    notices: [...refusedLabels(facts.sourceProblems), ...notices],
  };
}

/** Labels that are missing without a word make figures missing, or others. */
function refusedLabels(problems: readonly Problem[]): Notice[] {
  return problems.flatMap((problem) =>
    problem.kind === 'ground-truth-refused'
      ? [{ ...problem, reason: `${nameOf(problem.path)}: ${problem.reason}`, images: 0, offers: [] }]
      : [],
  );
}

/** What cannot be read is no image, in its folder's count neither. */
function without(refused: readonly ImageRecord[], folders: readonly RoleFolder[]): readonly RoleFolder[] {
  const counts = new Map<string, number>();
  for (const { path } of refused) {
    const [folder] = folders
      .filter((each) => isWithin(path, each.path))
      .sort((one, other) => other.path.length - one.path.length);
    if (folder) counts.set(folder.path, (counts.get(folder.path) ?? 0) + 1);
  }
  return folders.map((folder) => ({ ...folder, images: folder.images - (counts.get(folder.path) ?? 0) }));
}

/** Lists of problems are exported and sent: without what only buttons need. */
function asProblem({ kind, severity, path, reason, action }: Notice): Problem {
  return { kind, severity, path, reason, action };
}
