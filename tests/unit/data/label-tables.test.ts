import { describe, expect, test } from 'vitest';
import { choose, NO_CHOICES } from '../../../src/data/choices.ts';
import { groundTruthCsv } from '../../../src/exports/csv.ts';
import { lines } from './listed.ts';
import { dropOf, open } from './opened.ts';

/** Flat training, query and gallery of two images each, whose classes some file beside them gives. */
const FLAT = [
  's/train/01.png',
  's/train/02.png',
  's/query/11.png',
  's/query/12.png',
  's/gallery/21.png',
  's/gallery/22.png',
];
const LABELLED = [
  'training cat 01.png',
  'training dog 02.png',
  'query cat 11.png',
  'query dog 12.png',
  'gallery cat 21.png',
  'gallery dog 22.png',
];
const NAMES = ['01', '02', '11', '12', '21', '22'];
const CLASSES = ['cat', 'dog', 'cat', 'dog', 'cat', 'dog'];
const rows = (of: (name: string, className: string, at: number) => string) =>
  NAMES.map((name, at) => of(name, CLASSES[at] ?? '', at)).join('\n');

describe('a table of labels', () => {
  test.each<[string, string, string]>([
    [
      'a column of ids beside one of paths',
      'labels.csv',
      `image_id,path,label\n${rows((name, label, at) => `${900 + at},images/${name}.png,${label}`)}`,
    ],
    [
      'numbers of classes beside their names',
      'labels.csv',
      `file,label,label_name\n${rows((name, label, at) => `${name}.png,${at % 2},${label}`)}`,
    ],
    [
      'numbers of classes behind their names',
      'labels.csv',
      `filename;class_name;class_id\n${rows((name, label, at) => `${name}.png;${label};${at % 2}`)}`,
    ],
    [
      'folds of a cross-validation',
      'train.csv',
      `image_id,label,fold\n${rows((name, label, at) => `${name},${label},${at % 5}`)}`,
    ],
    ['an Id that is the class', 'labels.csv', `Image,Id\n${rows((name, label) => `${name}.png,${label}`)}`],
    ['names as its files', 'labels.csv', `name,class,group\n${rows((name, label) => `${name}.png,${label},x`)}`],
    [
      'split words of all kinds',
      'labels.csv',
      `split,file,class\n${rows((name, label, at) => `${['Training set', 'TRAIN', 'test_query', 'probe', 'gallery set', 'Test Gallery'][at]},${name}.png,${label}`)}`,
    ],
    ['blanks around its cells', 'labels.csv', `File Name , Class\n${rows((name, label) => ` ${name}.png ,${label}`)}`],
    ['empty cells behind its rows', 'labels.csv', `file,class\n${rows((name, label) => `${name}.png,${label},,`)}`],
    [
      'rows without their last cells',
      'labels.csv',
      `file,class,note\n${rows((name, label) => `${name}.png,${label}`)}`,
    ],
    [
      'decimal commas, semicolons and quoted line ends',
      'labels.csv',
      `\uFEFFFILE;"Note";CLASS;score\r\n${rows((name, label) => `${name}.png;"a\r\nb; ""c""";${label};0,5`).replaceAll('\n', '\r\n')}`,
    ],
    [
      'columns the other way round',
      'labels.tsv',
      `Label\tScore\tPath\n${rows((name, label) => `${label}\t1\tC:\\data\\${name}.png`)}`,
    ],
    ['JSON under another name', 'labels.json', `{${rows((name, label) => `"${name}.png": "${label}",`).slice(0, -1)}}`],
  ])('with %s is read', async (_, name, text) => {
    const { images, notices, tableProblems } = await open(dropOf(FLAT, { [`s/${name}`]: text }));
    expect(lines(images)).toEqual(LABELLED);
    expect([...notices, ...tableProblems]).toEqual([]);
  });

  test('in JSON as FiftyOne writes it is read, and open classes are left open', async () => {
    const labels = Object.fromEntries(NAMES.map((name, at) => [name, at === 5 ? null : at % 2]));
    const { images } = await open(
      dropOf(
        FLAT.map((path) => path.replace(/\/(\d)/, '/a$1')),
        {
          's/labels.json': JSON.stringify({
            classes: ['cat', 'dog'],
            labels: Object.fromEntries(Object.entries(labels).map(([name, code]) => [`a${name}`, code])),
          }),
        },
      ),
    );
    expect(images.map(({ className }) => className)).toEqual(['cat', 'dog', 'cat', 'dog', 'cat', null]);
  });

  test('is no JSON that counts classes', async () => {
    const { images } = await open(
      dropOf(['s/query/0.png', 's/gallery/1.png'], { 's/id2label.json': '{"0":"tench","1":"shark"}' }),
    );
    expect(images.map(({ className }) => className)).toEqual([null, null]);
  });

  test('beside the images of one split is about these, though others have files of the same names', async () => {
    const images = ['train', 'query', 'gallery'].flatMap((split) => [`s/${split}/1.png`, `s/${split}/2.png`]);
    const tables = (path: (split: string) => string) => ({
      [path('train')]: 'file_name,label\n1.png,cat\n2.png,dog\n',
      [path('query')]: 'file_name,label\n1.png,dog\n2.png,cat\n',
      // A picture that is missing.
      [path('gallery')]: 'file_name,label\n1.png,cat\n3.png,dog\n',
    });
    for (const path of [(split: string) => `s/${split}/metadata.csv`, (split: string) => `s/${split}_labels.csv`]) {
      const opened = await open(dropOf(images, tables(path)));
      expect(lines(opened.images)).toEqual([
        'training cat 1.png',
        'training dog 2.png',
        'query dog 1.png',
        'query cat 2.png',
        'gallery cat 1.png',
        'gallery – 2.png',
      ]);
      expect(opened.problems.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(/names it, but it is not among/),
        expect.stringMatching(/does not name it/),
      ]);
    }
  });

  test('inside a test’s query and gallery is found', async () => {
    const { images } = await open(
      dropOf(['s/train/cat/0.png', 's/train/dog/0.png', 's/test/query/1.png', 's/test/gallery/1.png'], {
        's/test/query/labels.csv': 'image,class\n1.png,cat\n',
        's/test/gallery/labels.csv': 'image,class\n1.png,dog\n',
      }),
    );
    expect(lines(images).slice(2)).toEqual(['query cat 1.png', 'gallery dog 1.png']);
  });

  test('as the app writes it says the same of names and classes that spreadsheets would run', async () => {
    const names = ['-1_c1.png', '=1+1.png', '@home.png', "'=x.png", '+a.png', "'plain.png"];
    const paths = names.flatMap((name) => [`s/query/${name}`, `s/gallery/${name}`]);
    const dropped = await open(dropOf(paths));
    const given = dropped.images.reduce(
      (choices, { path, file }) => choose(choices, { kind: 'class', paths: [path], className: `=${file}` }),
      NO_CHOICES,
    );
    const written = groundTruthCsv(dropped.choose(given).images);
    expect(written).not.toMatch(/(^|,)[=+@-]/m);
    const again = await open(dropOf(paths, { 's/ground_truth.csv': written }));
    expect(again.images).toEqual(dropped.choose(given).images);
    expect(again.tableProblems).toEqual([]);
  });
});
