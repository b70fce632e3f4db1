import { expect, test } from 'vitest';
import {
  type ChoiceStep,
  defaultRecipe,
  type MemberChoice,
  type RunChoice,
} from '../../../src/app/comparison/comparison.ts';
import { pathWords, worthName } from '../../../src/ui/comparison/best-words.ts';

const resnet: MemberChoice = { weightsId: 'r', head: 'finetuned' };
const dino: MemberChoice = { weightsId: 'd', head: 'finetuned' };
const frozen: MemberChoice = { weightsId: 'r', head: 'frozen' };

function step(value: number, members: MemberChoice[], changes: Partial<RunChoice> = {}): ChoiceStep {
  const combine = members.length > 1 ? 'concat' : null;
  const choice: RunChoice = {
    members,
    combine,
    recipe: defaultRecipe('cosine'),
    loaded: null,
    rank: 'plain',
    ...changes,
  };
  return { choice, label: '', value, gain: null };
}

test('each step of the path is named by what it changes', () => {
  const path = [
    step(0.712, [resnet]),
    step(0.804, [resnet, dino]),
    step(0.81, [resnet, dino, frozen], { rank: 'cover' }),
    step(0.815, [resnet, dino, frozen], { rank: 'cover', combine: 'mean' }),
    step(0.82, [resnet, dino, frozen], { combine: 'mean' }),
  ];
  expect(pathWords(path, { r: 'ResNet-50', d: 'DINOv2' })).toEqual([
    { words: 'ResNet-50, fine-tuned', value: '71.2' },
    { words: '+ DINOv2', value: '80.4' },
    { words: '+ ResNet-50 (frozen), ranked by cover', value: '81.0' },
    { words: 'averaged', value: '81.5' },
    { words: 'ranked by similarity', value: '82.0' },
  ]);
  expect(pathWords([step(0.5, [frozen])], {})).toEqual([{ words: 'r, frozen', value: '50.0' }]);
});

test('a member that goes, or replaces another, is said', () => {
  const path = [
    step(0.5, [frozen]),
    step(0.7, [resnet]),
    step(0.8, [resnet, dino]),
    step(0.82, [frozen, dino]),
    step(0.83, [dino]),
  ];
  expect(pathWords(path, { r: 'ResNet-50', d: 'DINOv2' }).map(({ words }) => words)).toEqual([
    'ResNet-50, frozen',
    'ResNet-50, fine-tuned',
    '+ DINOv2',
    '+ ResNet-50 (frozen), without ResNet-50',
    'without ResNet-50 (frozen)',
  ]);
});

test('the figures are called what they are', () => {
  expect(worthName(1)).toBe('top-1 accuracy');
  expect(worthName(10)).toBe('the mean of top-1 to top-10 accuracy');
});
