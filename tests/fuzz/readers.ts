import { crc32, deflateRawSync } from 'node:zlib';
import { NO_CHOICES } from '../../src/data/choices.ts';
import { deriveImages } from '../../src/data/derive-images.ts';
import type { GroundTruth } from '../../src/data/ground-truth.ts';
import { looksLikeGroundTruthJson, writeGroundTruthJson } from '../../src/data/ground-truth-json.ts';
import { recogniseFormat } from '../../src/data/image-format.ts';
import { headerSize } from '../../src/data/image-size.ts';
import { knownNames } from '../../src/data/known-names.ts';
import { parseGroundTruth } from '../../src/data/label-forms.ts';
import { placeLabels } from '../../src/data/place-labels.ts';
import { readGroundTruth } from '../../src/data/read-labels.ts';
import { listZip } from '../../src/data/zip.ts';
import { AppError, type ErrorCode } from '../../src/errors.ts';
import { loadHead, saveHead } from '../../src/heads/head-file.ts';
import { defaultRecipe } from '../../src/heads/recipe.ts';
import type { Random } from '../../src/math/random.ts';
import { parseModelConfig } from '../../src/models/config.ts';
import { openSafetensors } from '../../src/models/safetensors.ts';
import { ARCHITECTURES } from '../../src/models/specs/architectures.ts';
import { cachedSchema, listingSchema, parseRecord, treeSchema } from '../../src/models/weights/records.ts';
import { nameKey } from '../../src/names.ts';
import { tinyConfig } from '../tiny-weights.ts';
import { datasetFile } from './dataset-target.ts';
import { forgedWeights } from './forged.ts';
import { joined, mutated, pick } from './mutate.ts';
import { labelFile, oddArchive, TABLE_PATHS } from './structured.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A reader of files, good files of its kind, and the codes that it may refuse a file with. */
export interface Target {
  readonly name: string;
  readonly codes: readonly ErrorCode[];
  /** A damaged file. */
  make(random: Random): Bytes;
  /** Reads it; throws an AppError, or an Error where something was let through that must not be. */
  read(bytes: Bytes): Promise<void>;
}

