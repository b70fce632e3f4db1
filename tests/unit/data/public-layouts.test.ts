import { describe, expect, test } from 'vitest';
import { choose, NO_CHOICES, type Notice } from '../../../src/data/choices.ts';
import { findLabelFiles } from '../../../src/data/find-ground-truth.ts';
import { writeGroundTruthJson } from '../../../src/data/ground-truth-json.ts';
import { knownNames } from '../../../src/data/known-names.ts';
import { parseGroundTruth } from '../../../src/data/label-forms.ts';
import { nothingUsable, notImages } from '../../../src/data/sift.ts';
import { lines } from './listed.ts';
import { dropOf, open } from './opened.ts';

/** Ways in which public data sets and labelling tools lay out images and say their classes. */

const flat = (count: number, folder = 's/images') => Array.from({ length: count }, (_, at) => `${folder}/${at}.png`);
const rows = (count: number, of: (at: number, label: string) => string) =>
  Array.from({ length: count }, (_, at) => of(at, at % 2 ? 'dog' : 'cat')).join('\n');
const said = (problems: readonly { readonly reason: string }[]) => problems.map(({ reason }) => reason);
const labels = (notices: readonly Notice[]) => notices.flatMap(({ offers }) => offers.map(({ label }) => label));

async function classes(paths: readonly string[], contents: Readonly<Record<string, string>>) {
  const opened = await open(dropOf(paths, contents));
  return { ...opened, classes: opened.images.map(({ className }) => className) };
}

async function pressed(paths: readonly string[], contents: Readonly<Record<string, string>>, label: RegExp) {
  const { notices, choose: decide } = await open(dropOf(paths, contents));
  const offer = notices.flatMap(({ offers }) => offers).find((one) => label.test(one.label));
  if (!offer) throw new Error(`No button ${label} among ${labels(notices).join('; ')}`);
  return decide(choose(NO_CHOICES, offer.choice));
}

