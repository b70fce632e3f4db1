import { AppError } from '../errors.ts';
import { partsOfId } from '../models/specs/variants.ts';
import { inMegabytes } from '../numerals.ts';
import type { Weights } from '../types.ts';

/** What a computation ends with that needs weights which this browser does not have: how large they are, and where they are. */
export function missingWeights({ id, label, bytes, origin }: Weights, cause?: unknown): AppError {
  const { weightsId } = partsOfId(id);
  const size = bytes === null ? '' : ` (${inMegabytes(bytes)})`;
  const sentence = `This needs the weights of ${label}${size}, which are not in this browser.`;
  if (origin === 'origin') return new AppError('weights-missing', sentence, { cause, weightsId });
  if (origin === 'hub') {
    return new AppError('weights-missing', `${sentence} They can be downloaded from the Hugging Face hub.`, {
      cause,
      weightsId,
    });
  }
  return new AppError('weights-missing', `${sentence} Drop their model.safetensors.`, { cause });
}
