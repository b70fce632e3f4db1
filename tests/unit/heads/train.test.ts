import { describe, expect, it } from 'vitest';
import { plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { embed } from '../../../src/heads/head.ts';
import { endOfFit } from '../../../src/heads/phases.ts';
import { train } from '../../../src/heads/train.ts';
import type { Checkpoint, EpochReport } from '../../../src/heads/training.ts';
import { dot } from '../../../src/math/similarity.ts';
import { cloudsJob, plainly } from './clouds.ts';

describe('the first fit', () => {
  it('ends that many epochs after the best, and keeps the best epoch’s head', async () => {
    // A rate and a spread at which the validation loss soon rises.
    const job = cloudsJob('linear', { epochs: 60, patience: 3, refit: false }, { spread: 1.5 });
    const reports: EpochReport[] = [];
    const result = await train(job, plainly({ onEpoch: (report) => reports.push(report) }));
    expect(result.ended).toBe('patience');
    expect(result.epochs).toBe(result.bestEpoch + 3);
    expect(reports).toEqual(result.history);
    const losses = reports.map(({ validation }) => validation?.loss ?? Number.NaN);
    expect(Math.min(...losses)).toBe(result.bestValidationLoss);
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(result.bestEpoch);
    expect(reports.filter(({ best }) => best).at(-1)?.epoch).toBe(result.bestEpoch);
    const { recipe } = job;
    const untilBest = await train({ ...job, recipe: { ...recipe, epochs: result.bestEpoch } }, plainly());
    expect(untilBest.heads).toEqual(result.heads);
    expect(untilBest.ended).toBe('epochs');
  });

  it('ends by patience or by epochs, whichever comes first', () => {
    const recipe = { epochs: 20, patience: 5 };
    expect(endOfFit(9, { epoch: 5 }, recipe)).toBeNull();
    expect(endOfFit(10, { epoch: 5 }, recipe)).toBe('patience');
    expect(endOfFit(19, { epoch: 15 }, recipe)).toBeNull();
    expect(endOfFit(20, { epoch: 19 }, recipe)).toBe('epochs');
  });

  it.each(['linear', 'cosine'] as const)('learns to tell classes apart (%s)', async (classifier) => {
    const job = cloudsJob(classifier, { learningRate: 1e-3 }, { spread: 0.5 });
    const { history, heads, bestEpoch } = await train(job, plainly());
    const best = history[bestEpoch - 1]?.validation;
    expect(best?.accuracy).toBeGreaterThan(0.9);
    expect(best?.topk['1']).toBeGreaterThan(0.9);
    expect(best?.loss).toBeLessThan(0.7 * (history[0]?.validation?.loss ?? 0));
    expect(heads[0]?.dimensions).toBe(12);
  });

  it('takes all rows and epochs where classes are too small to be validated', async () => {
    const job = cloudsJob('cosine', { patience: 1, epochs: 6 }, { images: 3 });
    const result = await train(job, plainly());
    expect(result).toMatchObject({ epochs: 6, bestEpoch: 6, bestValidationLoss: null, ended: 'epochs', refit: false });
    expect(result.split.fit.length).toBe(12);
    expect(result.split.undividedClasses).toEqual([0, 1, 2, 3]);
    expect(result.history.every(({ validation }) => validation === null)).toBe(true);
  });
});

describe('the refit', () => {
  it('learns from all rows for as many epochs as were best; validation stays the first fit’s', async () => {
    const job = cloudsJob('linear', { patience: 3 }, { spread: 1.5 });
    const withRefit = await train(job, plainly());
    const without = await train({ ...job, recipe: { ...job.recipe, refit: false } }, plainly());
    expect([withRefit.refit, without.refit]).toEqual([true, false]);
    expect(withRefit.fitHeads).toEqual(without.heads);
    expect(withRefit.heads).not.toEqual(without.heads);
    expect(withRefit.bestValidationLoss).toBe(without.bestValidationLoss);
    const refit = withRefit.history.filter(({ phase }) => phase === 'refit');
    expect(refit.map(({ epoch }) => epoch)).toEqual(Array.from({ length: withRefit.bestEpoch }, (_, i) => i + 1));
    expect(refit.every(({ validation, epochs }) => validation === null && epochs === withRefit.bestEpoch)).toBe(true);
  });
});

describe('the classifier', () => {
  it('is kept with the head, and tells the classes of the images that it learned from', async () => {
    for (const kind of ['cosine', 'linear'] as const) {
      const job = cloudsJob(kind, { patience: 3 });
      const { heads, fitHeads } = await train(job, plainly());
      const [head, fitHead] = [heads[0], fitHeads[0]];
      if (!head?.classifier || !fitHead?.classifier) throw new Error('no classifier');
      // The refit's is another one than the first fit's.
      expect(head.classifier.weight).not.toEqual(fitHead.classifier.weight);
      expect(head.classifier.bias).toHaveLength(kind === 'linear' ? job.classes : 0);
      const features = job.members[0]?.features ?? new Float32Array();
      const embeddings = await embed(head, features, plainArithmetic);
      const { unit } = plainArithmetic.directions(head.classifier.weight, 512);
      const right = job.labels.filter((label, row) => {
        const cosines = Array.from({ length: job.classes }, (_, c) => dot(embeddings, unit, row * 512, c * 512, 512));
        return cosines.indexOf(Math.max(...cosines)) === label;
      });
      expect(right.length / job.labels.length).toBeGreaterThan(0.9);
    }
  });
});

describe('one seed', () => {
  it('gives one head, bit for bit; another seed another', async () => {
    const job = cloudsJob('cosine', { dropout: 0.2 });
    const [first, again] = [await train(job, plainly()), await train(job, plainly())];
    expect(again.heads).toEqual(first.heads);
    const other = await train({ ...job, recipe: { ...job.recipe, seed: 1 } }, plainly());
    expect(other.heads).not.toEqual(first.heads);
  });
});

describe('shared training', () => {
  it('brings the members’ spaces into line, which training apart does not', async () => {
    const changes = { learningRate: 0.01, refit: false, epochs: 20 };
    const job = cloudsJob('cosine', changes, { members: 2, spread: 0.5 });
    const together = await train(job, plainly());
    const apart = await Promise.all(job.members.map((member) => train({ ...job, members: [member] }, plainly())));
    const agreement = async (heads: readonly (typeof together.heads)[number][]) => {
      const [a, b] = await Promise.all(
        job.members.map(async ({ features }, i) => {
          const head = heads[i];
          if (!head) throw new Error('a head is missing');
          return embed(head, features, plainArithmetic);
        }),
      );
      if (!a || !b) throw new Error('an embedding is missing');
      return job.labels.reduce((sum, _, row) => sum + dot(a, b, row * 512, row * 512, 512), 0) / job.labels.length;
    };
    expect(await agreement(together.heads)).toBeGreaterThan(0.5);
    expect(await agreement(apart.flatMap(({ heads }) => heads))).toBeLessThan(0.4);
  });
});

describe('a job that cannot be trained', () => {
  it('is refused with the reason', async () => {
    const job = cloudsJob('linear');
    const labels = new Int32Array(job.labels.length);
    await expect(train({ ...job, labels }, plainly())).rejects.toMatchObject({ code: 'dataset-unusable' });
    const recipe = { ...job.recipe, batch: 0 };
    await expect(train({ ...job, recipe }, plainly())).rejects.toThrow('Batch must be a whole number from 1 to 1024.');
    const short = job.labels.subarray(1);
    await expect(train({ ...job, labels: short }, plainly())).rejects.toMatchObject({ code: 'bad-argument' });
    const features = Float32Array.from(job.members[0]?.features ?? []);
    features.fill(Number.NaN, 0, 1000);
    const broken = { ...job, members: [{ features, dimensions: 12 }] };
    await expect(train(broken, plainly())).rejects.toThrow(/not finite/);
  });

  it('refuses the checkpoint of another recipe or shape', async () => {
    const job = cloudsJob('linear', { epochs: 2 });
    let checkpoint: Checkpoint | null = null;
    await train(job, plainly({ onCheckpoint: (c) => (checkpoint = c) }));
    const other = { ...job, recipe: { ...job.recipe, seed: 3 } };
    await expect(train(other, plainly({ resumeFrom: checkpoint }))).rejects.toThrow(/belongs to another training/);
    const wider = { ...job, classes: 5 };
    await expect(train(wider, plainly({ resumeFrom: checkpoint }))).rejects.toThrow(/belongs to another training/);
  });
});
