import { extensionOf, nameOf } from './file-kinds.ts';

/** Archives that are not read here, by their names' endings. */
const BY_NAME: readonly (readonly [ending: RegExp, kind: string])[] = [
  [/\.(tar\.[a-z0-9]{1,4}|tgz|tbz2?|txz|tzst)$/, 'a packed TAR archive'],
  [/\.tar$/, 'a TAR archive'],
  [/\.7z(\.\d{3})?$/, 'a 7-Zip archive'],
  [/\.(rar|r\d\d)$/, 'a RAR archive'],
  [/\.(zip\.\d{3}|z\d\d|zipx)$/, 'a part of a ZIP archive, or one of another kind'],
  [/\.(gz|bz2|xz|zst|lz4|lzma|z)$/, 'a packed file'],
  [/\.(iso|dmg|img|cab|arj|lha|lzh|ace|wim)$/, 'an archive or a disk image'],
];

/** Bytes at their places, as Latin-1 text. */
const BY_BYTES: readonly (readonly [at: number, signature: string, kind: string])[] = [
  [0, '7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  [0, 'Rar!\x1a\x07', 'a RAR archive'],
  [257, 'ustar', 'a TAR archive'],
  [0, '\x1f\x8b\x08', 'a file packed with gzip'],
  [0, 'BZh', 'a file packed with bzip2'],
  [0, '\xfd7zXZ\0', 'a file packed with xz'],
  [0, '\x28\xb5\x2f\xfd', 'a file packed with Zstandard'],
];

/** First bytes that tell a file’s kind. */
export const SIGNATURE_BYTES = 512;

/** What kind of archive a file is by its name that is none of ours ("a RAR archive"), or null. */
export function foreignArchive(path: string): string | null {
  const name = nameOf(path).toLowerCase();
  return BY_NAME.find(([ending]) => ending.test(name))?.[1] ?? null;
}

/** The same by its first bytes, whatever its name. */
export function foreignKind(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head.subarray(0, SIGNATURE_BYTES));
  return BY_BYTES.find(([at, signature]) => text.startsWith(signature, at))?.[2] ?? null;
}

const WEIGHTS = new Set(
  'safetensors pt pth ckpt onnx keras gguf tflite msgpack engine mlmodel pb torchscript'.split(' '),
);

/** Kinds of files that hold labels or images in a form that is not read here: what each is, and what to do. */
const KINDS: readonly (readonly [is: (name: string, ending: string) => boolean, sentence: string])[] = [
  [
    of('xlsx xls xlsm ods numbers'),
    'is a spreadsheet, which is not read; save it as CSV if the classes of images are in it',
  ],
  [
    of('mat'),
    'is a MATLAB file, which is not read; if the classes of images are in it, write them to a CSV with the columns file and class (scipy.io.loadmat reads it in Python)',
  ],
  [
    (name) => name === 'data.pkl',
    'is the inside of a PyTorch checkpoint; give the archive a name that ends in .pt and drop it again, to be told how its weights can be used',
  ],
  [
    (name, ending) => WEIGHTS.has(ending) || name.endsWith('.weights.h5') || name.endsWith('.safetensors.index.json'),
    'holds weights of a network; drop it by itself to use them, or to be told how they can be used',
  ],
  [
    of('npy npz pkl pickle joblib'),
    'is data of Python, which is not read here; if the classes of images are in it, write them to a CSV with the columns file and class',
  ],
  [
    of('h5 hdf5 lmdb mdb tfrecord tfrecords rec parquet arrow feather'),
    'is a file that images are packed in, which is not read; write each image to a file of its own, in a folder for each class',
  ],
  [
    (name) => /(^|[-_.])idx[1-4]-(ubyte|float|int)$/.test(name),
    'is a file that images are packed in, which is not read; write each image to a file of its own, in a folder for each class',
  ],
  [
    (name, ending) => ending === 'xml' || /^_?annotations?.*\.ya?ml$/.test(name),
    'is an XML file, whose annotations are not read; if classes are in it, export them as CSV or COCO JSON',
  ],
  [
    (name) => /^(data|dataset)\.ya?ml$|^obj\.(data|names)$/.test(name),
    'describes boxes as YOLO has them, which are not read; export them as COCO JSON to use their classes',
  ],
  [of('mp4 mov avi mkv webm m4v mpg'), 'is a video; save its frames as images to use them'],
  [of('pdf doc docx ppt pptx'), 'is a document; save the pictures in it as images to use them'],
];

function of(endings: string): (name: string, ending: string) => boolean {
  const known = new Set(endings.split(' '));
  return (_, ending) => known.has(ending);
}

/** What a file is that is neither image nor table, and what to do with it, behind its name; null where nothing is known of it. */
export function knownKind(path: string): string | null {
  const name = nameOf(path).toLowerCase();
  return KINDS.find(([is]) => is(name, extensionOf(path)))?.[1] ?? null;
}
