/** A tensor to be written. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A safetensors file (huggingface.co/docs/safetensors) of F32 tensors, in the order given, with metadata. Little-endian,
 * as every platform with a browser is.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WrittenTensor>>,
  metadata: Readonly<Record<string, string>>,
): Blob {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, as the format suggests, so that the data start at a multiple of 8.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const start = new Uint8Array(8 + headerBytes).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerBytes), true);
  start.set(json, 8);
  return new Blob([start, ...Object.values(tensors).map(({ values }) => values)], { type: 'application/octet-stream' });
}
