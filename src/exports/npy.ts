const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 0x01, 0x00]; // '\x93NUMPY', format 1.0

/**
 * The header of a .npy file of float32 (or float16) rows in C order; the values follow it, little-endian. Its length is a
 * multiple of 64.
 */
export function npyHeader(shape: readonly number[], type: 'f4' | 'f2' = 'f4'): Uint8Array<ArrayBuffer> {
  // A tuple of one is written with a comma in Python.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = magic.length + 2;
  const total = Math.ceil((start + dictionary.length + 1) / 64) * 64;
  const text = `${dictionary.padEnd(total - start - 1)}\n`;
  const header = new Uint8Array(total);
  header.set(magic);
  new DataView(header.buffer).setUint16(magic.length, text.length, true);
  header.set(new TextEncoder().encode(text), start);
  return header;
}

/** A .npy file that NumPy's `load` reads as a float32 array of this shape. */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const values = shape.reduce((product, length) => product * length, 1);
  if (values !== data.length)
    throw new RangeError(`${data.length} values do not fill the shape (${shape.join(', ')}).`);
  const header = npyHeader(shape);
  const file = new Uint8Array(header.length + data.byteLength);
  file.set(header);
  const body = new DataView(file.buffer, header.length);
  data.forEach((value, i) => {
    body.setFloat32(i * Float32Array.BYTES_PER_ELEMENT, value, true);
  });
  return file;
}

/**
 * The same file as a Blob, without a copy of the values in between: a matrix of 10,000 × 2,048 has 82 MB. Browsers run
 * on little-endian machines alone, so the values lie in memory as they lie in the file.
 */
export function npyBlob(data: Float32Array<ArrayBuffer>, shape: readonly number[]): Blob {
  const values = shape.reduce((product, length) => product * length, 1);
  if (values !== data.length)
    throw new RangeError(`${data.length} values do not fill the shape (${shape.join(', ')}).`);
  return new Blob([npyHeader(shape), data], { type: 'application/octet-stream' });
}