describe('the class of an image in a table', () => {
  const CAT_DOG = ['cat', 'dog', 'cat', 'dog'];

  test.each<[string, string]>([
    [
      'one column a class, as Roboflow exports it',
      `filename, cat, dog\n${rows(4, (at) => `${at}.png, ${1 - (at % 2)}, ${at % 2}`)}`,
    ],
    [
      'one column a class with decimals, beside others',
      `id,cat,dog,site\n${rows(4, (at) => `${at},${1 - (at % 2)}.0,${at % 2}.0,x${at}`)}`,
    ],
    [
      'Label Studio’s choice, beside an id that counts',
      `image,id,choice,annotator\n${rows(4, (at, label) => `/data/upload/1/${at}.png,${at + 1},${label},1`)}`,
    ],
    ['an id of few values', `Image,Id\n${rows(4, (at, label) => `${at}.png,${label}`)}`],
    ['a box a row', `filename,width,class,xmin\n${rows(4, (at, label) => `${at}.png,9,${label},1`)}\n0.png,9,cat,5`],
  ])('is %s', async (_, text) => {
    const { classes: found, tableProblems, problems } = await classes(flat(4), { 's/labels.csv': text });
    expect(found).toEqual(CAT_DOG);
    expect([...tableProblems, ...problems]).toEqual([]);
  });

  test('is what repeats itself where the columns are called in another language, and it is said', async () => {
    const text = `Datei;Klasse;Nummer\r\n${rows(4, (at, label) => `C:\\Fotos\\${at}.png;${label};${at}\r`)}`;
    const { classes: found, tableProblems } = await classes(flat(4), { 's/liste.csv': text });
    expect(found).toEqual(CAT_DOG);
    expect(said(tableProblems)).toEqual([
      '“liste.csv” does not call its columns as is usual: “Datei” was taken for the images, “Klasse” for the classes.',
    ]);
  });

  test.each<[string, string]>([
    ['captions, each of one image', `file_name,text\n${rows(4, (at) => `${at}.png,"photo, number ${at}"`)}`],
    ['attributes that may all be there', `file,blurred,dark\n${rows(4, (at) => `${at}.png,1,${at < 3 ? 1 : 0}`)}`],
    ['JSON in cells', `filename,attributes\n${rows(4, (at, label) => `${at}.png,"{""class"":""${label}""}"`)}`],
    ['numbers', `file,width\n${rows(4, (at) => `${at}.png,${100 + (at % 2)}`)}`],
  ])('is not %s', async (_, text) => {
    const { classes: found, tableProblems } = await classes(flat(4), { 's/table.csv': text });
    expect(found).toEqual([null, null, null, null]);
    expect(said(tableProblems)).toEqual([expect.stringMatching(/do not tell the classes of images/)]);
  });

  test('is found by an address that a labelling tool wrote', async () => {
    const text =
      'path,label\nfile:///data/images/a%20b.png,cat\nhttps://x.org/images/c%20d.png?v=2#1,dog\nimages/50%25.png,cat\n';
    const { classes: found, problems } = await classes(['s/images/50%.png', 's/images/a b.png', 's/images/c d.png'], {
      's/table.csv': text,
    });
    expect(found).toEqual(['cat', 'cat', 'dog']);
    expect(problems).toEqual([]);
  });

  test('is that of the first of two columns of one name, and it is said where they differ', async () => {
    const text = (other: string) =>
      `file,label,Label\n${rows(4, (at, label) => `${at}.png,${label},${other || label}`)}`;
    const differing = await classes(flat(4), { 's/table.csv': text('red') });
    expect(differing.classes).toEqual(CAT_DOG);
    expect(said(differing.tableProblems)).toEqual([
      '“table.csv” has more than one column “label”, and they differ: the first of them was read.',
    ]);
    expect((await classes(flat(4), { 's/table.csv': text('') })).tableProblems).toEqual([]);
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp | null]>([
    [
      'columns that say nothing',
      `file,a,b\n${rows(4, (at) => `${at}.png,${at % 3},2`)}`,
      /columns \(file, a, b\) do not tell/,
    ],
    ['a first line alone', 'file,label\n', /below its first line there is nothing/],
    ['a web page', '<!doctype html><html></html>', /do not tell the classes/],
    // Of what is no text it is said, as of every file, that it is no image.
    ['a spreadsheet’s bytes', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), null],
  ])(
    'is not in a file called as lists of classes are, but with %s, and that is not silent',
    async (_, content, sentence) => {
      const drop = dropOf(flat(4), { 's/labels.csv': content });
      const { taken } = await findLabelFiles({ images: drop.files.slice(0, 4), others: drop.files.slice(4) });
      const problems = [...(await open(drop)).tableProblems, ...notImages(drop.files.slice(4), taken)];
      expect(said(problems)).toEqual([
        sentence ? expect.stringMatching(sentence) : '“labels.csv” is not an image (.csv).',
      ]);
    },
  );

  test('that fits no image is said once, and not of each image again', async () => {
    const text = `id,label\n${rows(4, (at, label) => `x${at},${label}`)}`;
    const { problems, notices } = await open(
      dropOf(flat(4, 's/query').concat('s/gallery/9.png'), { 's/table.csv': text }),
    );
    expect(said(notices)).toEqual([expect.stringMatching(/^The ground truth matches no image/)]);
    expect(problems).toEqual([]);
  });

  test('is none where two rows say two, and the others count', async () => {
    const text = `file,label\n${rows(4, (at, label) => `${at}.png,${label}`)}\n0.png,dog\n1.png,dog\n`;
    const { classes: found, problems } = await classes(flat(4), { 's/labels.csv': text });
    expect(found).toEqual([null, 'dog', 'cat', 'dog']);
    expect(problems).toMatchObject([{ path: 's/images/0.png', reason: expect.stringMatching(/more than one class/) }]);
  });

  test('is kept as it is when labels are written to a file and read again', () => {
    const truth = parseGroundTruth('file,label\na.png,cat\na.png,dog\nb.png,cat\n', 'labels.csv');
    expect(truth.several).toEqual(['a.png']);
    // Of two splits, one may have both.
    const both = { ...truth, several: ['b.png'], parts: { test: ['b.png'] } };
    const { labels, several, parts } = parseGroundTruth(writeGroundTruthJson(both), 'labels.json');
    expect({ labels, several, parts }).toEqual({ labels: both.labels, several: both.several, parts: both.parts });
  });

  test('that is refused is said in one sentence, however long its keys are', () => {
    const key = `file_name${'\u202E'.repeat(20_000)}`;
    const text = `${JSON.stringify({ [key]: '1.jpg', label: 'a' })}\n{"file_name":"2.jpg","label":"a"}\n`;
    expect(() => parseGroundTruth(text, 'a.jsonl', knownNames(['1.jpg']))).toThrow(/^.{1,400}$/);
  });

  test('is that of its list in JSON of classes', async () => {
    const paths = ['a/1', 'a/2', 'b/1', 'b/2'].map((path) => `s/images/${path}.jpg`);
    const { images } = await open(
      dropOf(paths, {
        's/meta/train.json': '{"a": ["a/1"], "b": ["b/1"]}',
        's/meta/test.json': '{"a": ["a/2"], "b": ["b/2"]}',
      }),
    );
    expect(lines(images)).toEqual([
      'training a a/1.jpg',
      'training b b/1.jpg',
      'gallery a a/2.jpg',
      'gallery b b/2.jpg',
    ]);
  });

  test('is written as the folder writes its number', async () => {
    const { images, problems } = await open(
      dropOf(['s/train/00000/1.png', 's/train/00001/2.png', 's/gallery/3.png'], {
        's/labels.csv': 'file,ClassId\n1.png,0\n2.png,1\n3.png,1\n',
      }),
    );
    expect(lines(images)).toEqual(['training 00000 00000/1.png', 'training 00001 00001/2.png', 'gallery 00001 3.png']);
    expect(problems).toEqual([]);
  });

  test('goes before that of a training folder once a press of a button says so', async () => {
    const paths = ['s/train/0/1/a.png', 's/train/0/2/b.png', 's/train/1/1/c.png'];
    const table = { 's/train.csv': 'id,url,landmark_id\na,http://x,7\nb,http://x,8\nc,http://x,7\n' };
    const { images, notices } = await open(dropOf(paths, table));
    expect(images.map(({ className }) => className)).toEqual(['0', '0', '1']);
    expect(labels(notices)).toEqual(['Take the classes of the ground truth']);
    const decided = await pressed(paths, table, /classes of the ground truth/);
    expect(decided.images.map(({ className }) => className)).toEqual(['7', '8', '7']);
  });
});

