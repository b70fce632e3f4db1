import { expect, test } from 'vitest';
import { evaluateTest, evaluateValidation } from '../../../src/core/evaluate-run.ts';
import { headsKey, modelId, type Run } from '../../../src/core/run.ts';
import { runEmbeddings } from '../../../src/core/run-embeddings.ts';
import { trainHeads } from '../../../src/core/train-heads.ts';
import { isAborted } from '../../../src/errors.ts';
import type { EpochReport } from '../../../src/heads/training.ts';
import { getCheckpoint, putCheckpoint } from '../../../src/storage/heads.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { contextOver } from './context.ts';
import { DIMENSIONS, makeData, member, recipe } from './two-backbones.ts';

const never = new AbortController().signal;

test('a cancelled training goes on from its checkpoint, and ends with the very same head', async () => {
  const disturbed = await makeData();
  const calm = await makeData();
  const run = (images: readonly ImageRecord[]): Run => ({
    datasetId: 'd',
    members: [member('one', 'finetuned')],
    combine: null,
    // A hundred epochs to go when it is cancelled: on a busy machine that is heard late.
    recipe: { ...recipe, epochs: 120, patience: 120, learningRate: 1e-4 },
    loaded: null,
    rank: 'plain',
    images,
  });
  const whole = await trainHeads(
    contextOver(calm.database),
    run(calm.images),
    run(calm.images).members,
    never,
    () => {},
  );

  const made = run(disturbed.images);
  const controller = new AbortController();
  const error = await trainHeads(
    contextOver(disturbed.database),
    made,
    made.members,
    controller.signal,
    ({ epoch }) => {
      if (epoch === 4) controller.abort();
    },
  ).catch((thrown: unknown) => thrown);
  expect(isAborted(error)).toBe(true);
  const key = await headsKey(made, made.members);
  expect((await getCheckpoint(disturbed.database, 'd', key))?.epoch).toBeGreaterThan(0);

  const reports: EpochReport[] = [];
  const resumed = await trainHeads(contextOver(disturbed.database), made, made.members, never, (report) =>
    reports.push(report),
  );
  expect(resumed.heads).toEqual(whole.heads);
  expect(reports.filter(({ phase }) => phase === 'fit').map(({ epoch }) => epoch)).toEqual(
    whole.history.filter(({ phase }) => phase === 'fit').map(({ epoch }) => epoch),
  );
  expect(await getCheckpoint(disturbed.database, 'd', key)).toBeNull();

  // Trained once: the next call answers from storage.
  const again: EpochReport[] = [];
  expect(
    (await trainHeads(contextOver(disturbed.database), made, made.members, never, (report) => again.push(report)))
      .heads,
  ).toEqual(whole.heads);
  expect(again).toEqual([]);
});

test('a training that comes apart says so, and its best epoch is what going on uses', async () => {
  const { database, images } = await makeData();
  const run: Run = {
    datasetId: 'd',
    members: [member('one', 'finetuned')],
    combine: null,
    // Many epochs: on a busy machine it is cancelled later than it is asked to.
    recipe: { ...recipe, epochs: 1000, patience: 1000 },
    loaded: null,
    rank: 'plain',
    images,
  };
  const controller = new AbortController();
  const cancelled = trainHeads(contextOver(database), run, run.members, controller.signal, ({ epoch }) => {
    if (epoch === 6) controller.abort();
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
  const key = await headsKey(run, run.members);
  const checkpoint = (await getCheckpoint(database, 'd', key)) ?? expect.fail('no checkpoint');
  expect(checkpoint.epoch).toBeGreaterThanOrEqual(6);
  // Weights that overflow in the first product of the next epoch; those of the best epoch are other arrays.
  const parameters = structuredClone(checkpoint.parameters);
  parameters.projections[0]?.weight.fill(3e38);
  await putCheckpoint(database, 'd', key, { ...checkpoint, parameters });

  const broken = trainHeads(contextOver(database), run, run.members, never, () => {});
  await expect(broken).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringContaining(`best epoch, ${checkpoint.best?.epoch}, is kept`),
  });
  const kept = await trainHeads(contextOver(database), run, run.members, never, () => {});
  expect(kept).toMatchObject({ ended: 'stopped', bestEpoch: checkpoint.best?.epoch, refit: false });
  expect(kept.heads[0]?.projection.every(Number.isFinite)).toBe(true);
});

test('every kind of run is embedded and scored, on test and on validation', async () => {
  const { database, images } = await makeData();
  const base = { datasetId: 'd', recipe, loaded: null, rank: 'plain', images } as const;
  const runs: Run[] = [
    { ...base, members: [member('one', 'frozen')], combine: null },
    { ...base, members: [member('one', 'finetuned')], combine: null },
    { ...base, members: [member('one', 'frozen'), member('two', 'frozen')], combine: 'mean' },
    { ...base, members: [member('one', 'finetuned'), member('two', 'finetuned')], combine: 'mean' },
    { ...base, members: [member('one', 'finetuned'), member('one', 'frozen')], combine: 'concat' },
    { ...base, members: [member('one', 'finetuned'), member('two', 'finetuned')], combine: 'shared' },
  ];
  const dimensions = [DIMENSIONS, 512, 512, 512, 512 + DIMENSIONS, 512];
  const ids = new Set<string>();
  for (const [i, run] of runs.entries()) {
    const groups = run.combine === 'shared' ? [run.members] : run.members.map((one) => [one]);
    for (const group of groups) {
      if (group[0]?.head === 'finetuned') await trainHeads(contextOver(database), run, group, never, () => {});
    }
    const gallery = await runEmbeddings(contextOver(database), run, 'gallery');
    expect(gallery.dimensions).toBe(dimensions[i]);
    expect(gallery.matrix.length).toBe(32 * gallery.dimensions);
    const settings = { ks: [1, 5], index: 'exact', efSearch: 64 } as const;
    const { test } = await evaluateTest(contextOver(database), run, settings, null, never);
    const validation = await evaluateValidation(contextOver(database), run, [1, 5], null, never);
    expect(test?.scores?.queries).toBe(20);
    // Chance is a quarter; the centres are far enough apart to be found more often than that.
    expect(test?.scores?.topk['1']).toBeGreaterThan(0.4);
    expect(validation?.scores?.queries).toBe(8);
    // What is kept of each query says the same as the averages.
    for (const judged of [test, validation]) {
      const ranks = judged?.outcomes.firstHitRank ?? new Int32Array();
      const first = ranks.filter((rank) => rank === 1).length / ranks.length;
      expect(judged?.scores?.topk['1']).toBeCloseTo(first, 12);
    }
    expect(test?.neighbours.k).toBe(32);
    // Validation positions count training images: none is asked with and searched.
    const asked = new Set(validation?.outcomes.queries);
    expect([...(validation?.neighbours.rows ?? [])].filter((row) => asked.has(row))).toEqual([]);
    ids.add(await modelId(run));
  }
  expect(ids.size).toBe(runs.length);
});