const encode = (text: string): Bytes => joined([new TextEncoder().encode(text)]);

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Let through: ${what}.`);
}

/** Damage to the header alone, its length set right again: else hardly a file gets past the first eight bytes. */
function headerMutated(file: Bytes, random: Random): Bytes {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = mutated(file.slice(8, 8 + length), random);
  return joined([
    new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer),
    header,
    file.subarray(8 + length),
  ]);
}

function anyMutated(files: readonly Bytes[]) {
  return (random: Random) => mutated(pick(files, random), random);
}

const weights = (() => {
  const header = {
    __metadata__: { format: 'pt' },
    a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'b.weight': { dtype: 'F16', shape: [4], data_offsets: [24, 32] },
    c: { dtype: 'BF16', shape: [], data_offsets: [32, 34] },
    d: { dtype: 'I64', shape: [0], data_offsets: [34, 34] },
  };
  const text = encode(JSON.stringify(header));
  return joined([
    new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer),
    text,
    new Uint8Array(34).fill(0x3c),
  ]);
})();

const safetensors: Target = {
  name: 'weight file',
  codes: ['weights-refused'],
  make: (random) =>
    pick([() => mutated(weights, random), () => headerMutated(weights, random), () => forgedWeights(random)], random)(),
  async read(bytes) {
    const { tensors, read } = await openSafetensors(new Blob([bytes]));
    let total = 0;
    for (const [name, { begin, end, shape }] of tensors) {
      must(begin >= 8 && end <= bytes.length && begin <= end, 'a tensor outside the file');
      total += end - begin;
      try {
        const values = await read(name);
        must(values.length === shape.reduce((product, side) => product * side, 1), 'a tensor of another length');
        must(values.every(Number.isFinite), 'a value that is not finite');
      } catch (error) {
        // Another dtype, or NaN: one tensor is refused, as it would be for a network.
        if (!(error instanceof AppError && error.code === 'weights-refused')) throw error;
      }
    }
    must(total <= bytes.length, 'tensors that overlap');
  },
};

const head: Target = await (async () => {
  const { features: dimensions, preprocessing } = ARCHITECTURES.deit_tiny_patch16_224;
  const blob = saveHead({
    head: { dimensions, projection: new Float32Array(512 * dimensions).fill(0.5), bias: new Float32Array(512) },
    recipe: defaultRecipe('cosine'),
    classes: ['a', 'b', '__proto__'],
    backbone: { architecture: 'deit_tiny_patch16_224', weights: 'w', sha256: 'ab'.repeat(32), preprocessing },
  });
  const file = new Uint8Array(await blob.arrayBuffer());
  return {
    name: 'head file',
    codes: ['weights-refused', 'weights-mismatch'],
    make: (random) => headerMutated(file, random),
    async read(bytes) {
      const { head: read, classes } = await loadHead(new Blob([bytes]));
      must(read.projection.length === 512 * read.dimensions && read.bias.length === 512, 'a head of another size');
      must(new Set(classes).size === classes.length, 'a class twice');
    },
  };
})();

const config: Target = {
  name: 'config.json',
  codes: ['weights-refused'],
  make: anyMutated([encode(JSON.stringify(tinyConfig)), encode(JSON.stringify(tinyConfig.pretrained_cfg))]),
  async read(bytes) {
    const json = jsonOf(bytes);
    if (json === undefined) return;
    const { preprocessing } = parseModelConfig(json);
    must(
      preprocessing.size === 224 && preprocessing.cropPct >= 0.1 && preprocessing.cropPct <= 1,
      'a crop of no sense',
    );
  },
};

function jsonOf(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const hex = 'ab'.repeat(32);
const records: Target = {
  name: "server's listing",
  codes: [],
  make: anyMutated([
    encode(JSON.stringify([{ type: 'file', path: 'model.safetensors', size: 7, lfs: { oid: hex, size: 7 } }])),
    encode(JSON.stringify({ models: [{ id: 'a', architecture: 'resnet50', bytes: 1, sha256: hex }] })),
    encode(JSON.stringify({ id: 'a', architecture: 'resnet50', bytes: 1, sha256: hex, from: '', cachedAt: 1 })),
  ]),
  async read(bytes) {
    const text = new TextDecoder().decode(bytes);
    for (const schema of [treeSchema, listingSchema, cachedSchema]) parseRecord(schema, text);
  },
};

const JSON_TRUTH =
  '{"classes":["a","b"],"query":{"1.jpg":"a","x/2.jpg":"b"},"gallery":{"./3.jpg":"a","__proto__":"b"}}';
const CSV_TRUTH =
  '\uFEFFsplit,file,class,note\r\nquery,1.jpg,a,\r\n"gallery","x,""2"".jpg",b,"two\nlines"\r\ntrain,3,c,\r\n';

/** As public data sets have them. */
const LISTS = [
  '3\nx/1.jpg a\r\nx/2.jpg b c\n3 b\n',
  '# of images\n0\t1.000000\tx/1.jpg\n1\t2\tx/2.jpg\n',
  'image_id class_id path\n1 1 x/1.jpg\n2 2 x/2.jpg\n',
  '{"file_name":"1.jpg","label":"a"}\n{"file_name":"2.jpg","objects":{"categories":["a","b"]},"split":"train"}\n',
  '{"images":[{"id":1,"file_name":"1.jpg"}],"annotations":[{"image_id":1,"category_id":2}],"categories":[{"id":2,"name":"a"}]}',
];

const groundTruth: Target = {
  name: 'ground truth',
  codes: ['ground-truth-refused'],
  make: anyMutated([JSON_TRUTH, CSV_TRUTH, ...LISTS].map(encode)),
  async read(bytes) {
    const { text } = await readGroundTruth(new Blob([bytes]));
    for (const name of ['a.json', 'a.csv']) {
      try {
        const { labels, classes } = parseGroundTruth(text, name, knownNames(['x/1.jpg', 'x/2.jpg', '3.jpg']));
        must(new Set(classes).size === classes.length && !classes.includes(''), 'a class twice, or without a name');
        for (const { files, codes } of Object.values(labels)) {
          must(files.length === codes.length && new Set(files).size === files.length, 'a file twice');
          must(!files.includes('') && codes.every((code) => code < classes.length), 'a label without a name');
        }
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'ground-truth-refused')) throw error;
        must(error.message.length < 2000, 'a sentence of pages');
      }
    }
  },
};

/** An archive written by hand, stored and deflated. */
const archive = (() => {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [i, name] of ['set/', 'set/training/a/1.jpg', 'set/ü.png', 'ground_truth.csv'].entries()) {
    const data = Buffer.from(name.endsWith('/') ? '' : name.repeat(20));
    const packed = i % 2 === 0 ? data : deflateRawSync(data);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x800, 2);
    shared.writeUInt16LE(i % 2 === 0 ? 0 : 8, 4);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const file = [Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name), packed];
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), shared, place, Buffer.from(name));
    files.push(...file);
    offset += file.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(4, 8);
  end.writeUInt16LE(4, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return joined([...files, ...directory, end]);
})();

const zip: Target = {
  name: 'archive',
  codes: ['archive-refused'],
  make: anyMutated([archive]),
  async read(bytes) {
    const { files } = await listZip(new Blob([bytes]), 'a.zip', { signal: new AbortController().signal });
    for (const { path, open } of files) {
      must(!/^\/|(^|\/)\.\.?(\/|$)|\\|\0|^[a-z]:/i.test(path) && path !== '', `the path ${JSON.stringify(path)}`);
      try {
        must((await open()).size < 64 * 2 ** 20, 'a bomb');
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'archive-refused')) throw error;
      }
    }
  },
};

const latin1 = (text: string): Bytes => joined([Buffer.from(text, 'latin1')]);
const images: Target = {
  name: 'image header',
  codes: [],
  make: anyMutated([
    latin1('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x03\0\0\x04\x05\x08\x02\0\0\0'),
    latin1('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;'),
    latin1(`BM${'\0'.repeat(12)}\x28\0\0\0\x03\x02\0\0\xfb\xfb\xff\xff`),
    latin1('RIFF....WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\x02\0\x04\x04\0'),
    latin1('RIFF....WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x03\x02\x05\x04'),
    latin1('\xff\xd8\xff\xe0\0\x04\x01\x01\xff\xc4\0\x03\x09\xff\xff\xc2\0\x11\x08\x04\x05\x02\x03\x03'),
    latin1('\0\0\0\x14ftypavif\0\0\0\0avif\0\0\0\x14ispe\0\0\0\0\0\0\x02\x03\0\0\x04\x05'),
    latin1('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
  ]),
  async read(bytes) {
    const format = recogniseFormat(bytes);
    const size = format && headerSize(bytes, format);
    if (size)
      must(size.width >= 0 && size.height >= 0 && Number.isInteger(size.width * size.height), 'a size of no sense');
  },
};

/** Tables of sense in every encoding, applied to a data set: whatever they say, they give classes and nothing else. */
const labelled: Target = {
  name: 'labels of a data set',
  codes: ['ground-truth-refused'],
  make: labelFile,
  async read(bytes) {
    const { text } = await readGroundTruth(new Blob([bytes]));
    const known = knownNames(TABLE_PATHS);
    looksLikeGroundTruthJson(text, known);
    const read = parseGroundTruth(text, 'labels.csv', known);
    for (const table of ['s/labels.csv', 's/query/labels.csv', 's/train.csv']) {
      const truth = placeLabels(read, table, TABLE_PATHS);
      must(
        JSON.stringify(packed(truth)) === JSON.stringify(packed(again(truth))),
        'labels that are others when read again',
      );
      derive(truth);
    }
  },
};

function derive(truth: GroundTruth): void {
  const files = TABLE_PATHS.map((path) => ({ path, bytes: 1 }));
  const { images, problems, notices } = deriveImages({ datasetId: 'd', files, emptyFolders: [] }, truth, NO_CHOICES);
  const classes = new Set(['a', ...truth.classes].map(nameKey));
  for (const { className, split } of images) {
    must(className === null ? split !== 'training' : classes.has(nameKey(className)), 'a class from nowhere');
  }
  must(new Set(images.map(({ path }) => path)).size === images.length, 'an image twice');
  for (const { reason } of [...problems, ...notices]) must(reason.length < 5000, 'a sentence of pages');
}

const again = (truth: GroundTruth) => parseGroundTruth(writeGroundTruthJson(truth), 'a.json');
const packed = ({ classes, labels }: GroundTruth) => [
  classes,
  Object.values(labels).map(({ files, codes }) => files.map((file, at) => [file, classes[codes[at] ?? 0]])),
];

/** Archives that are whole, with names that are not: nothing leads out of them, and no two files have one path. */
const names: Target = {
  name: 'names in an archive',
  codes: ['archive-refused'],
  make: oddArchive,
  async read(bytes) {
    const { files } = await listZip(new Blob([bytes]), 'a.zip', { signal: new AbortController().signal });
    for (const { path, open } of files) {
      must(
        !/^\/|\/$|\/\/|(^|\/)\.\.?(\/|$)|\\|\0|^[a-z]:/i.test(path) && path !== '',
        `the path ${JSON.stringify(path)}`,
      );
      await open();
    }
    must(new Set(files.map(({ path }) => path)).size === files.length, 'two files of one path');
  },
};

export const TARGETS: readonly Target[] = [
  ...[safetensors, head, config, records, groundTruth, zip, images],
  ...[labelled, names, datasetFile],
];
