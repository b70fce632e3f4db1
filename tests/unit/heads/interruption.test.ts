import { beforeAll, describe, expect, it } from 'vitest';
import { type Arithmetic, plainArithmetic } from '../../../src/heads/arithmetic.ts';
import { train } from '../../../src/heads/train.ts';
import type { Checkpoint, EpochReport, TrainingJob, TrainingResult } from '../../../src/heads/training.ts';
import { cloudsJob, plainly } from './clouds.ts';

const job = cloudsJob('linear', { patience: 3, learningRate: 1e-3, dropout: 0.1 }, { spread: 1.5 });

/** Without the times, which no two runs share. */
function timeless({ history, ...result }: TrainingResult) {
  return { ...result, history: history.map(({ milliseconds: _, ...report }) => report) };
}

/** Cancels in the epoch after `phase` and `epoch`; what was handed out by then is a clone, as storage keeps it. */
async function cancelAfter(phase: string, epoch: number, checkpointMs: number): Promise<Checkpoint[]> {
  const controller = new AbortController();
  const checkpoints: Checkpoint[] = [];
  const onEpoch = (report: EpochReport) => {
    if (report.phase === phase && report.epoch === epoch) controller.abort();
  };
  const onCheckpoint = (checkpoint: Checkpoint) => checkpoints.push(structuredClone(checkpoint));
  const options = plainly({ signal: controller.signal, onEpoch, onCheckpoint, checkpointMs });
  await expect(train(job, options)).rejects.toMatchObject({ code: 'aborted' });
  return checkpoints;
}

describe('going on after an interruption', () => {
  let undisturbed: ReturnType<typeof timeless>;
  beforeAll(async () => {
    undisturbed = timeless(await train(job, plainly()));
  });

  it.each([
    ['fit', 2],
    ['refit', 1],
    ['refit', 2],
  ] as const)('gives the same head bit for bit (%s, epoch %i)', async (phase, epoch) => {
    const checkpoint = (await cancelAfter(phase, epoch, 0)).at(-1) ?? null;
    expect(checkpoint?.phase).toBe(phase);
    const resumed = await train(job, plainly({ resumeFrom: checkpoint }));
    expect(timeless(resumed)).toEqual(undisturbed);
  });

  it('also from any earlier checkpoint, twice', async () => {
    const [first = null, ...later] = await cancelAfter('refit', 1, 0);
    expect(first).not.toBeNull();
    for (const checkpoint of [first, first, ...later]) {
      expect(timeless(await train(job, plainly({ resumeFrom: checkpoint })))).toEqual(undisturbed);
    }
  });

  it('holds checkpoints back that come too fast, but not the last one before the end', async () => {
    const all = await cancelAfter('refit', 2, 0);
    const few = await cancelAfter('refit', 2, 1e6);
    expect(all.length).toBeGreaterThan(3);
    expect(few.map(({ phase, epoch }) => [phase, epoch])).toEqual([
      ['fit', 1],
      ['refit', 2],
    ]);
  });
});

describe('stopping by hand', () => {
  /** Stops in the epoch after `phase` and `epoch`. */
  async function stopAfter(phase: string, epoch: number, of: TrainingJob): Promise<TrainingResult> {
    const controller = new AbortController();
    const onEpoch = (report: EpochReport) => {
      if (report.phase === phase && report.epoch === epoch) controller.abort();
    };
    return train(of, plainly({ stop: controller.signal, onEpoch }));
  }

  it('keeps the best head of the first fit', async () => {
    const stopped = await stopAfter('fit', 2, job);
    const short = await train({ ...job, recipe: { ...job.recipe, epochs: 2, refit: false } }, plainly());
    expect(stopped).toMatchObject({ ended: 'stopped', epochs: 2, refit: false });
    expect(stopped.heads).toEqual(short.heads);
  });

  it('in the refit, keeps the first fit’s', async () => {
    const stopped = await stopAfter('refit', 1, job);
    expect(stopped.refit).toBe(false);
    expect(stopped.heads).toEqual((await train(job, plainly())).fitHeads);
  });

  it('before the first epoch has ended, waits for it', async () => {
    const stopped = await train(job, plainly({ stop: AbortSignal.abort() }));
    expect(stopped).toMatchObject({ ended: 'stopped', epochs: 1, bestEpoch: 1 });
  });
});

describe('a loss that is not finite', () => {
  it('stops with the reason, and the best epoch can still be had', async () => {
    const perfect = await train(job, plainly());
    let products = 0;
    // An engine that fails in the fourth epoch, as one does that runs out of range: silently.
    const failing: Arithmetic = {
      ...plainArithmetic,
      product: async (...shape) => {
        const product = await plainArithmetic.product(...shape);
        return ++products > 30 ? product.fill(Number.NaN) : product;
      },
    };
    const checkpoints: Checkpoint[] = [];
    const onCheckpoint = (checkpoint: Checkpoint) => checkpoints.push(checkpoint);
    const failed = train(job, plainly({ arithmetic: () => failing, onCheckpoint, checkpointMs: 1e6 }));
    await expect(failed).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/in epoch \d: .* best epoch before it is kept\. Lower the learning rate/),
    });
    const newest = checkpoints.at(-1) ?? null;
    expect(newest?.epoch).toBeGreaterThan(1);
    const kept = await train(job, plainly({ resumeFrom: newest, stop: AbortSignal.abort() }));
    expect(kept.bestEpoch).toBe(newest?.epoch);
    expect(kept.bestValidationLoss).toBe(perfect.history[kept.bestEpoch - 1]?.validation?.loss);
  });
});
