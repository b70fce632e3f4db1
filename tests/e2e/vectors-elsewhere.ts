import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeNpy } from '../../src/exports/npy.ts';
import { joinRows } from '../../src/math/vectors.ts';

/** Vectors as another program would hand them on, a matrix and the paths in row order: the two files. They become the model “elsewhere”. */
export async function writeVectors(folder: string, rows: ReadonlyMap<string, Float32Array>): Promise<string[]> {
  const [matrix, names] = [join(folder, 'elsewhere.npy'), join(folder, 'elsewhere.json')];
  const width = [...rows.values()][0]?.length ?? 0;
  await writeFile(matrix, encodeNpy(joinRows([...rows.values()]), [rows.size, width]));
  await writeFile(names, JSON.stringify([...rows.keys()]));
  return [matrix, names];
}
