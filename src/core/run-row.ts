import { safeName } from '../exports/names.ts';
import { type RunResult, runName } from '../exports/report.ts';
import { type Chosen, fingerprint, type RunChoice, runId, type StoredRun } from './run-choice.ts';
import { recipeWords, runLabel } from './run-name.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

/** A finished run of a data set, with the labels it had then. */
export interface RunRow {
  readonly id: string;
  /** "ResNet-50 + ViT-B/16, fine-tuned, mean", or what the user calls it: tells it from all runs but those of other seeds. */
  readonly label: string;
  /** What the user calls it; missing where it has the name of what it is. */
  readonly name?: string;
  readonly note?: string;
  /** How it was chosen as the best, once for each k; missing where it was not. */
  readonly chosen?: readonly Chosen[];
  readonly choice: RunChoice;
  /** Slot of its colour in every figure. */
  readonly colour: number;
  readonly result: RunResult;
}

/** What a row is made of. */
type Nameable = Pick<StoredRun, 'choice' | 'colour' | 'result' | 'name' | 'note' | 'chosen'>;

/** The runs of a data set as rows. Where runs that differ in more than their seed would have one label, it tells their recipes. */
export function rowsOf(weights: Pick<WeightsCatalogue, 'label'>, runs: readonly Nameable[]): RunRow[] {
  const alike = new Map<string, Set<string>>();
  const labels = runs.map(({ choice, name }) => name ?? runLabel(weights, choice));
  runs.forEach(({ choice }, at) => {
    const label = labels[at] ?? '';
    alike.set(label, (alike.get(label) ?? new Set()).add(seedless(choice)));
  });
  return runs.map(({ choice, colour, result, name, note, chosen }, at) => {
    const label = labels[at] ?? '';
    return {
      id: runId(choice),
      label: alike.get(label)?.size === 1 ? label : `${label} (${recipeWords(choice)})`,
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(chosen === undefined ? {} : { chosen }),
      choice,
      colour,
      result,
    };
  });
}

/** Equal for runs that differ in their seed alone. */
const seedless = ({ recipe, ...choice }: RunChoice): string => runId({ ...choice, recipe: { ...recipe, seed: 0 } });

/**
 * Names of the runs for files, by id: as reports name them (exports/report.ts) where that names one run alone, else with
 * a fingerprint of what it leaves out. `rows` are all runs of the data set: a run has one name, whatever is saved with it.
 */
export function fileNames(rows: readonly RunRow[]): Map<string, string> {
  const plain = rows.map(({ result }) => safeName(runName(result)));
  const counts = new Map<string, number>();
  // File systems that do not tell capitals apart would write one over the other.
  for (const name of plain) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(
    rows.map(({ id }, at) => {
      const name = plain[at] ?? '';
      return [id, counts.get(name.toLowerCase()) === 1 ? name : `${name}.${fingerprint(id)}`];
    }),
  );
}
