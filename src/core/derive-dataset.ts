import { applyGroundTruth } from '../data/apply-ground-truth.ts';
import { assemble } from '../data/assemble.ts';
import { summarise } from '../data/dataset.ts';
import type { GroundTruth } from '../data/ground-truth.ts';
import { findProblems } from '../data/problems.ts';
import type { StoredDataset, StoredFile } from '../storage/schema.ts';
import type { Dataset, ImageRecord, Problem } from '../types.ts';

/** What is known of a data set apart from its files: the person's words and what the listing said. */
export type DatasetFacts = Pick<
  StoredDataset,
  'id' | 'name' | 'createdAt' | 'demo' | 'roles' | 'emptyFolders' | 'sourceProblems'
>;

export interface DerivedDataset {
  readonly dataset: Dataset;
  /** Readable and unread images, sorted as by sortImages; unreadable ones are among the problems. */
  readonly images: readonly ImageRecord[];
}

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
  const {
    images: listed,
    folders,
    problems,
  } = assemble({
    datasetId: facts.id,
    files: [...files.values()],
    emptyFolders: facts.emptyFolders,
    roles: new Map(facts.roles),
  });
  const labelled = truth ? applyGroundTruth(listed, truth) : { images: listed, problems: [] };
  const images: ImageRecord[] = [];
  const unreadable: ImageRecord[] = [];
  const refusals: Problem[] = [];
  let read = 0;
  for (const image of labelled.images) {
    const file = files.get(image.path);
    const outcome = file?.outcome ?? null;
    if (outcome === null) images.push(image);
    else if (outcome.ok) {
      const { hash, width, height } = outcome;
      images.push({ ...image, bytes: file?.bytes ?? image.bytes, hash, width, height });
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
  return {
    dataset: {
      id: facts.id,
      name: facts.name,
      createdAt: facts.createdAt,
      classes,
      folders,
      problems: [...facts.sourceProblems, ...problems, ...labelled.problems, ...refusals, ...unembedded, ...found],
      counts,
      read,
      ...(facts.demo ? { demo: true } : {}),
    },
    images,
  };
}
