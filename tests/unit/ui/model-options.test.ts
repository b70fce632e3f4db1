import { expect, test } from 'vitest';
import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import { bestRun } from '../../../src/core/result-rows.ts';
import { runId } from '../../../src/core/run-choice.ts';
import { modelOptions, optionOf } from '../../../src/ui/search/model-options.ts';
import { fakeRun, finetuned, frozen, RESNET } from '../../browser/ui/fake-comparison.ts';

const ranked = (run: RunRow, rank: 'class' | 'cover'): RunRow => {
  const choice = { ...run.choice, rank };
  return { ...run, id: runId(choice), label: `${run.label}, ranked by ${rank}`, choice };
};
const plain = fakeRun({ members: [frozen(RESNET)], top1: 0.6, mapAtR: 0.3 });
const better = fakeRun({ members: [finetuned(RESNET)], top1: 0.8, mapAtR: 0.5 });

test('rankings of one model are one entry, under the plain run where there is one', () => {
  const runs = [ranked(plain, 'class'), plain, ranked(plain, 'cover'), better];
  const { options } = modelOptions(runs);
  expect(options.map(({ value }) => value)).toEqual([better.id, plain.id]);
  expect(optionOf(runs, runs[0]?.id ?? null)).toBe(plain.id);
  expect(optionOf([ranked(plain, 'class')], ranked(plain, 'class').id)).toBe(ranked(plain, 'class').id);
  expect(optionOf(runs, null)).toBe('');
  expect(options.every(({ label }) => !label.includes('ranked by'))).toBe(true);
});

test('each says by which metric it is scored', () => {
  const labels = (runs: readonly RunRow[]) => modelOptions(runs).options.map(({ label }) => label);
  expect(labels([plain, better]).every((label) => / · (top-\d+|mAP@R|P@\d+|MRR) \d/.test(label))).toBe(true);
  const saturated = fakeRun({ members: [finetuned(RESNET)], top1: 1, mapAtR: 0.5 });
  const other = fakeRun({ members: [frozen(RESNET)], top1: 1, mapAtR: 0.4 });
  expect(labels([saturated, other])[0]).not.toContain('· top-10');
});

test('of models with the same score, the one that answers by itself is the first', () => {
  const equal = fakeRun({ members: [finetuned(RESNET)], top1: 0.6, mapAtR: 0.5 });
  for (const runs of [
    [plain, equal],
    [equal, plain],
  ]) {
    expect(modelOptions(runs).options.map(({ value }) => value)).toEqual([equal.id, plain.id]);
    expect(bestRun(runs)?.id).toBe(equal.id);
  }
});

test('a run that is not scored comes last, without a figure', () => {
  const unscored = { ...plain, id: 'x', choice: { ...plain.choice, members: [frozen('x')] } };
  const { options } = modelOptions([
    { ...unscored, result: { ...plain.result, validation: null, test: null } },
    better,
  ]);
  expect(options.map(({ value }) => value)).toEqual([better.id, 'x']);
  expect(options[1]?.label).not.toContain('·');
  expect(modelOptions([{ ...unscored, result: { ...plain.result, validation: null, test: null } }]).heading).toBeNull();
});

test('a run over a part of the gallery comes after those over all of it, whatever it reached there', () => {
  const against = (gallery: number, run: RunRow): RunRow => {
    const of = (scores: RunRow['result']['test']) => scores && { ...scores, gallery };
    return { ...run, result: { ...run.result, test: of(run.result.test), validation: of(run.result.validation) } };
  };
  const runs = [against(300, better), against(648, plain)];
  expect(modelOptions(runs).options.map(({ value }) => value)).toEqual([plain.id, better.id]);
  expect(bestRun(runs)?.id).toBe(plain.id);
});
