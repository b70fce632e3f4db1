import type { ListedFile } from '../../data/listing.ts';

type ReadableFiles = ReadonlyMap<string, ListedFile>;

/** By data set: what was dropped stays readable when another data set is looked at in between. */
const readableOf = new Map<string, ReadableFiles>();

/** The files of a data set that were dropped since the page was loaded, by path. */
export const readableFiles = (datasetId: string): ReadableFiles => readableOf.get(datasetId) ?? new Map();

export function keepReadable(datasetId: string, files: ReadableFiles): void {
  readableOf.set(datasetId, files);
}

/** Lets go of all dropped files. */
export function forgetFiles(): void {
  readableOf.clear();
}
