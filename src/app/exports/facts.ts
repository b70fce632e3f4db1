import { version } from '../../../package.json';
import { modelKey } from '../../core/result-rows.ts';
import { fileNames, modelName, recipeWords } from '../../core/run-name.ts';
import { BOOTSTRAP_SEED } from '../../core/score.ts';
import { choicesOf, clusteredLabels, countByHand, countSplits, NO_CHOICES } from '../../data/choices.ts';
import { AppError } from '../../errors.ts';
import type { DatasetFacts, ProjectFacts, RunFacts, WeightsFacts } from '../../exports/facts.ts';
import type { Environment } from '../../exports/report.ts';
import { isArchitecture } from '../../models/specs/architectures.ts';
import type { Dataset, ImageRecord, ProblemKind, Split } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { type RunChoice, subjectDigest } from '../comparison/runs.ts';
import { context } from '../context.ts';
import { engineStore } from '../engine.ts';
import { findWeightsById, usableWeights } from '../models/weights.ts';
import type { Workspace } from '../workspace.ts';

const APP = `Likeness ${version}`;

/** The open data set. Throws AppError 'dataset-unusable' where there is none. */
export function openDataset(workspace: Workspace): {
  readonly dataset: Dataset;
  readonly images: readonly ImageRecord[];
} {
  const { dataset, images } = workspace.dataset.getState();
  if (!dataset) throw new AppError('dataset-unusable', 'No data set is open. Open one, then export again.');
  return { dataset, images };
}

/** The runs of these ids, in the order of the table. Throws AppError 'dataset-unusable' where none is there. */
export function runsOf(workspace: Workspace, ids: readonly string[]): RunRow[] {
  const runs = workspace.comparison.getState().runs.filter(({ id }) => ids.includes(id));
  if (runs.length > 0) return runs;
  throw new AppError('dataset-unusable', 'This run is not there any more. Choose another one, then export again.');
}

/** Everything that a report or a bundle says of these runs besides pictures and matrices. */
export async function projectFacts(workspace: Workspace, rows: readonly RunRow[]): Promise<ProjectFacts> {
  const { dataset, images } = openDataset(workspace);
  const runs = rows.map(runFacts);
  return {
    app: APP,
    writtenAt: new Date().toISOString(),
    environment: environmentOf(rows),
    dataset: datasetFacts(workspace, dataset, images, await subjectDigest(images)),
    weights: [...new Set(runs.flatMap(({ members }) => members.map(({ weightsId }) => weightsId)))].flatMap(
      weightsFacts,
    ),
    runs,
    fileNames: rows.map((row) => fileName(workspace, row)),
    bootstrap: { seed: BOOTSTRAP_SEED, resamples: 1000, level: 0.95 },
  };
}

/** Names it in files: no other run of the data set has that name. */
export const fileName = (workspace: Workspace, { id }: RunRow): string =>
  fileNames(workspace.comparison.getState().runs).get(id) ?? id;

export function runFacts({ id, choice, name, result, chosen }: RunRow): RunFacts {
  const { members, recipe, loaded } = choice;
  const trained = members.some(({ head }) => head === 'finetuned');
  const own = modelName(context.weights, choice);
  return {
    id,
    modelKey: modelKey(choice),
    model: name === undefined ? own : `${name} (${own})`,
    head: trained ? headWords(choice) : 'frozen',
    result,
    members,
    recipe,
    loaded,
    ...(chosen && { chosen }),
  };
}

/** "fine-tuned (linear, dropout 0.2, no refit)": the classifier and what differs from its defaults. */
function headWords({ recipe, loaded }: RunChoice): string {
  const words = recipeWords({ recipe, loaded });
  return loaded === null ? `fine-tuned (${words})` : `fine-tuned (head from a file, ${words})`;
}

/** The engine as it is now: the descriptor needs none. */
function environmentOf(rows: readonly RunRow[]): Environment {
  const { engine } = engineStore.getState();
  const networks = rows.some(({ choice }) =>
    choice.members.some(({ weightsId }) => isArchitecture(findWeightsById(weightsId)?.architecture)),
  );
  return {
    backend: networks ? (engine?.kind ?? null) : null,
    adapter: networks ? (engine?.adapter ?? null) : null,
    userAgent: navigator.userAgent,
    workers: networks ? (engine?.workers ?? 0) : 0,
  };
}

function datasetFacts(
  workspace: Workspace,
  dataset: Dataset,
  images: readonly ImageRecord[],
  digest: string,
): DatasetFacts {
  const labelled: Record<Split, number> = { training: 0, query: 0, gallery: 0 };
  for (const { split, className } of images) if (className !== null) labelled[split]++;
  const stored = workspace.session?.stored;
  const choices = stored ? choicesOf(stored) : NO_CHOICES;
  const kinds = new Map<ProblemKind, number>();
  for (const { kind } of dataset.problems) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return {
    name: dataset.name,
    digest,
    classes: dataset.classes.length,
    counts: dataset.counts,
    excluded: countSplits(workspace.dataset.getState().excluded),
    byHand: countByHand(choices, images),
    clustered: clusteredLabels(choices, images),
    labelled,
    problems: [...kinds].map(([kind, count]) => ({ kind, count })),
    groundTruth: stored?.groundTruth?.name ?? null,
    trainingLabels: stored?.groundTruth && choices.tableFirst ? 'ground truth' : 'folders',
    namesAsClasses: choices.namesAsClasses.length > 0,
  };
}

function weightsFacts(id: string): WeightsFacts[] {
  const weights = findWeightsById(id);
  if (!weights) return [];
  const { label, architecture, features, licence, repository, revision } = weights;
  const usable = usableWeights(weights);
  const sha256 = usable?.cached?.sha256 ?? null;
  // Nothing is known of how vectors came about that were made elsewhere.
  const preprocessing = architecture === 'own-vectors' ? null : (usable?.preprocessing ?? null);
  return [{ id, label, architecture, features, sha256, licence, repository, revision, preprocessing }];
}
