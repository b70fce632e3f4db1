/** Little-endian, as the format wants it. */
export function safetensors(tensors: Readonly<Record<string, readonly number[]>>, seed = 1): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  let bytes = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const length = shape.reduce((product, side) => product * side, 2);
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

/** The tensors by which DeiT-Tiny is recognised, and no others: about 600 kB. */
export function tinyWeights(): Uint8Array<ArrayBuffer> {
  return safetensors({
    'blocks.11.attn.qkv.weight': [576, 192],
    'patch_embed.proj.weight': [192, 3, 16, 16],
    pos_embed: [1, 197, 192],
  });
}

export const tinyConfig = {
  architecture: 'deit_tiny_patch16_224',
  num_features: 192,
  pretrained_cfg: {
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    crop_pct: 0.875,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
};
