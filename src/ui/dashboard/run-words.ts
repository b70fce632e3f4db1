import type { RunRow } from '../../state/comparison.ts';
import { isSeeded, seedOf } from '../../state/result-rows.ts';
import { type Labels, membersName } from '../runs/model-words.ts';
import { modelDetail } from '../runs/result-words.ts';

/** "ResNet-50, fine-tuned, cosine, seed 0": tells every run from the others. */
export function runWords(run: RunRow, labels: Labels): string {
  const seed = isSeeded(run) ? [`seed ${seedOf(run)}`] : [];
  return [membersName(run.choice.members, labels), modelDetail(run), ...seed].join(', ');
}
