/** What a file is taken for by its name alone. Whether an image can be opened is known only after decoding. */
export type FileKind = 'system' | 'image' | 'ground-truth' | 'other';

/** Left behind by operating systems, file managers and tools; never what a user means by "my images". Lower case. */
const SYSTEM_FILES = new Set([
  'thumbs.db',
  'thumbs.db:encryptable',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  '.ds_store',
  '.localized',
  '.directory',
  '.nomedia',
  'icon\r',
]);

/** Some of these hold copies of the images (thumbnails, AppleDouble), which would count twice. Lower case. */
const SYSTEM_FOLDERS = new Set([
  '__macosx',
  '.appledouble',
  '.spotlight-v100',
  '.trashes',
  '.trash',
  '.fseventsd',
  '.temporaryitems',
  '.documentrevisions-v100',
  '$recycle.bin',
  'system volume information',
  '@eadir',
  '.thumbnails',
  '.ipynb_checkpoints',
  '.svn',
  '.hg',
]);

/**
 * Formats that no browser opens (TIFF, HEIC, raw photos …) are here too: they are images, and the user is told
 * that they cannot be opened, not that they are something else.
 */
const IMAGE_EXTENSIONS = new Set(
  (
    'jpg jpeg jpe jfif pjpeg pjp png apng gif webp avif avifs bmp dib ico cur svg tif tiff ' +
    'jp2 j2k jpf jpx jxl heic heif ppm pgm pbm pnm tga psd dng cr2 cr3 nef arw raf orf rw2'
  ).split(' '),
);

/** Whether a file or folder of this name (not path) is a system's, to be ignored with all that is below it. */
export function isSystemName(name: string): boolean {
  // '._' starts AppleDouble files, '.git' the repository, its ignore and keep files.
  if (name.startsWith('._') || name.startsWith('.git')) return true;
  const lower = name.toLowerCase();
  return SYSTEM_FILES.has(lower) || SYSTEM_FOLDERS.has(lower);
}

/** The lower-case extension without its dot, or '' where there is none. */
export function extensionOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  // A leading dot hides a file; it starts no extension.
  if (dot <= 0) return '';
  const extension = name.slice(dot + 1).toLowerCase();
  // "Dr. Smith" and "frame.0001" have dots, but no extension.
  return /^[a-z0-9]{1,12}$/.test(extension) && !/^\d+$/.test(extension) ? extension : '';
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder that a path lies in; '' at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path below a folder; '' is the top. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether any folder of a path, or its last name, is a system's. */
export function isSystemPath(path: string): boolean {
  return path.split('/').some(isSystemName);
}

/** The kind of a file outside system folders. Without an extension it counts as an image: decoding decides. */
export function kindByName(name: string): FileKind {
  if (isSystemName(name)) return 'system';
  const extension = extensionOf(name);
  if (extension === '' || IMAGE_EXTENSIONS.has(extension)) return 'image';
  return /^ground_truth\.(json|csv)$/i.test(name) ? 'ground-truth' : 'other';
}
