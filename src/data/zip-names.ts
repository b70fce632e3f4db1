/** Longer than any file system's limit. */
const MAX_LENGTH = 4096;

/** A name that may be used as a path, or the reason why it may not (to follow "it"). */
export type CheckedName = { readonly path: string } | { readonly refused: string };

/**
 * Checks an archive entry's name. Names that a careless program would write outside its folder are refused, never
 * repaired: who made them is unlikely to have meant well. Percent signs mean nothing here.
 */
export function checkZipName(name: string): CheckedName {
  if (name.includes('\0')) return { refused: 'has an unprintable name' };
  if (name.includes('\\')) return { refused: 'has a backslash in its name' };
  if (name.startsWith('/')) return { refused: 'has an absolute path' };
  const parts = name.split('/');
  if (parts.includes('..')) return { refused: 'has a path that leads out of the archive' };
  // "./a" and "a//b" are harmless: some tools write them.
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  if (/^[a-z]:/i.test(path)) return { refused: 'has a drive letter in its path' };
  if (path === '') return { refused: 'has no name' };
  if (path.length > MAX_LENGTH) return { refused: 'has a path that is too long' };
  return { path };
}

/** An archive's file name without its ending: the folder that it stands for. */
export function archiveFolder(name: string): string {
  return name.replace(/\.zip$/i, '') || 'archive';
}
