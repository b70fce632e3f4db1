import type { RunResult } from '../exports/report.ts';
import { type RunChoice, runId, type StoredRun } from './run-choice.ts';
import { runLabel } from './run-name.ts';
import type { WeightsCatalogue } from './weights-catalogue.ts';

/** A finished run of a data set, with the labels it had then. */
export interface RunRow {
  readonly id: string;
  /** "ResNet-50 + ViT-B/16, fine-tuned, mean", or what the user calls it. */
  readonly label: string;
  /** What the user calls it; missing where it has the name of what it is. */
  readonly name?: string;
  readonly note?: string;
  readonly choice: RunChoice;
  /** Slot of its colour in every figure. */
  readonly colour: number;
  readonly result: RunResult;
}

export function rowOf(
  weights: Pick<WeightsCatalogue, 'label'>,
  { choice, colour, result, name, note }: StoredRun,
): RunRow {
  return {
    id: runId(choice),
    label: name ?? runLabel(weights, choice),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    choice,
    colour,
    result,
  };
}
