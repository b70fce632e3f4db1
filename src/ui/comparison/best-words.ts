import type { ChoiceStep, MemberChoice } from '../../app/comparison/comparison.ts';
import { rankingNamed } from '../../core/run-choice.ts';
import { formatInterval, formatShare } from '../format.ts';
import type { Labels } from '../runs/model-words.ts';

/** A step of the path: "+ DINOv2", and what the model was worth then, in per cent. */
export interface StepWords {
  readonly words: string;
  readonly value: string;
}

/**
 * "ResNet-50, frozen" 61.0, then "ResNet-50, fine-tuned" 71.2, "+ DINOv2" 80.4, "without ResNet-50" 81.0: each step by what it
 * changes.
 */
export function pathWords(path: readonly ChoiceStep[], labels: Labels): StepWords[] {
  return path.map(({ choice, value }, at) => {
    const before = path[at - 1]?.choice;
    const there = before?.members ?? [];
    const added = choice.members.filter((member) => !isAmong(member, there));
    const gone = there.filter((member) => !isAmong(member, choice.members));
    const isAnother = gone.length === there.length;
    const parts = [
      ...added.map((member) => (isAnother ? firstWords(member, labels) : `+ ${memberWords(member, labels)}`)),
      ...(isAnother ? [] : gone.map((member) => `without ${memberWords(member, labels)}`)),
      ...(before && before.combine !== choice.combine && choice.combine === 'mean' ? ['averaged'] : []),
      ...((before?.rank ?? 'plain') === choice.rank ? [] : [`ranked ${rankingNamed(choice.rank).order}`]),
    ];
    return { words: parts.join(', '), value: formatShare(value) };
  });
}

const isAmong = (member: MemberChoice, some: readonly MemberChoice[]): boolean =>
  some.some(({ weightsId, head }) => weightsId === member.weightsId && head === member.head);

const firstWords = ({ weightsId, head }: MemberChoice, labels: Labels): string =>
  `${labels[weightsId] ?? weightsId}, ${head === 'frozen' ? 'frozen' : 'fine-tuned'}`;

function memberWords({ weightsId, head }: MemberChoice, labels: Labels): string {
  const name = labels[weightsId] ?? weightsId;
  return head === 'frozen' ? `${name} (frozen)` : name;
}

/** What the figures of the path are: for top-1 that itself, else the mean, since nearly every model has a hit among ten. */
export const worthName = (k: number): string => (k === 1 ? 'top-1 accuracy' : `the mean of top-1 to top-${k} accuracy`);

/** "81.0 [76.2, 85.1]" */
export const worthWords = (value: number, interval: readonly [number, number]): string =>
  `${formatShare(value)} ${formatInterval(interval)}`;
