import { aloneByClass, classAccuracyFigure } from '../../../figures/class-accuracy.ts';
import type { ClassAccuracyData, NamedRun } from '../../../figures/class-accuracy-words.ts';
import { type ConfusionData, classesOf, confusionFigure, MOST_CLASSES } from '../../../figures/confusion.ts';
import { accuracyByClass, compareClasses } from '../../../metrics/by-class.ts';
import {
  type ConfusedPair,
  type ConfusionView,
  confusionOf,
  type LabelledNeighbours,
  queriesBetween,
} from '../../../metrics/confusion.ts';
import type { ImageRecord, QueryNeighbours, QueryOutcomes } from '../../../types.ts';
import type { RunRow } from '../../comparison/comparison.ts';
import type { Workspace } from '../../workspace.ts';
import { type DashboardState, scoredImages } from '../dashboard.ts';
import { chosenRuns, type Drawn, drawn, notDrawn, runName } from './drawn.ts';

export type { ClassAccuracyData, NamedRun } from '../../../figures/class-accuracy-words.ts';
export type { ConfusionData } from '../../../figures/confusion.ts';
export { type ClassAccuracy, type ClassComparison, greatestChanges } from '../../../metrics/by-class.ts';
export {
  type ConfusedPair,
  type ConfusionView,
  confusedPairs,
  mostConfusedClasses,
} from '../../../metrics/confusion.ts';
export { classAccuracyFigure, classesOf, confusionFigure, MOST_CLASSES };

/** In the report, where there is no switch: top-10 accuracy leaves little difference between classes. */
const REPORTED_K = 1;

/** A chosen run with the classes of what it was asked with and what it searched. */
export interface ClassRun extends NamedRun {
  readonly outcomes: QueryOutcomes;
  readonly neighbours: QueryNeighbours | null;
  /** Entry i: of the i-th query. */
  readonly queryLabels: readonly (string | null)[];
  /** Labels of the images that count as neighbours. */
  readonly galleryLabels: readonly (string | null)[];
}

/** A cell of the matrix: the class of its queries, and the class that they meet. */
export type ConfusionCell = Pick<ConfusedPair, 'query' | 'neighbour'>;

/** How many of a run's queries count, and why the others do not. */
export interface Counted {
  readonly asked: number;
  readonly counted: number;
  /** Without a class. */
  readonly unlabelled: number;
  /** Queries whose class is not in the gallery. */
  readonly unanswerable: number;
}

/** The run on the split shown; null where it was not scored on it. */
export function classRun(
  run: RunRow,
  { split, outcomes: all, neighbours }: DashboardState,
  images: readonly ImageRecord[],
): ClassRun | null {
  const outcomes = all.get(run.id);
  if (!outcomes) return null;
  const { queries, gallery } = scoredImages(images, split);
  return {
    label: runName(run),
    colour: run.colour,
    outcomes,
    neighbours: neighbours.get(run.id) ?? null,
    queryLabels: Array.from(outcomes.queries, (at) => queries[at]?.className ?? null),
    galleryLabels: gallery.map(({ className }) => className),
  };
}

export function countedQueries({ outcomes, queryLabels }: ClassRun): Counted {
  const unlabelled = queryLabels.filter((label) => label === null).length;
  const counted = queryLabels.filter((label, i) => label !== null && (outcomes.relevant[i] ?? 0) > 0).length;
  return { asked: queryLabels.length, counted, unlabelled, unanswerable: queryLabels.length - counted - unlabelled };
}

/** Whether two runs were asked with the same images: validation with another seed asks with others. */
export function sameQueries(a: ClassRun, b: ClassRun): boolean {
  const asked = new Set(a.outcomes.queries);
  return asked.size === b.outcomes.queries.length && b.outcomes.queries.every((at) => asked.has(at));
}

export function classAccuracyData(a: ClassRun, b: ClassRun | null, k: number, images: string): ClassAccuracyData {
  const ofRun = ({ queryLabels, outcomes }: ClassRun) => accuracyByClass(queryLabels, outcomes, k);
  return { k, images, a, b, classes: b === null ? aloneByClass(ofRun(a)) : compareClasses(ofRun(a), ofRun(b)) };
}

/** Null where the run's neighbours are not loaded. */
function labelledNeighbours({ outcomes, neighbours, queryLabels, galleryLabels }: ClassRun): LabelledNeighbours | null {
  return neighbours && { queryLabels, relevant: outcomes.relevant, neighbours, galleryLabels };
}

/** Null likewise. */
export function confusionData(run: ClassRun, images: string, view: ConfusionView): ConfusionData | null {
  const judged = labelledNeighbours(run);
  return judged && { label: run.label, images, view, confusion: confusionOf(judged, view) };
}

/** Rows in the run's own lists of the queries of one cell. */
export function queriesInCell(run: ClassRun, view: ConfusionView, cell: ConfusionCell): number[] {
  const judged = labelledNeighbours(run);
  return judged ? queriesBetween(judged, view, cell) : [];
}

/** Accuracy by class of the chosen runs, and what the first of them confuses. */
export function classesDrawn(workspace: Workspace): Drawn[] {
  const state = workspace.dashboard.getState();
  const { images } = workspace.dataset.getState();
  const [a, b] = chosenRuns(workspace).map((run) => classRun(run, state, images));
  if (!a || countedQueries(a).counted === 0) {
    return [notDrawn(`The chosen run has no ${state.split} query of a known class that is in the gallery.`)];
  }
  const confusions = (['first', 'wrong'] as const).flatMap((view) => confusionData(a, state.split, view) ?? []);
  return [
    drawn(classAccuracyFigure(classAccuracyData(a, b ?? null, REPORTED_K, state.split))),
    ...confusions.map((data) => drawn(confusionFigure(data))),
  ];
}
