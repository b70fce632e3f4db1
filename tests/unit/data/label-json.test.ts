import { describe, expect, test } from 'vitest';
import { writeGroundTruthJson } from '../../../src/data/ground-truth-json.ts';
import { knownNames } from '../../../src/data/known-names.ts';
import { parseGroundTruth } from '../../../src/data/label-forms.ts';
import { lines } from './listed.ts';
import { dropOf, open } from './opened.ts';

const SPLITS = ['s/train/01.png', 's/train/02.png', 's/query/11.png', 's/gallery/21.png'];
const LABELLED = ['training cat 01.png', 'training dog 02.png', 'query cat 11.png', 'gallery cat 21.png'];
const NAMES = ['01', '02', '11', '21'];
const CLASSES = ['cat', 'dog', 'cat', 'cat'];
const records = (of: (name: string, label: string) => unknown) => NAMES.map((name, at) => of(name, CLASSES[at] ?? ''));
const jsonLines = (objects: readonly unknown[]) => `${objects.map((one) => JSON.stringify(one)).join('\n')}\n`;

describe('objects of files and classes', () => {
  const metadata = records((name, label) => ({ file_name: `${name}.png`, label }));
  test.each<[string, string, string]>([
    ['JSON Lines', 's/metadata.jsonl', jsonLines(metadata)],
    ['JSON Lines as .json', 's/labels.json', jsonLines(metadata)],
    ['a JSON list', 's/labels.json', JSON.stringify(metadata, null, 2)],
    [
      'keys in another order, beside others',
      's/all.ndjson',
      jsonLines(records((name, label) => ({ score: 1, label, meta: { a: [1] }, image: `${name}.png` }))),
    ],
    [
      'one class in a list',
      's/metadata.jsonl',
      jsonLines(records((name, label) => ({ file_name: `${name}.png`, labels: [label, label] }))),
    ],
    [
      'boxes of one class',
      's/metadata.jsonl',
      jsonLines(
        records((name, label) => ({
          file_name: `${name}.png`,
          objects: { bbox: [[1, 2, 3, 4]], categories: [label] },
        })),
      ),
    ],
    ['Windows line ends and a mark', 's/metadata.jsonl', `\uFEFF${jsonLines(metadata).replaceAll('\n', '\r\n')}`],
  ])('as %s are read', async (_, path, text) => {
    const { images, notices, problems, tableProblems } = await open(dropOf(SPLITS, { [path]: text }));
    expect(lines(images)).toEqual(LABELLED);
    expect([...notices, ...problems, ...tableProblems]).toEqual([]);
  });

  test('beside the images of each split are about these', async () => {
    const { images } = await open(
      dropOf(['s/train/1.png', 's/query/1.png', 's/gallery/1.png'], {
        's/train/metadata.jsonl': '{"file_name": "1.png", "label": "cat"}\n',
        's/query/metadata.jsonl': '{"file_name": "1.png", "label": "dog"}\n',
        's/gallery/metadata.jsonl': '{"file_name": "1.png", "label": "dog"}\n',
      }),
    );
    expect(lines(images)).toEqual(['training cat 1.png', 'query dog 1.png', 'gallery dog 1.png']);
  });

  test('with numbers get the names that a list gives', async () => {
    const { images } = await open(
      dropOf(SPLITS, {
        's/metadata.jsonl': jsonLines(
          records((name, label) => ({ file_name: `${name}.png`, label: label === 'cat' ? 0 : 1 })),
        ),
        's/classes.txt': 'cat\ndog\n',
      }),
    );
    expect(lines(images)).toEqual(LABELLED);
  });

  test('of more than one class stay without, and it is said once, with the number', async () => {
    const { images, problems } = await open(
      dropOf(SPLITS, {
        's/metadata.jsonl': jsonLines(
          records((name, label) => ({ file_name: `${name}.png`, label: name > '10' ? [label, 'bird'] : [label] })),
        ),
      }),
    );
    expect(images.map(({ className }) => className)).toEqual(['cat', 'dog', null, null]);
    expect(problems.map(({ reason }) => reason)).toEqual(['2 images have more than one class in the ground truth.']);
  });

  test('with captions alone say that they tell no classes', async () => {
    const { tableProblems } = await open(
      dropOf(SPLITS, {
        's/metadata.jsonl': jsonLines(records((name) => ({ file_name: `${name}.png`, text: 'a cat' }))),
      }),
    );
    expect(tableProblems.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^“metadata.jsonl” is a table, but its columns \(file_name, text\) do not tell/),
    ]);
  });

  test('that are damaged are refused with the place, and the folder is used', async () => {
    const { images, tableProblems } = await open(
      dropOf(SPLITS, { 's/metadata.jsonl': `${jsonLines(metadata)}{"file_name": "x.png", "label"\n` }),
    );
    expect(images.length).toBeGreaterThan(0);
    expect(tableProblems).toMatchObject([{ kind: 'ground-truth-refused', reason: expect.stringMatching(/line 6/) }]);
  });
});

