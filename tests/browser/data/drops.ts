import type { DroppedEntry, DroppedItem } from '../../../src/data/dropped.ts';

/** Folders and files as a drop event hands them over, synthetic: real ones cannot be made by a script. */
export type Tree = { readonly [name: string]: Tree | Blob | Error };

/** Chromium's number of entries a call. */
const BATCH = 100;

/** A folder (or, from a Blob, a file) as a dropped item's entry. An Error is thrown where it is read. */
export function entryOf(name: string, content: Tree | Blob | Error | (() => Tree)): DroppedEntry {
  const isFile = content instanceof Blob;
  const entry = {
    name,
    isFile,
    isDirectory: !isFile,
    file(resolve: (file: File) => void, reject: (error: unknown) => void) {
      if (content instanceof Blob) queueMicrotask(() => resolve(new File([content], name)));
      else reject(new TypeError('not a file'));
    },
    createReader() {
      const entries =
        content instanceof Blob || content instanceof Error
          ? []
          : Object.entries(typeof content === 'function' ? content() : content);
      let at = 0;
      return {
        readEntries(resolve: (entries: DroppedEntry[]) => void, reject: (error: unknown) => void) {
          const batch = entries.slice(at, at + BATCH);
          at += BATCH;
          // Worse than real: without a task between two answers, only the product's own pauses let the page breathe.
          queueMicrotask(() =>
            content instanceof Error ? reject(content) : resolve(batch.map(([child, below]) => entryOf(child, below))),
          );
        },
      };
    },
  };
  return entry;
}

/** Items as of a drop event; they die with `end`, as a real drop's do when the event is over. */
export function dropOf(
  entries: readonly (DroppedEntry | File)[],
  handle?: (name: string) => Promise<FileSystemHandle | null>,
): { items: readonly DroppedItem[]; end: () => void } {
  let alive = true;
  const items = entries.map(
    (entry): DroppedItem => ({
      kind: 'file',
      webkitGetAsEntry: () => (alive && !(entry instanceof File) ? entry : null),
      getAsFile: () => (alive && entry instanceof File ? entry : null),
      ...(handle
        ? { getAsFileSystemHandle: () => (alive ? handle(entry.name) : Promise.reject(new Error('late'))) }
        : {}),
    }),
  );
  const list = [{ kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null }, ...items];
  return {
    items: list,
    end: () => {
      alive = false;
    },
  };
}
