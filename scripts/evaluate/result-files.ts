import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { MatrixSource } from '../../src/app/automation/automation-types.ts';
import { AppError } from '../../src/errors.ts';
import { npyHeader } from '../../src/exports/npy.ts';
import { type RankedQuery, rankingsJson } from '../../src/exports/rankings.ts';
import type { RunIdentity } from '../../src/exports/report.ts';
import type { LikenessPage } from './likeness-page.ts';

/** What is fetched from the page at a time. */
const queriesAtATime = 500;
const bytesAtATime = 4_000_000;

/** Makes the folder of a file, so that a path that cannot be written is known before the work begins. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new AppError('bad-argument', `The folder ${folder} cannot be made.`, { cause: error });
  }
}

/** Writes a file under another name and gives it its own when it is whole. */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('internal', `${path} could not be written.`, { cause: error });
  }
}

/** `rankings.json` as it is for a single run; `rankings.<run>.json` where there are several. */
export function rankingsPath(path: string, run: string, runs: number): string {
  const { dir, name, ext } = parse(path);
  return runs === 1 ? path : join(dir, `${name}.${run}${ext}`);
}

export async function writeRankings(page: LikenessPage, run: RunIdentity, path: string): Promise<void> {
  const all: RankedQuery[] = [];
  for (;;) {
    const some = await page.rankings(run, all.length, queriesAtATime);
    all.push(...some);
    if (some.length < queriesAtATime) break;
  }
  await writeWhole(path, (temporary) => writeFile(temporary, [...rankingsJson(all)].join('')));
}

/** Writes `<name>.npy` (float32, a row an image) and `<name>.json` (their file names) in `folder`. */
export async function writeMatrix(
  page: LikenessPage,
  source: MatrixSource,
  folder: string,
  name: string,
): Promise<void> {
  const { files, dimensions } = await page.matrix(source);
  const bytesARow = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const rowsAtATime = Math.max(1, Math.floor(bytesAtATime / bytesARow));
  await writeWhole(join(folder, `${name}.npy`), async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      await file.write(npyHeader([files.length, dimensions]));
      for (let start = 0; start < files.length; start += rowsAtATime) {
        const count = Math.min(rowsAtATime, files.length - start);
        const rows = Buffer.from(await page.matrixRows(source, start, count), 'base64');
        if (rows.length !== count * bytesARow) {
          throw new AppError('internal', `${name}: ${rows.length} bytes came for ${count} rows of ${bytesARow}.`);
        }
        await file.write(rows);
      }
    } finally {
      await file.close();
    }
  });
  await writeWhole(join(folder, `${name}.json`), (temporary) => writeFile(temporary, `${JSON.stringify(files)}\n`));
}
