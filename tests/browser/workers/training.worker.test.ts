import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingJob, TrainingResult } from '../../../src/heads/training.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { controlled } from '../../../src/workers/connect.ts';
import type { TrainingMessage } from '../../../src/workers/training-protocol.ts';
import { cloudsJob } from '../../unit/heads/clouds.ts';
import { startTrainingWorker } from './training-worker.ts';

const { api, close } = startTrainingWorker();
beforeAll(async () => {
  await api.open();
});
afterAll(close);

const job = cloudsJob('cosine', { learningRate: 1e-3 });
/** Has hundreds of epochs to go when it is cancelled at one of the first: on a busy machine that is heard late. */
const long = cloudsJob('cosine', { epochs: 500, patience: 500 });

interface Watched {
  readonly messages: TrainingMessage[];
  readonly result: Promise<TrainingResult>;
  readonly cancel: () => void;
}

/** Trains in the worker; `watch` hears each message as it comes. */
function start(
  of: TrainingJob,
  resumeFrom: Parameters<typeof api.train>[1] = null,
  watch = (_: Watched) => {},
): Watched {
  const controller = new AbortController();
  const messages: TrainingMessage[] = [];
  const onProgress = (message: TrainingMessage) => {
    messages.push(message);
    watch(watched);
  };
  const result = controlled(controller.signal, onProgress, (control) => api.train(of, resumeFrom, control));
  const watched: Watched = { messages, result, cancel: () => controller.abort() };
  return watched;
}

/** Without the times, which no two runs share. */
function timeless({ history, ...result }: TrainingResult) {
  return { ...result, history: history.map(({ milliseconds: _, ...report }) => report) };
}

describe('training in the worker', () => {
  it('tells every epoch, hands out checkpoints, and gives the same head twice', async () => {
    const first = start(job);
    const result = await first.result;
    const reports = first.messages.flatMap((message) => (message.kind === 'epoch' ? [message.report] : []));
    expect(reports).toEqual(result.history.slice(0, reports.length));
    expect(reports.length).toBeGreaterThanOrEqual(result.history.length - 1);
    expect(first.messages.some(({ kind }) => kind === 'checkpoint')).toBe(true);
    expect(timeless(await start(job).result)).toEqual(timeless(result));
    expect(await api.newestCheckpoint()).toBeNull();
  });

  it('goes on after a cancellation to the same head', async () => {
    const undisturbed = await start(long).result;
    const { result } = start(long, null, ({ messages, cancel }) => {
      if (messages.filter(({ kind }) => kind === 'epoch').length === 4) cancel();
    });
    await expect(result).rejects.toMatchObject({ code: 'aborted' });
    const checkpoint = await api.newestCheckpoint();
    expect(checkpoint?.epoch).toBeGreaterThanOrEqual(4);
    expect(timeless(await start(long, checkpoint).result)).toEqual(timeless(undisturbed));
    const kept = await api.finish(long, checkpoint ?? expect.fail('no checkpoint'));
    expect(kept).toMatchObject({ ended: 'stopped', bestEpoch: checkpoint?.best?.epoch, refit: false });
  });

  it('stops by hand, keeping the best; refuses a second training meanwhile', async () => {
    let second: Promise<unknown> = Promise.resolve();
    const { result } = start(long, null, ({ messages }) => {
      if (messages.length !== 3) return;
      second = start(job).result.catch((error: unknown) => error);
      void api.stop();
    });
    expect(await result).toMatchObject({ ended: 'stopped', refit: false });
    expect(await second).toMatchObject({ code: 'bad-argument' });
  });

  it('keeps no tensor, whether it succeeds, is cancelled or fails', async () => {
    const before = await api.memory();
    await start(job).result;
    const { result } = start(long, null, ({ cancel }) => cancel());
    await expect(result).rejects.toMatchObject({ code: 'aborted' });
    const checkpoint = (await api.newestCheckpoint()) ?? expect.fail('no checkpoint');
    // Weights that overflow in the first product of the next epoch.
    checkpoint.parameters.projections[0]?.weight.fill(3e38);
    await expect(start(long, checkpoint).result).rejects.toMatchObject({ code: 'training-diverged' });
    const { heads } = await start(job).result;
    const head = heads[0] ?? expect.fail('no head');
    await api.embed(head, Float32Array.from(job.members[0]?.features ?? []));
    expect(await api.memory()).toEqual(before);
  });
});

describe('embeddings and ensembles', () => {
  const features = Float32Array.from(job.members[0]?.features ?? []);
  const n = job.labels.length;

  it('combines a fine-tuned and a frozen member', async () => {
    const { heads } = await start(job).result;
    const head = heads[0] ?? expect.fail('no head');
    const tuned = await api.embed(head, features);
    expect(tuned).toHaveLength(512 * n);
    const frozen = { embeddings: normaliseRows(features, 12), dimensions: 12 };
    const joined = await api.combine('concat', [{ embeddings: tuned, dimensions: 512 }, frozen]);
    expect([joined.dimensions, joined.embeddings.length]).toEqual([524, 524 * n]);
    const projected = await api.embedFrozen('resnet50', features, 12, 0);
    const mean = await api.combine('mean', [
      { embeddings: tuned, dimensions: 512 },
      { embeddings: projected, dimensions: 512 },
    ]);
    expect(mean.embeddings).toEqual(
      normaliseRows(
        tuned.map((value, i) => value + (projected[i] ?? 0)),
        512,
      ),
    );
  });

  it('refuses a file that is no head, in words', async () => {
    await expect(api.loadHead(new Blob(['<html></html>']))).rejects.toMatchObject({ code: 'weights-refused' });
  });
});
