import type { RunRow } from '../../app/comparison/comparison.ts';
import { seedOf } from '../../core/result-rows.ts';
import { isSeeded } from '../../core/run-choice.ts';
import { type Labels, membersName } from '../runs/model-words.ts';
import { modelDetail } from '../runs/result-words.ts';

/** "ResNet-50, fine-tuned, cosine, seed 0": tells every run from the others. */
export function runWords(run: RunRow, labels: Labels): string {
  const seed = isSeeded(run.choice) ? [`seed ${seedOf(run)}`] : [];
  return [run.name ?? membersName(run.choice.members, labels), modelDetail(run), ...seed].join(', ');
}
