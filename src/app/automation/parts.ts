import { fetchWeights } from '../../core/embed.ts';
import { type EmbeddedPart, embedPart } from '../../core/embed-part.ts';
import type { UsableWeights } from '../../core/weights-catalogue.ts';
import { AppError, aborted } from '../../errors.ts';
import { inEnglish } from '../../numerals.ts';
import type { Weights } from '../../types.ts';
import { context } from '../context.ts';
import { type JobContext, jobs } from '../jobs/jobs.ts';
import { cachedWeights, usableWeights } from '../models/weights.ts';
import type { PartFileRequest, PartModel, PartShape } from './automation-types.ts';

/** Holds the part that was embedded last, until the next one. */
export interface PartHolder {
  part: (EmbeddedPart & { readonly thumbnails: Uint8Array<ArrayBuffer> }) | null;
}

/** Fetches the weights where they are not here, and tells what features they give. */
export async function partModel(weights: Weights): Promise<PartModel> {
  const { preprocessing, cached, featuresKey } = await usableNow(weights);
  const { architecture } = weights;
  if (architecture === 'own-vectors') throw new AppError('bad-argument', `${weights.label} cannot embed images.`);
  return {
    architecture,
    weights: weights.id,
    sha256: cached?.sha256 ?? null,
    preprocessing,
    features: featuresKey,
    dimensions: weights.features,
  };
}

/** Embeds files by their addresses on the app's own server; the rows are then fetched by partRows and partThumbnails. */
export async function embedFiles(
  holder: PartHolder,
  weights: Weights,
  files: readonly PartFileRequest[],
): Promise<PartShape> {
  holder.part = null;
  const usable = await usableNow(weights);
  const opened = files.map(({ path, address }) => ({ path, open: () => fetched(address) }));
  const part = await shown('Reading images', 'images', (job) => embedPart(context, usable, opened, job));
  const thumbnails = new Uint8Array(await new Blob(part.rows.map(({ thumbnail }) => thumbnail)).arrayBuffer());
  holder.part = { ...part, thumbnails };
  return {
    rows: part.rows.map(({ path, hash, thumbnail }) => ({ path, hash, thumbnailBytes: thumbnail.size })),
    dimensions: part.dimensions,
    failures: part.failures.map(({ path, reason }) => ({ path, reason: inEnglish(reason) })),
  };
}

/** Features of rows `start` … `start + count − 1`. */
export function partRows(holder: PartHolder, start: number, count: number): Uint8Array {
  const { matrix, dimensions } = lastPart(holder);
  const rows = matrix.subarray(start * dimensions, (start + count) * dimensions);
  return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
}

/** All thumbnails one behind another: bytes `start` … `end − 1` of them. */
export function partThumbnails(holder: PartHolder, start: number, end: number): Uint8Array {
  return lastPart(holder).thumbnails.subarray(start, end);
}

function lastPart({ part }: PartHolder) {
  if (!part) throw new AppError('bad-argument', 'No part has been embedded.');
  return part;
}

async function usableNow(weights: Weights): Promise<UsableWeights> {
  if (weights.architecture !== 'colour-gradient' && !cachedWeights(weights.id)) {
    await shown(`Downloading ${weights.label}`, 'bytes', (job) => fetchWeights(context, weights, job));
  }
  const usable = usableWeights(weights);
  if (!usable) throw new AppError('weights-missing', `There are no weights ${weights.id}.`);
  return usable;
}

async function fetched(address: string): Promise<Blob> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.blob();
}

/** Shown as a job, for the line of progress; fails as its work fails. */
async function shown<T>(stage: string, unit: string, work: (job: JobContext) => Promise<T>): Promise<T> {
  const ended: PromiseSettledResult<T>[] = [];
  await jobs.run({ screen: 'data', stage, unit }, async (job) => {
    const [result] = await Promise.allSettled([work(job)]);
    ended.push(result);
    if (result.status === 'rejected') throw result.reason;
  });
  const [result] = ended;
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason ?? aborted();
}
