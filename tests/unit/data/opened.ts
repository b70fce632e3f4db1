import type { Choices } from '../../../src/data/choices.ts';
import { NO_CHOICES } from '../../../src/data/choices.ts';
import { type DerivedImages, deriveImages } from '../../../src/data/derive-images.ts';
import { findLabelFiles } from '../../../src/data/find-ground-truth.ts';
import type { ListedFile, Listing } from '../../../src/data/listing.ts';
import { readLabelFiles, readLabelsOf } from '../../../src/data/read-labels.ts';
import { siftListing } from '../../../src/data/sift.ts';
import type { Problem } from '../../../src/types.ts';

const signal = new AbortController().signal;

interface Opened extends DerivedImages {
  /** Problems of the label files, beside those of the data set. */
  readonly tableProblems: readonly Problem[];
  /** The same with a decision. */
  choose(choices: Choices): DerivedImages;
}

/** What the app makes of a drop: every step but reading the images. */
export async function open(listing: Listing, choices: Choices = NO_CHOICES): Promise<Opened> {
  const sifted = await siftListing(listing, { signal });
  const paths = sifted.images.map(({ path }) => path);
  const tables = await findLabelFiles(sifted);
  const { labels, problems } = await readLabelFiles(tables, paths, (file, path, linked) =>
    readLabelsOf(file, path, paths, linked),
  );
  const files = { datasetId: 'd', files: sifted.images, emptyFolders: sifted.emptyFolders };
  const derive = (decided: Choices) => deriveImages(files, labels?.truth ?? null, decided);
  return { ...derive(choices), tableProblems: [...problems, ...tables.problems], choose: derive };
}

/** Paths, with the contents of those that are no images. */
export function dropOf(paths: readonly string[], contents: Readonly<Record<string, BlobPart>> = {}): Listing {
  const files = [...paths, ...Object.keys(contents)].map((path): ListedFile => {
    const blob = new Blob([contents[path] ?? path]);
    return { path, bytes: blob.size, open: async () => blob };
  });
  return { files, directories: [], problems: [] };
}
