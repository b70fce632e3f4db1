import * as v from 'valibot';
import type { WeightSource } from '../src/models/networks/operations.ts';

/**
 * Networks whose weights and input a formula defines, so that PyTorch's answer can be compared without weight files.
 * u(name, i) is the MurmurHash3 finaliser of FNV-1a(name) + i · 0x9E3779B9, scaled to [0, 1).
 */
const fixtureSchema = v.object({
  /** Side of the input; 224 where it is not given. */
  side: v.optional(v.number(), 224),
  /** Every four-dimensional parameter is multiplied by it. */
  kernelGain: v.optional(v.number(), 1),
  parameters: v.record(v.string(), v.array(v.number())),
  features: v.object({
    shape: v.tuple([v.number(), v.number()]),
    float32: v.string(),
    /** How far PyTorch in single precision lies from the reference. */
    pytorchFloat32RelativeError: v.optional(v.number()),
  }),
});

export const IMAGES = 2;

type Shapes = ReadonlyMap<string, readonly number[]>;

export interface FormulaFixture {
  readonly source: WeightSource;
  readonly shapes: Shapes;
  /** Side of the input images. */
  readonly side: number;
  /** PyTorch's features, a row an image. */
  readonly reference: readonly [Float32Array, Float32Array];
  /** Null where the reference is itself in single precision. */
  readonly pytorchError: number | null;
}

/** @param json a file of tests/fixtures/parity */
export function openFixture(json: unknown): FormulaFixture {
  const { side, kernelGain, parameters, features } = v.parse(fixtureSchema, json);
  const shapes = new Map(Object.entries(parameters));
  const values = decodeFloats(features.float32);
  const [images, width] = features.shape;
  if (images !== IMAGES || values.length !== images * width) throw new Error('The fixture is damaged.');
  return {
    source: formulaSource(shapes, kernelGain),
    shapes,
    side,
    reference: [values.subarray(0, width), values.subarray(width)],
    pytorchError: features.pytorchFloat32RelativeError ?? null,
  };
}

/** Weights of these names and shapes. */
export function formulaSource(shapes: Shapes, kernelGain = 1): WeightSource {
  return {
    shape: (name) => shapes.get(name),
    read: async (name) => formulaTensor(name, shapes.get(name) ?? [], kernelGain),
  };
}

/** A fixture's weights as a file, F32. */
export function formulaFile(json: unknown): Blob {
  return formulaFileOf(openFixture(json).shapes);
}

/** Weights of these names and shapes as a file, F32. */
export function formulaFileOf(shapes: Shapes): Blob {
  const header: Record<string, unknown> = {};
  const data: Float32Array<ArrayBuffer>[] = [];
  let end = 0;
  for (const [name, shape] of shapes) {
    const values = formulaTensor(name, shape, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
    data.push(values);
  }
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(headerBytes.length)]), headerBytes, ...data]);
}

export function decodeFloats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

/** One input image, [1, side, side, 3] (the formula counts in torch's order: channel, row, column). */
export function formulaImage(index: number, side = 224): Float32Array {
  const plane = side * side;
  const seed = fnv1a('input');
  const image = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < plane; pixel++) {
      image[pixel * 3 + channel] = 4 * (uniform(seed, (index * 3 + channel) * plane + pixel) - 0.5);
    }
  }
  return image;
}

function formulaTensor(name: string, shape: readonly number[], kernelGain: number): Float32Array<ArrayBuffer> {
  const length = shape.reduce((product, side) => product * side, 1);
  const [factor, offset] = spread(name, shape, length);
  const seed = fnv1a(name);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = factor * uniform(seed, i) + offset;
  if (kernelGain !== 1 && shape.length === 4) {
    const gain = Math.fround(kernelGain);
    for (let i = 0; i < length; i++) values[i] = (values[i] ?? 0) * gain;
  }
  return values;
}

/** Tokens and positions, which are small numbers around 0. */
const EMBEDDED = ['cls_token', 'dist_token', 'reg_token', 'pos_embed', 'attn_pool.latent'];

/** The values are factor · u + offset. */
function spread(name: string, shape: readonly number[], length: number): [factor: number, offset: number] {
  if (name.endsWith('running_var')) return [1, 0.5];
  if (name.endsWith('running_mean') || name.endsWith('bias')) return [0.2, -0.1];
  if (name.endsWith('.gamma')) return [0.5, 0.25];
  if (EMBEDDED.includes(name)) return [0.5, -0.25];
  if (shape.length === 1) return [0.5, 0.75];
  const bound = Math.sqrt((shape.length === 4 ? 6 : 3) / (length / (shape[0] ?? 1)));
  return [2 * bound, -bound];
}

function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function uniform(seed: number, index: number): number {
  let x = (seed + Math.imul(index, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
