import { expect, test } from 'vitest';
import type { MemberChoice, RunRow } from '../../../src/app/comparison/comparison.ts';
import { bestVerdict, type PairDifference } from '../../../src/app/dashboard/leaderboard.ts';
import {
  againstOthers,
  ensemblesAgainstMembers,
  finetunedAgainstFrozen,
  pairedRuns,
  pairKey,
} from '../../../src/core/model-pairs.ts';
import { bestRows, type ResultRow, resultRows } from '../../../src/core/result-rows.ts';
import { metricOf } from '../../../src/metrics/registry.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

const TOP1 = metricOf('top1');

const single = (member: MemberChoice, top1: number, changes: Parameters<typeof fakeRun>[0]['recipe'] = {}): RunRow =>
  fakeRun({ members: [member], top1, mapAtR: 0.3, recipe: changes });
const ensemble = (members: readonly MemberChoice[], top1: number, seed = 0): RunRow =>
  fakeRun({ members, combine: 'mean', top1, mapAtR: 0.3, recipe: { seed } });

const membersOf = (row: ResultRow | null) =>
  row?.runs[0].choice.members.map(({ weightsId, head }) => `${weightsId}:${head}`).join('+') ?? null;

test('fine-tuned backbones stand against themselves frozen, recipe by recipe', () => {
  const rows = resultRows([
    single(frozen('a'), 0.5),
    single(frozen('b'), 0.6),
    single(finetuned('a'), 0.7),
    single(finetuned('a'), 0.72, { seed: 1 }),
    single(finetuned('a'), 0.6, { dropout: 0.2 }),
    single(finetuned('c'), 0.8),
    ensemble([finetuned('a'), frozen('a')], 0.9),
  ]);
  const pairs = finetunedAgainstFrozen(rows, 'test');
  expect(pairs.map(({ first, second }) => [membersOf(first), first.runs.length, membersOf(second)])).toEqual([
    ['a:finetuned', 2, 'a:frozen'],
    ['a:finetuned', 1, 'a:frozen'],
  ]);
});

test('an ensemble stands against the best member that was measured alone by its recipe', () => {
  const rows = resultRows([
    single(frozen('a'), 0.9),
    single(finetuned('a'), 0.7),
    // A better one of another recipe is no member of it.
    single(finetuned('a'), 0.8, { dropout: 0.2 }),
    single(finetuned('b'), 0.65),
    ensemble([finetuned('a'), finetuned('b')], 0.75),
    ensemble([finetuned('a'), frozen('a')], 0.75),
    ensemble([finetuned('c'), finetuned('b')], 0.6),
    ensemble([finetuned('c'), finetuned('d')], 0.6),
  ]);
  const pairs = ensemblesAgainstMembers(rows, 'test', TOP1);
  expect(pairs.map(({ member, missing }) => [membersOf(member), missing.map(({ weightsId }) => weightsId)])).toEqual([
    ['a:finetuned', []],
    ['a:frozen', []],
    ['b:finetuned', ['c']],
    [null, ['c', 'd']],
  ]);
  expect(pairs[0]?.member?.runs[0].choice.recipe.dropout).toBe(0);
});

test('what was not measured on the split is compared with nothing', () => {
  const unlabelled = fakeRun({ members: [finetuned('a')], top1: 0.9, mapAtR: 0.3, labelled: false });
  const rows = resultRows([single(frozen('a'), 0.5), unlabelled]);
  expect(finetunedAgainstFrozen(rows, 'test')).toEqual([]);
  expect(finetunedAgainstFrozen(rows, 'validation')).toHaveLength(1);
  expect(membersOf(bestRows(rows, 'test', TOP1)?.rows[0] ?? null)).toBe('a:frozen');
  expect(membersOf(bestRows(rows, 'validation', TOP1)?.rows[0] ?? null)).toBe('a:finetuned');
  expect(bestRows([], 'test', TOP1)).toBeNull();
});

