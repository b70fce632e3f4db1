import { AppError } from '../../src/errors.ts';
import { widenHalf } from '../../src/math/half.ts';
import type { VectorType } from './collection.ts';

/** A vector that pgvector sent (copy-format.ts) in float32. Throws AppError 'internal' where it has other dimensions. */
export function sentVector(bytes: Buffer, type: VectorType, dimensions: number): Float32Array<ArrayBuffer> {
  const width = type === 'vector' ? 4 : 2;
  if (bytes.length !== 4 + dimensions * width || bytes.readUInt16BE(0) !== dimensions) {
    throw new AppError('internal', `The engine sent ${bytes.length} bytes for a vector of ${dimensions} numbers.`);
  }
  const at = (i: number) => 4 + i * width;
  return type === 'vector'
    ? Float32Array.from({ length: dimensions }, (_, i) => bytes.readFloatBE(at(i)))
    : widenHalf(Uint16Array.from({ length: dimensions }, (_, i) => bytes.readUInt16BE(at(i))));
}
