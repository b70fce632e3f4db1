import { AppError } from '../../src/errors.ts';
import { widenHalf } from '../../src/math/half.ts';
import type { VectorType } from './collection.ts';

/** A vector that pgvector sent (copy-format.ts) in float32. Throws AppError 'internal' where it has other dimensions. */
export function sentVector(bytes: Buffer, type: VectorType, dimensions: number): Float32Array<ArrayBuffer> {
  const width = type === 'vector' ? 4 : 2;
  if (bytes.length !== 4 + dimensions * width || bytes.readUInt16BE(0) !== dimensions) {
    throw new AppError('internal', `The engine sent ${bytes.length} bytes for a vector of ${dimensions} numbers.`);
  }
  const numbers = Uint8Array.from(bytes.subarray(4));
  const swapped = Buffer.from(numbers.buffer);
  if (type === 'vector') {
    swapped.swap32();
    return new Float32Array(numbers.buffer);
  }
  swapped.swap16();
  return widenHalf(new Uint16Array(numbers.buffer));
}