test('no answer of a part of the gallery is held against one of all of it', () => {
  const against = (gallery: number, run: RunRow): RunRow => {
    const { test } = run.result;
    return { ...run, result: { ...run.result, test: test && { ...test, gallery } } };
  };
  const rows = resultRows([
    against(648, single(frozen('a'), 0.5)),
    against(648, single(frozen('b'), 0.6)),
    against(300, single(finetuned('a'), 0.9)),
    against(300, ensemble([frozen('a'), finetuned('a')], 0.95)),
  ]);
  const [a, b] = rows;
  if (!a || !b) throw new Error('four rows');
  expect(againstOthers(b, rows, 'test', TOP1).map(({ second }) => membersOf(second))).toEqual(['a:frozen']);
  expect(finetunedAgainstFrozen(rows, 'test')).toEqual([]);
  expect(finetunedAgainstFrozen(rows, 'validation')).toHaveLength(1);
  const [pair] = ensemblesAgainstMembers(rows, 'test', TOP1);
  expect([membersOf(pair?.member ?? null), pair?.missing]).toEqual(['a:finetuned', [frozen('a')]]);
  expect(bestVerdict(rows, 'test', TOP1, new Map())?.rows.map(membersOf)).toEqual(['b:frozen']);
});

test('on validation only seeds that both have are compared: each has its own gallery', () => {
  const runs = [
    single(frozen('a'), 0.5, { seed: 1 }),
    ...[0, 1, 2].map((seed) => single(finetuned('a'), 0.6, { seed })),
  ];
  const rows = resultRows(runs);
  const [first, second] = [rows[1], rows[0]];
  if (first === undefined || second === undefined) throw new Error('two rows');
  const seeds = (split: 'test' | 'validation') => {
    const paired = pairedRuns({ first, second }, split);
    return [paired.first, paired.second].map((list) => list.map(({ choice }) => choice.recipe.seed));
  };
  expect(seeds('test')).toEqual([[0, 1, 2], [1]]);
  expect(seeds('validation')).toEqual([[1], [1]]);
});

test('the highest is the best only where it is better than every other', () => {
  const rows = resultRows([single(frozen('a'), 0.5), single(frozen('b'), 0.6), single(frozen('c'), 0.7)]);
  const [a, b, best] = rows;
  if (a === undefined || b === undefined || best === undefined) throw new Error('three rows');
  const verdict = (...found: readonly (PairDifference | undefined)[]) => {
    const differences = new Map<string, PairDifference>();
    for (const [at, second] of [a, b].entries()) {
      const difference = found[at];
      if (difference !== undefined) differences.set(pairKey({ first: best, second }, 'test', TOP1), difference);
    }
    const said = bestVerdict(rows, 'test', TOP1, differences);
    return [said?.better, said?.notSeparable.map(membersOf), said?.incomparable.map(membersOf)];
  };
  const clear = { difference: 0.1, interval: [0.02, 0.2] } as const;
  const unclear = { difference: 0.1, interval: [-0.02, 0.2] } as const;
  expect(verdict(clear, clear)).toEqual([true, [], []]);
  expect(verdict(clear, unclear)).toEqual([false, ['b:frozen'], []]);
  expect(verdict(clear, undefined)).toEqual([null, [], []]);
  expect(verdict(clear, null)).toEqual([false, [], ['b:frozen']]);
  expect(bestVerdict(rows.slice(0, 1), 'test', TOP1, new Map())?.better).toBe(false);
  expect(bestVerdict([], 'test', TOP1, new Map())).toBeNull();
});

test('models that share the highest figure are all named, and none is the best', () => {
  const rows = resultRows([single(frozen('a'), 0.5), single(frozen('b'), 0.7), single(frozen('c'), 0.7)]);
  const [a, b] = rows;
  if (a === undefined || b === undefined) throw new Error('three rows');
  const clear = { difference: 0.2, interval: [0.02, 0.3] } as const;
  const said = bestVerdict(rows, 'test', TOP1, new Map([[pairKey({ first: b, second: a }, 'test', TOP1), clear]]));
  expect([said?.rows.map(membersOf), said?.better, said?.others]).toEqual([['b:frozen', 'c:frozen'], false, 1]);
});

test('where several are perfect, they are compared by what decides', () => {
  const perfect = (at: string, top1: number): RunRow => {
    const run = single(frozen(at), top1);
    const { test: scored } = run.result;
    return scored ? { ...run, result: { ...run.result, test: { ...scored, topk: { '1': top1, '10': 1 } } } } : run;
  };
  const rows = resultRows([perfect('a', 0.5), perfect('b', 0.9)]);
  const [a, b] = rows;
  if (a === undefined || b === undefined) throw new Error('two rows');
  const clear = { difference: 0.4, interval: [0.3, 0.5] } as const;
  const said = bestVerdict(
    rows,
    'test',
    metricOf('top10'),
    new Map([[pairKey({ first: b, second: a }, 'test', TOP1), clear]]),
  );
  expect([said?.rows.map(membersOf), said?.metric.key, said?.better]).toEqual([['b:frozen'], 'top1', true]);
});
