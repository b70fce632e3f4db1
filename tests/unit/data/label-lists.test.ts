import { describe, expect, test } from 'vitest';
import { lines } from './listed.ts';
import { dropOf, open } from './opened.ts';

/** Lists of images and classes without a first line that names the columns, as many public data sets have them. */

const IMAGES = ['s/images/01.png', 's/images/02.png', 's/images/03.png', 's/images/04.png'];
const rows = (of: (name: string, label: string, at: number) => string) =>
  ['cat', 'dog', 'cat', 'dog'].map((label, at) => of(`0${at + 1}`, label, at)).join('\n');
const classes = async (paths: readonly string[], contents: Readonly<Record<string, string>>) => {
  const opened = await open(dropOf(paths, contents));
  return { ...opened, classes: opened.images.map(({ className }) => className) };
};

describe('a list without a header', () => {
  test.each<[string, string, string]>([
    ['blanks', 'list_eval.txt', rows((name, label) => `images/${name}.png ${label}`)],
    ['many blanks', 'list.txt', rows((name, label) => `${name}.png     ${label}`)],
    ['tabs', 'labels.tsv', rows((name, label) => `images/${name}.png\t${label}`)],
    ['commas', 'labels.csv', rows((name, label) => `${name}.png,${label}`)],
    ['semicolons', 'labels.txt', rows((name, label) => `./images/${name}.png;${label}`)],
    ['Windows line ends', 'list.txt', rows((name, label) => `images\\${name}.png ${label}\r`)],
    ['no endings', 'list.txt', rows((name, label) => `${name} ${label}`)],
    ['the class first', 'list.txt', rows((name, label) => `${label} images/${name}.png`)],
    ['the number of lines above', 'list.txt', `4\n${rows((name, label) => `${name}.png ${label}`)}`],
    ['a comment above', 'list.txt', `# image class\n${rows((name, label) => `${name}.png ${label}`)}`],
    ['an index before, as of MXNet', 'all.lst', rows((name, label, at) => `${at}\t${label}\timages/${name}.png`)],
    ['line ends at its end', 'list.txt', `${rows((name, label) => `${name}.png ${label}`)}\n\n`],
    ['no class but folders in its paths', 'list.txt', rows((name, label) => `raw/${label}/${name}.png`)],
  ])('with %s is read', async (_, name, text) => {
    const opened = await classes(IMAGES, { [`s/${name}`]: text });
    expect(opened.classes).toEqual(['cat', 'dog', 'cat', 'dog']);
    expect([...opened.tableProblems, ...opened.notices, ...opened.problems]).toEqual([]);
  });

  test('may have blanks in the names of images and of classes', async () => {
    const paths = ['s/my photos/a 1.png', 's/my photos/a 2.png'];
    const inNames = await classes(paths, { 's/list.txt': 'my photos/a 1.png cat\nmy photos/a 2.png dog\n' });
    expect(inNames.classes).toEqual(['cat', 'dog']);
    const inClasses = await classes(IMAGES, { 's/list.txt': rows((name, label) => `${name}.png golden ${label}`) });
    expect(inClasses.classes).toEqual(['golden cat', 'golden dog', 'golden cat', 'golden dog']);
    const first = await classes(['s/my cat/1.png', 's/my dog/1.png'], { 's/list.txt': 'my cat/1.png\nmy dog/1.png\n' });
    expect(first.classes).toEqual(['my cat', 'my dog']);
  });

  test('with numbers of more than one kind says which were taken for the class', async () => {
    const { classes: found, tableProblems } = await classes(IMAGES, {
      's/annotations/list.txt': rows((name, _, at) => `${name} ${(at % 2) + 1} 1 ${at}`),
    });
    expect(found).toEqual(['1', '2', '1', '2']);
    expect(tableProblems.map(({ reason }) => reason)).toEqual([
      '“list.txt” has 4 columns and no first line that names them: column 1 was taken for the images, column 2 for the classes.',
    ]);
  });

  test('may say the split in words', async () => {
    const { images, tableProblems } = await open(
      dropOf(IMAGES, {
        's/list.txt': rows((name, label, at) => `${name}.png ${label} ${at < 2 ? 'train' : 'gallery'}`),
      }),
    );
    expect(images.map(({ split, className }) => `${split} ${className}`)).toEqual([
      'training cat',
      'training dog',
      'gallery cat',
      'gallery dog',
    ]);
    expect(tableProblems).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ['decimals', 'list.txt', rows((name, _, at) => `${name}.png 0.${at + 1}`), /numbers with decimals/],
    ['yes and no', 'cat_train.txt', rows((name, _, at) => `${name}.png ${at % 2 ? -1 : 1}`), /yes or no/],
    ['boxes', 'boxes.txt', rows((name) => `${name}.png 10 20 30 40 1`), /5 columns of numbers/],
    ['boxes of four numbers', 'boxes.txt', rows((name) => `${name}.png 10 20 30 40`), /4 columns of numbers/],
    ['classes alone', 'synset_labels.txt', `${rows((_, label) => label)}\n`, /classes alone, one a line/],
    ['names alone', 'list.txt', rows((name) => `${name}.png`), /no classes/],
  ])('of %s says in one sentence what it is', async (_, name, text, sentence) => {
    const opened = await classes(IMAGES, { [`s/${name}`]: text });
    expect(opened.classes).toEqual([null, null, null, null]);
    expect(opened.tableProblems).toMatchObject([{ path: `s/${name}`, reason: expect.stringMatching(sentence) }]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['a text to be read', { 's/README.txt': 'The class of each image file\nis in the folder 01 of it.\n' }],
    ['boxes of one image each', { 's/labels/01.txt': '0 0.5 0.5 0.1 0.1\n', 's/labels/02.txt': '1 0.5 0.5 0.1 0.1\n' }],
    ['a licence', { 's/LICENSE.txt': 'MIT\n' }],
  ])('is not seen in %s', async (_, contents) => {
    const { classes: found, tableProblems } = await classes(['s/images/0.png', ...IMAGES], contents);
    expect(found.every((name) => name === null)).toBe(true);
    expect(tableProblems).toEqual([]);
  });

  test('that is of other images says so once', async () => {
    const { notices, tableProblems } = await open(dropOf(IMAGES, { 's/list.txt': 'x1.png cat\nx2.png dog\n' }));
    expect(notices).toMatchObject([{ reason: expect.stringMatching(/matches no image: it names “x1.png” first/) }]);
    expect(tableProblems).toEqual([]);
  });
});

describe('a table whose columns are apart by blanks', () => {
  test('as of Stanford’s products is read by its header', async () => {
    const paths = ['s/bicycle_final/1_0.JPG', 's/bicycle_final/1_1.JPG', 's/chair_final/2_0.JPG'];
    const { images } = await open(
      dropOf(paths, {
        's/Ebay_info.txt':
          'image_id class_id super_class_id path\n1 1 1 bicycle_final/1_0.JPG\n2 1 1 bicycle_final/1_1.JPG\n3 2 2 chair_final/2_0.JPG\n',
      }),
    );
    expect(images.map(({ className }) => className)).toEqual(['1', '1', '2']);
  });

  test('as of in-shop clothes, with the number of lines above and splits', async () => {
    const paths = ['s/img/a/1.jpg', 's/img/a/2.jpg', 's/img/b/1.jpg', 's/img/b/2.jpg'];
    const { images } = await open(
      dropOf(paths, {
        's/list_eval_partition.txt': [
          '4',
          'image_name item_id evaluation_status',
          'img/a/1.jpg                 id_01      query',
          'img/a/2.jpg                 id_01      gallery',
          'img/b/1.jpg                 id_02      train',
          'img/b/2.jpg                 id_02      train',
        ].join('\n'),
      }),
    );
    expect(images.map(({ split, className, path }) => `${split} ${className} ${path}`).sort()).toEqual([
      'gallery id_01 s/img/a/2.jpg',
      'query id_01 s/img/a/1.jpg',
      'training id_02 s/img/b/1.jpg',
      'training id_02 s/img/b/2.jpg',
    ]);
  });
});

describe('lists that are named as splits', () => {
  const train = 'images/01.png 1\nimages/02.png 2\n';
  const test_ = 'images/03.png 1\nimages/04.png 2\n';

  test('say the splits where no folder does, and it is said', async () => {
    const { images, tableProblems } = await open(dropOf(IMAGES, { 's/train.txt': train, 's/test.txt': test_ }));
    expect(images.map(({ split, className, path }) => `${split} ${className} ${path}`)).toEqual([
      'training 1 s/images/01.png',
      'training 2 s/images/02.png',
      'gallery 1 s/images/03.png',
      'gallery 2 s/images/04.png',
    ]);
    expect(tableProblems.map(({ reason }) => reason)).toEqual([
      'No folder is named as a split, and the tables are: “test.txt” lists those of a test, “train.txt” lists the training images.',
    ]);
  });

  test('without classes have those of the folders in their paths', async () => {
    const paths = [
      's/images/apple_pie/1.jpg',
      's/images/apple_pie/2.jpg',
      's/images/waffles/1.jpg',
      's/images/waffles/2.jpg',
    ];
    const { images, problems } = await open(
      dropOf(paths, {
        's/meta/train.txt': 'apple_pie/1\nwaffles/1\n',
        's/meta/test.txt': 'apple_pie/2\nwaffles/2\n',
      }),
    );
    expect(lines(images)).toEqual([
      'training apple_pie apple_pie/1.jpg',
      'training waffles waffles/1.jpg',
      'gallery apple_pie apple_pie/2.jpg',
      'gallery waffles waffles/2.jpg',
    ]);
    expect(problems).toEqual([]);
  });

  test('change no split that a folder says', async () => {
    const { images, tableProblems } = await open(
      dropOf(['s/query/03.png', 's/query/04.png', 's/gallery/01.png', 's/gallery/02.png'], {
        's/train.txt': '01.png 1\n02.png 2\n',
        's/test.txt': '03.png 1\n04.png 2\n',
      }),
    );
    expect(lines(images)).toEqual(['query 1 03.png', 'query 2 04.png', 'gallery 1 01.png', 'gallery 2 02.png']);
    expect(tableProblems).toEqual([]);
  });
});

describe('numbers of classes', () => {
  const list = (numbers: readonly number[]) => IMAGES.map((_, at) => `0${at + 1}.png ${numbers[at]}`).join('\n');

  test.each<[string, readonly number[], string, string]>([
    ['from 0, by a list of names', [0, 1, 0, 1], 'classes.txt', 'cat\ndog\nbird\n'],
    ['from 1, by a list of names', [1, 2, 1, 2], 'class_names.txt', 'cat\ndog\n'],
    ['by numbered names', [7, 12, 7, 12], 'classes.txt', '7 cat\n12 dog\n13 bird\n'],
    ['by JSON of numbers', [0, 1, 0, 1], 'id2label.json', '{"0": "cat", "1": "dog"}'],
    ['by JSON of names', [0, 1, 0, 1], 'class_to_idx.json', '{"cat": 0, "dog": 1}'],
    ['by JSON as ImageNet’s', [0, 1, 0, 1], 'class_index.json', '{"0": ["n01", "cat"], "1": ["n02", "dog"]}'],
  ])('get names %s', async (_, numbers, name, text) => {
    const opened = await classes(IMAGES, { 's/list.txt': list(numbers), [`s/${name}`]: text });
    expect(opened.classes).toEqual(['cat', 'dog', 'cat', 'dog']);
    expect(opened.tableProblems).toEqual([]);
  });

  test('stay numbers where it cannot be told which is which, and that is said', async () => {
    const opened = await classes(IMAGES, { 's/list.txt': list([1, 2, 1, 2]), 's/classes.txt': 'cat\ndog\nbird\n' });
    expect(opened.classes).toEqual(['1', '2', '1', '2']);
    expect(opened.tableProblems).toMatchObject([
      { path: 's/classes.txt', reason: expect.stringMatching(/from 0 or from 1/) },
    ]);
  });
});

describe('lists that are joined by the numbers of images', () => {
  const paths = ['001.Black/a_1.jpg', '001.Black/a_2.jpg', '002.White/b_1.jpg', '002.White/b_2.jpg'];
  const numbered = (of: (path: string, at: number) => string) =>
    paths.map((path, at) => `${at + 1} ${of(path, at)}\n`).join('');
  const lists = {
    'CUB/images.txt': numbered((path) => path),
    'CUB/image_class_labels.txt': numbered((_, at) => (at < 2 ? '1' : '2')),
    'CUB/classes.txt': '1 001.Black\n2 002.White\n',
    'CUB/train_test_split.txt': numbered((_, at) => String((at + 1) % 2)),
    'CUB/bounding_boxes.txt': numbered(() => '60.0 27.0 325.0 304.0'),
  };
  const inFolder = paths.map((path) => `CUB/images/${path}`);

  test('as of CUB give splits, and the classes that the folders have', async () => {
    const { images, problems, tableProblems } = await open(dropOf(inFolder, lists));
    expect(images.map(({ split, className, path }) => `${split} ${className} ${path}`)).toEqual([
      'training 001.Black CUB/images/001.Black/a_1.jpg',
      'training 002.White CUB/images/002.White/b_1.jpg',
      'gallery 001.Black CUB/images/001.Black/a_2.jpg',
      'gallery 002.White CUB/images/002.White/b_2.jpg',
    ]);
    expect([...problems, ...tableProblems]).toEqual([]);
  });

  test('name the classes of images that lie in no class folder', async () => {
    const flat = paths.map((path) => `CUB/images/${path.slice(path.indexOf('/') + 1)}`);
    const { images } = await open(
      dropOf(flat, { ...lists, 'CUB/images.txt': numbered((path) => path.slice(path.indexOf('/') + 1)) }),
    );
    expect(images.map(({ className }) => className)).toEqual(['001.Black', '002.White', '001.Black', '002.White']);
  });

  test('need no list of classes, and no splits', async () => {
    const { 'CUB/images.txt': first, 'CUB/train_test_split.txt': split, 'CUB/image_class_labels.txt': labels } = lists;
    const splits = await open(dropOf(inFolder, { 'CUB/images.txt': first, 'CUB/train_test_split.txt': split }));
    expect(splits.images.map(({ split }) => split)).toEqual(['training', 'training', 'gallery', 'gallery']);
    const classes = await open(
      dropOf(['CUB/a_1.jpg', 'CUB/b_1.jpg'], {
        'CUB/images.txt': '1 a_1.jpg\n2 b_1.jpg\n',
        'CUB/image_class_labels.txt': labels
          .split('\n')
          .slice(1, 3)
          .map((line, at) => `${at + 1}${line.slice(1)}`)
          .join('\n'),
      }),
    );
    expect(classes.images.map(({ className }) => className)).toEqual(['1', '2']);
  });
});