describe('splits that tables say', () => {
  const table = `file,label,split\n${rows(9, (at, label) => `${at}.png,${label},${at < 4 ? 'train' : at < 6 ? 'val' : 'test'}`)}`;
  const counts = (images: readonly { readonly split: string }[]) =>
    ['training', 'query', 'gallery'].map((split) => images.filter((image) => image.split === split).length);

  test.each<[string, Readonly<Record<string, string>>]>([
    ['in a column', { 's/labels.csv': table }],
    [
      'by three lists',
      {
        's/train.txt': '0.png cat\n1.png dog\n2.png cat\n3.png dog\n',
        's/val.txt': '4.png cat\n5.png dog\n',
        's/test.txt': '6.png cat\n7.png dog\n8.png cat\n',
      },
    ],
    [
      'by lists of names beside a table of classes',
      {
        's/labels.csv': `file,label\n${rows(9, (at, label) => `${at}.png,${label}`)}`,
        's/train.txt': '0\n1\n2\n3\n',
        's/val.txt': '4\n5\n',
        's/test.txt': '6\n7\n8\n',
      },
    ],
    [
      'by numbers beside a list of classes',
      {
        's/identity.txt': rows(9, (at, label) => `${at}.png ${label}`),
        's/list_eval_partition.txt': rows(9, (at) => `${at}.png ${at < 4 ? 0 : at < 6 ? 1 : 2}`),
      },
    ],
  ])('%s: which is asked with, one press decides', async (_, contents) => {
    const { images, notices } = await open(dropOf(flat(9), contents));
    expect(counts(images)).toEqual([4, 0, 5]);
    expect(images.every(({ className }) => className !== null)).toBe(true);
    expect(said(notices)).toEqual([
      'The tables list 3 images as “test” and 2 images as “validation”: which are asked with (queries), and which are searched (gallery)?',
    ]);
    const countsAfter = async (label: RegExp) => {
      const decided = await pressed(flat(9), contents, label);
      expect(decided.notices).toEqual([]);
      return counts(decided.images);
    };
    expect(await countsAfter(/^Ask with “test”/)).toEqual([4, 3, 2]);
    expect(await countsAfter(/^Ask with “validation”/)).toEqual([4, 2, 3]);
    expect(await countsAfter(/within itself/)).toEqual([4, 0, 3]);
  });

  test('count beside a list of all images', async () => {
    const { images } = await open(
      dropOf(flat(6), {
        's/annotations/list.txt': rows(6, (at, label) => `${at} ${label}`),
        's/annotations/trainval.txt': rows(4, (at, label) => `${at} ${label}`),
        's/annotations/test.txt': '4 cat\n5 dog\n',
      }),
    );
    expect(counts(images)).toEqual([4, 0, 2]);
  });

  test.each([
    ['is_train', 'True', 'False'],
    ['is_valid', 'FALSE', 'TRUE'],
    ['is_training_image', '1', '0'],
    ['is_test', 'no', 'yes'],
  ])('may be yes and no in the column %s', async (column, training, other) => {
    const text = `file,label,${column}\n${rows(4, (at, label) => `${at}.png,${label},${at < 2 ? training : other}`)}`;
    const { images } = await open(dropOf(flat(4), { 's/labels.csv': text }));
    expect(counts(images)).toEqual([2, 0, 2]);
  });

  test('of several folds are those of the first, and it is said', async () => {
    const { images, tableProblems } = await open(
      dropOf(flat(4), {
        's/train1.txt': '0.png cat\n1.png dog\n',
        's/test1.txt': '2.png cat\n3.png dog\n',
        's/train2.txt': '2.png cat\n3.png dog\n',
        's/test2.txt': '0.png cat\n1.png dog\n',
      }),
    );
    expect(lines(images)).toEqual([
      'training cat 0.png',
      'training dog 1.png',
      'gallery cat 2.png',
      'gallery dog 3.png',
    ]);
    expect(said(tableProblems)).toEqual([
      expect.stringMatching(
        /2 other tables divide the same images otherwise \(“test2.txt”\): the first division counts/,
      ),
    ]);
  });
});