describe('annotations of COCO’s form', () => {
  const categories = [
    { id: 1, name: 'cat', supercategory: 'animal' },
    { id: 7, name: 'dog' },
  ];
  const images = NAMES.map((name, at) => ({
    id: 100 + at,
    file_name: `${name}.png`,
    width: 4,
    height: 4,
  }));
  const annotation = (image_id: number, category_id: number) => ({
    ...{ id: image_id * 10 + category_id, image_id, category_id },
    ...{ bbox: [0, 0, 1, 1], segmentation: [[0, 0, 1, 1]], iscrowd: 0 },
  });
  const annotations = [
    annotation(100, 1),
    annotation(100, 1),
    annotation(101, 7),
    annotation(102, 1),
    annotation(103, 1),
  ];

  test.each<[string, unknown]>([
    ['', { info: { year: 2024 }, licenses: [], images, annotations, categories }],
    [' with keys in another order', { categories, annotations, images }],
  ])('are read%s', async (_, value) => {
    for (const path of ['s/annotations/instances.json', 's/_annotations.coco.json']) {
      const opened = await open(dropOf(SPLITS, { [path]: JSON.stringify(value) }));
      expect(lines(opened.images)).toEqual(LABELLED);
      expect([...opened.problems, ...opened.tableProblems]).toEqual([]);
    }
  });

  test('of several categories stay without a class, and it is said once, with the number', async () => {
    const several = [...annotations, annotation(102, 7), annotation(103, 7)];
    const opened = await open(
      dropOf(SPLITS, { 's/annotations/all.json': JSON.stringify({ images, annotations: several, categories }) }),
    );
    expect(opened.images.map(({ className }) => className)).toEqual(['cat', 'dog', null, null]);
    expect(opened.problems).toMatchObject([
      { path: 's/query/11.png', reason: '2 images have more than one class in the ground truth.' },
    ]);
  });

  test('are those of each split, by the name of the file or its place', async () => {
    const same = ['s/train2017/1.jpg', 's/train2017/2.jpg', 's/val2017/1.jpg', 's/query/1.jpg'];
    const one = (name: string) =>
      JSON.stringify({
        images: [{ id: 1, file_name: '1.jpg' }],
        annotations: [{ image_id: 1, category_id: 1 }],
        categories: [{ id: 1, name }],
      });
    const opened = await open(
      dropOf(same, {
        's/annotations/instances_train2017.json': one('cat'),
        's/query/_annotations.coco.json': one('dog'),
      }),
    );
    expect(lines(opened.images)).toEqual(['training cat 1.jpg', 'query dog 1.jpg']);
  });

  test.each<[string, unknown, RegExp]>([
    ['captions', { images, annotations: [{ image_id: 100, caption: 'x' }] }, /names a category/],
    ['no images', { images: [], annotations, categories }, /no "images"/],
    ['an image without a name', { images: [{ id: 1 }], annotations, categories }, /lacks its "id" or its "file_name"/],
  ])('with %s are refused in a sentence', async (_, value, sentence) => {
    const opened = await open(dropOf(SPLITS, { 's/annotations/x.json': JSON.stringify(value) }));
    expect(opened.tableProblems).toMatchObject([
      { kind: 'ground-truth-refused', reason: expect.stringMatching(sentence) },
    ]);
  });

  test('keep what has several classes when the labels are written and read again', () => {
    const known = knownNames(SPLITS);
    const truth = parseGroundTruth(
      JSON.stringify({ images, annotations: [...annotations, annotation(101, 1)], categories }),
      'a.json',
      known,
    );
    expect(truth.several).toEqual(['02.png']);
    expect(parseGroundTruth(writeGroundTruthJson(truth), 'b.json', known)).toEqual(truth);
  });
});
