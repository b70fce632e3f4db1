import { tensorsOf } from '../src/models/networks/network.ts';
import type { ArchitectureName } from '../src/types.ts';

/** Little-endian F16, as the format wants it. */
export function safetensors(
  tensors: Readonly<Record<string, readonly number[]>> | ReadonlyMap<string, readonly number[]>,
  seed = 1,
): Uint8Array<ArrayBuffer> {
  const entries = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const header: Record<string, unknown> = {};
  let bytes = 0;
  for (const [name, shape] of entries) {
    const length = shape.reduce((product: number, side: number) => product * side, 2);
    header[name] = { dtype: 'F16', shape, data_offsets: [bytes, bytes + length] };
    bytes += length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  // High bytes below 0x7c make finite halves; no two stretches of the file are alike.
  let state = seed;
  for (let i = 8 + json.length; i < file.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    file[i] = (state >>> 24) % 0x7c;
  }
  return file;
}

/** The smallest network that there is, and its weights on the hub. */
export const TINY = 'mobilenetv3_small_050' satisfies ArchitectureName;
export const TINY_ID = `${TINY}.lamb_in1k`;

/** All tensors of a network: 1.2 MB for the smallest. */
export function wholeWeights(architecture: ArchitectureName, seed = 1): Uint8Array<ArrayBuffer> {
  return safetensors(tensorsOf(architecture), seed);
}

export const tinyWeights = (): Uint8Array<ArrayBuffer> => wholeWeights(TINY);

export function configOf(architecture: ArchitectureName) {
  return {
    architecture,
    pretrained_cfg: {
      input_size: [3, 224, 224],
      interpolation: 'bicubic',
      crop_pct: 0.875,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
  };
}

export const tinyConfig = configOf(TINY);