describe('labels of images whose folder has no part yet', () => {
  test('are not called missing', async () => {
    const paths = ['s/train/a/1.png', 's/train/b/2.png', 's/val/images/v1.png', 's/val/images/v2.png'];
    const list = { 's/val/val_annotations.txt': 'v1.png\ta\t0\t1\nv2.png\tb\t0\t1\n' };
    const { notices, problems } = await open(dropOf(paths, list));
    expect(notices.map(({ kind }) => kind)).toEqual(['outside-roles']);
    expect(problems).toEqual([]);
    const decided = await pressed(paths, list, /Search in/);
    expect(lines(decided.images).slice(2)).toEqual(['gallery a v1.png', 'gallery b v2.png']);
  });
});

describe('folders in class folders', () => {
  const nested = ['a/abbey', 'a/airport', 'b/bakery'].flatMap((folder) => [`s/${folder}/1.png`, `s/${folder}/2.png`]);

  test('are offered as classes where each has a name of its own', async () => {
    const { images, notices } = await open(dropOf(nested));
    expect(new Set(images.map(({ className }) => className))).toEqual(new Set(['a', 'b']));
    expect(labels(notices)).toEqual(['Take the innermost folders as classes (3)']);
    const decided = await pressed(nested, {}, /innermost/);
    expect(new Set(decided.images.map(({ className }) => className))).toEqual(new Set(['abbey', 'airport', 'bakery']));
    expect(decided.notices).toEqual([]);
  });

  test('of one name in two classes are told apart by their paths', async () => {
    const paths = ['s/a/in/1.png', 's/a/hall/1.png', 's/b/in/1.png', 's/b/oak/1.png'];
    const { choose: decide } = await open(dropOf(paths));
    const { images } = decide(choose(NO_CHOICES, { kind: 'innermost' }));
    expect(images.map(({ className }) => className)).toEqual(['hall', 'a/in', 'b/in', 'oak']);
  });

  test.each<[string, readonly string[]]>([
    ['are of one name in several classes', ['cat/day', 'cat/night', 'dog/day', 'dog/night', 'cow/dusk']],
    ['say nothing', ['cat/images', 'dog/jpg', 'dog/photos']],
    ['are numbers', ['cat/1', 'cat/2', 'dog/3']],
  ])('are not offered where they %s', async (_, folders) => {
    const { notices } = await open(dropOf(folders.map((folder) => `s/${folder}/1.png`)));
    expect(labels(notices).filter((label) => /innermost/.test(label))).toEqual([]);
  });
});

describe('what is no image', () => {
  test.each([
    ['s/imagelabels.mat', /is a MATLAB file, which is not read; .* CSV with the columns file and class/],
    ['s/data/train-00000-of-00001.parquet', /images are packed in.*write each image to a file of its own/],
    ['s/train-images-idx3-ubyte', /images are packed in/],
    ['s/train.tfrecord', /images are packed in/],
    ['s/features.npz', /data of Python/],
    ['s/annotations.xml', /XML file.*CSV or COCO JSON/],
    ['s/data.yaml', /boxes as YOLO.*COCO JSON/],
    ['s/IMG_1.MOV', /is a video; save its frames/],
  ])('%s is named, with what to do', (path, sentence) => {
    expect(said(notImages([{ path }], null))).toEqual([expect.stringMatching(sentence)]);
    const file = { path, bytes: 1, open: async () => new Blob() };
    expect(nothingUsable({ files: [file], directories: [] })).toMatch(sentence);
  });

  test('makes no class folder of what lies beside the classes', async () => {
    const { problems } = await open(dropOf(['s/cat/1.png', 's/dog/1.png'], { 's/annotations/1.xml': '<a/>' }));
    expect(said(problems)).toEqual([
      expect.stringMatching(/^The folder “annotations” beside the class folders holds no/),
    ]);
  });

  test('a lone folder whose name says nothing is no class', async () => {
    const { images } = await open(dropOf(['flowers/jpg/1.jpg', 'flowers/jpg/2.jpg']));
    expect(lines(images)).toEqual(['gallery – 1.jpg', 'gallery – 2.jpg']);
    expect((await open(dropOf(['flowers/rose/1.jpg']))).images[0]?.className).toBe('rose');
  });
});
