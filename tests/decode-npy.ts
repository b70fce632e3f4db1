/** Reads a .npy file of float32 rows, strictly: anything unexpected in the header throws. */
export function decodeNpy(file: Uint8Array): { shape: number[]; data: Float32Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = String.fromCharCode(...file.subarray(0, 6));
  if (magic !== '\x93NUMPY' || file[6] !== 1 || file[7] !== 0) throw new Error('Not a .npy file of format 1.0.');
  const headerLength = view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(file.subarray(10, 10 + headerLength));
  const match = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(header);
  if (!match || (10 + headerLength) % 64 !== 0) throw new Error(`Unexpected header: ${header}`);
  const shape = (match[1] ?? '').split(',').flatMap((length) => (length.trim() === '' ? [] : [Number(length)]));
  const count = shape.reduce((product, length) => product * length, 1);
  const start = 10 + headerLength;
  if (file.length - start !== count * 4) throw new Error(`${file.length - start} bytes for ${count} values.`);
  return { shape, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i, true)) };
}
