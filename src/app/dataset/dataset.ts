import { createStore } from 'zustand/vanilla';
import type { Choice, Choices, Notice } from '../../data/choices.ts';
import type { GroundTruth } from '../../data/ground-truth.ts';
import type { ListedFile } from '../../data/listing.ts';
import type { StoredDataset, StoredFile } from '../../storage/schema.ts';
import type { ClusteredLabels, Dataset, ImageRecord, Problem } from '../../types.ts';

/** The data set that is open: what is stored of it, and the files that can be read now. */
export interface DatasetSession {
  readonly stored: StoredDataset;
  readonly truth: GroundTruth | null;
  /** By path; outcomes are added while reading. */
  readonly files: Map<string, StoredFile>;
  /** By path; empty after a reload until the folder is dropped again or unlocked. */
  readonly readable: ReadonlyMap<string, ListedFile>;
  /** Files that were read in an earlier visit, and may be others since: each leaves it when that is known. */
  readonly unchecked?: Set<string>;
  /** Files that were others than before when they were checked, and were read again in this visit. */
  readonly changed?: readonly Problem[];
  /** Images that a model could not be given, by weights and path. Not stored: embedding again tries them again. */
  readonly unembedded?: ReadonlyMap<string, Problem>;
}

export type { Choice };

/** A choice, and all that had been chosen before it. */
export interface Decision {
  readonly choice: Choice;
  readonly before: Choices;
}

export interface DatasetState {
  readonly dataset: Dataset | null;
  /** The current data set's images, sorted by split (training, query, gallery) and path. */
  readonly images: readonly ImageRecord[];
  /** Images that the user left out, and training images without a class: in no count and no figure. */
  readonly excluded: readonly ImageRecord[];
  readonly unclassed: readonly ImageRecord[];
  /** Labels that figures of the model which made them are judged by. */
  readonly clustered: readonly ClusteredLabels[];
  /** What was decided in this visit, the newest last, with what had been decided before: it can be undone. */
  readonly decisions: readonly Decision[];
  /** What a user may want otherwise about folders and classes, with what can be done. */
  readonly notices: readonly Notice[];
  /**
   * `here`: the dropped files can be read now. `locked`: the browser kept handles, one press asks for permission.
   * `gone`: the folder must be dropped again before anything new can be read from it.
   */
  readonly files: 'here' | 'locked' | 'gone';
  /** Whether the browser’s question for that permission stands, unanswered. */
  readonly asking: boolean;
  /** Jobs that were asked for, and start once the images are read. */
  readonly awaiting: readonly AwaitingJob[];
}

export type AwaitingJob = 'embed' | 'compare';

export const createDatasetStore = () =>
  createStore<DatasetState>()(() => ({
    dataset: null,
    images: [],
    excluded: [],
    unclassed: [],
    clustered: [],
    decisions: [],
    notices: [],
    files: 'gone',
    asking: false,
    awaiting: [],
  }));
