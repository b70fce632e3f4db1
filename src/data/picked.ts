import { fromFile } from './dropped.ts';
import { folderOf, isSystemPath } from './file-kinds.ts';
import { assertFileCount, type ListedFile, type Listing, type ListOptions } from './listing.ts';
import { listSources } from './sources.ts';

/**
 * Lists the files of a picker: of a folder picker by their relative paths (which tell nothing of empty folders), of a
 * plain one by their names, archives expanded. Throws as `listSources` does.
 */
export async function listFiles(files: readonly File[], options: ListOptions): Promise<Listing> {
  assertFileCount(files.length);
  const loose = files.filter((file) => !file.webkitRelativePath);
  const listing = await listSources(loose.map(fromFile), options);
  const fromFolder: ListedFile[] = [];
  const directories = new Set<string>();
  for (const file of files) {
    const path = file.webkitRelativePath;
    if (!path || isSystemPath(path)) continue;
    fromFolder.push({ path, bytes: file.size, open: async () => file });
    for (let folder = folderOf(path); folder !== '' && !directories.has(folder); folder = folderOf(folder)) {
      directories.add(folder);
    }
  }
  options.onCount?.(listing.files.length + fromFolder.length);
  return {
    files: listing.files.concat(fromFolder),
    directories: [...directories, ...listing.directories],
    problems: listing.problems,
  };
}
