import { extensionOf, folderOf, kindByName, nameOf } from './file-kinds.ts';
import { assertGroundTruthSize, type GroundTruth, groundTruthRefused } from './ground-truth.ts';
import { looksLikeGroundTruthCsv, parseGroundTruthCsv } from './ground-truth-csv.ts';
import { parseGroundTruthJson } from './ground-truth-json.ts';
import type { ListedFile } from './listing.ts';
import { readBytes } from './read-bytes.ts';
import { countByFolder, recogniseLayout } from './roles.ts';
import type { Sifted } from './sift.ts';

/** Enough for a header line. */
const HEADER_BYTES = 4096;

/**
 * The file among those that are no images (`sift`) that labels are taken from: `ground_truth.json` or `.csv`, or any CSV
 * that has the columns; at the top, at the data set's root (wrapping folders left behind) or directly in `test`. Null
 * where there is none.
 */
export async function findGroundTruth({
  images,
  others,
}: Pick<Sifted<ListedFile>, 'images' | 'others'>): Promise<ListedFile | null> {
  if (others.length === 0) return null;
  const { root } = recogniseLayout(countByFolder(images));
  const near = others.filter(({ path }) => {
    const folder = folderOf(path);
    return folder === '' || folder === root || isTestFolder(folder, root);
  });
  for (const extension of ['json', 'csv']) {
    const named = near.find(
      ({ path }) => kindByName(nameOf(path)) === 'ground-truth' && extensionOf(path) === extension,
    );
    if (named) return named;
  }
  for (const file of near) {
    if (extensionOf(file.path) === 'csv' && (await hasColumns(file))) return file;
  }
  return null;
}

/**
 * The text of a ground truth file. Throws AppError 'ground-truth-refused' where it is too large, which is seen without
 * reading it, or no UTF-8; 'files-gone'.
 */
export async function readGroundTruth(file: Blob): Promise<string> {
  assertGroundTruthSize(file.size);
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    // Read all the same, names with other letters than English ones would fit no file.
    throw groundTruthRefused('it is not UTF-8 (in a spreadsheet, save it as “CSV UTF-8”)', cause);
  }
}

/** Labels from the text of a file of either kind, told by its name. Throws AppError 'ground-truth-refused'. */
export function parseGroundTruth(text: string, name: string): GroundTruth {
  return extensionOf(name) === 'csv' ? parseGroundTruthCsv(text) : parseGroundTruthJson(text);
}

function isTestFolder(folder: string, root: string): boolean {
  return folderOf(folder) === root && nameOf(folder).toLowerCase() === 'test';
}

async function hasColumns(file: ListedFile): Promise<boolean> {
  try {
    return looksLikeGroundTruthCsv(await (await file.open()).slice(0, HEADER_BYTES).text());
  } catch {
    // An unreadable CSV is no ground truth; the listing shows it among the files that are not images.
    return false;
  }
}
