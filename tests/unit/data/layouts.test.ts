import { describe, expect, test } from 'vitest';
import { type Choices, choose, NO_CHOICES, type Notice } from '../../../src/data/choices.ts';
import { summarise } from '../../../src/data/derive-images.ts';
import { groundTruthCsv } from '../../../src/exports/csv.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { dropCase } from './cases.ts';
import { lines } from './listed.ts';
import { dropOf, open } from './opened.ts';

const classesOf = (images: readonly ImageRecord[]) => summarise(images).classes;
const countsOf = (images: readonly ImageRecord[]) => Object.values(summarise(images).counts);
const kindsOf = (notices: readonly Notice[]) => notices.map(({ kind, path, images }) => `${kind} ${path} ${images}`);

function press(notices: readonly Notice[], label: RegExp, choices: Choices = NO_CHOICES): Choices {
  const offer = notices.flatMap(({ offers }) => offers).find((one) => label.test(one.label));
  if (!offer)
    throw new Error(
      `No button ${label} among ${notices.flatMap(({ offers }) => offers.map((one) => one.label)).join('; ')}`,
    );
  return choose(choices, offer.choice);
}

describe('wrapping folders', () => {
  test('of a split’s own name are left behind', async () => {
    const { images, notices } = await open(dropCase('doubled-folders', 'doubled-folders/sets'));
    expect(classesOf(images)).toEqual(['bird', 'cat', 'dog']);
    expect(images.every(({ split, file }) => split === 'training' && file.split('/').length === 2)).toBe(true);
    expect(notices).toMatchObject([{ kind: 'outside-roles', path: 'sets/test_set' }]);
    const decided = await open(
      dropCase('doubled-folders', 'doubled-folders/sets'),
      press(notices, /Search in “test_set”/),
    );
    expect(classesOf(decided.images.filter(({ split }) => split === 'gallery'))).toEqual(['bird', 'cat', 'dog']);
  });

  test.each([
    ['its own name', ['train/train', 'query/query', 'gallery/gallery']],
    ['its own name in capitals', ['Train/TRAIN', 'Query/QUERY', 'Gallery/GALLERY']],
    ['a name that says nothing', ['train/images', 'query/images', 'gallery/JPG images']],
    ['another split’s name', ['train/training_set', 'query/test', 'gallery/val']],
    ['any name around several classes', ['train/v2', 'query/v2', 'gallery/v2']],
    ['two of them', ['train/v2/train', 'query/v2/images', 'gallery/gallery/v2']],
    ['its own name, over and over', ['train/train/train', 'query/Query/query/QUERY', 'gallery/gallery/gallery']],
  ])('are those of %s', async (_, folders) => {
    const paths = folders.flatMap((folder) => [`s/${folder}/cat/1.png`, `s/${folder}/dog/2.png`]);
    const { images, notices } = await open(dropOf(paths));
    expect(lines(images)).toEqual(
      ['training', 'query', 'gallery'].flatMap((split) => [`${split} cat cat/1.png`, `${split} dog dog/2.png`]),
    );
    expect(notices).toEqual([]);
  });

  test('are those beside a stray picture, which is of no class, and beside texts without an ending', async () => {
    const classes = ['cat', 'dog'].flatMap((name) => [`${name}/1.png`, `${name}/2.png`]);
    const wrapped = ['train/train', 'query/images', 'gallery/gallery'].flatMap((folder) =>
      classes.map((path) => `s/${folder}/${path}`),
    );
    const texts = { 's/train/README': 'read me', 's/LICENSE': 'all', 's/train/train/Makefile': 'all:' };
    const { images, unclassed, notices } = await open(
      dropOf([...wrapped, 's/train/cover.png', 's/query/cover.png'], texts),
    );
    expect(classesOf(images)).toEqual(['cat', 'dog']);
    expect(lines(unclassed)).toEqual(['training – cover.png']);
    expect(lines(images).filter((line) => /–/.test(line))).toEqual(['query – cover.png']);
    expect(kindsOf(notices)).toEqual(['no-class s/train 1']);
  });

  test('without roles are those beside a cover picture, which takes no part, and it is said', async () => {
    const { images, notices, folders } = await open(
      dropOf([
        'pets/cover.png',
        ...['cat', 'dog'].flatMap((name) => [`pets/pets/${name}/1.png`, `pets/pets/${name}/2.png`]),
      ]),
    );
    expect(classesOf(images)).toEqual(['cat', 'dog']);
    expect(countsOf(images)).toEqual([0, 0, 4]);
    expect(kindsOf(notices)).toEqual(['outside-roles pets 1']);
    expect(folders.find(({ path }) => path === 'pets/pets')?.images).toBe(4);
  });

  test('around flat images are left behind too', async () => {
    const { images } = await open(dropOf(['s/train/a/1.png', 's/query/query/q.png', 's/gallery/images/g.png']));
    expect(lines(images)).toEqual(['training a a/1.png', 'query – q.png', 'gallery – g.png']);
  });

  test('are those around a lone class that another split has', async () => {
    const { images } = await open(
      dropOf(['s/train/cat/1.png', 's/train/dog/2.png', 's/query/2024/cat/3.png', 's/gallery/x/y/dog/4.png']),
    );
    expect(lines(images)).toEqual([
      'training cat cat/1.png',
      'training dog dog/2.png',
      'query cat cat/3.png',
      'gallery dog dog/4.png',
    ]);
  });

  test('a lone class is a class', async () => {
    const one = await open(
      dropOf([
        's/train/cat/1.png',
        's/train/dog/1.png',
        's/query/cat/a/2.png',
        's/query/cat/b/3.png',
        's/gallery/thing/4.png',
      ]),
    );
    expect(lines(one.images)).toEqual([
      'training cat cat/1.png',
      'training dog dog/1.png',
      'query cat cat/a/2.png',
      'query cat cat/b/3.png',
      'gallery thing thing/4.png',
    ]);
  });
});

describe('folders’ names', () => {
  test.each([
    ['training_set', 'query_images', 'gallery-set'],
    ['train_images', 'probe', 'bounding_box_test'],
    ['bounding_box_train', 'Queries', 'images_gallery'],
    ['TrainSet', 'queryset', 'GalleryImages'],
    ['train2017', 'query (1)', 'gallery data'],
    ['TRAINING', 'test_query', 'test-gallery'],
    ['train_v2', 'probe_224x224', 'reference'],
    ['train', 'queries', 'index_images'],
    ['train', 'test/probe', 'test/distractors'],
  ])('%s, %s, %s are roles', async (train, query, gallery) => {
    const { images, notices } = await open(dropOf([`${train}/a/1.png`, `${query}/a/2.png`, `${gallery}/a/3.png`]));
    expect(countsOf(images)).toEqual([1, 1, 1]);
    expect(notices).toEqual([]);
  });

  test('of splits that were taken for classes are said, with a way out', async () => {
    const { images, notices } = await open(dropOf(['s/my test photos/a/1.png', 's/kitchen-train-v2/a/2.png']));
    expect(classesOf(images)).toEqual(['kitchen-train-v2', 'my test photos']);
    expect(kindsOf(notices).sort()).toEqual([
      'looks-like-split s/kitchen-train-v2 1',
      'looks-like-split s/my test photos 1',
    ]);
    const first = press(notices, /as training/);
    const decided = await open(
      dropOf(['s/my test photos/a/1.png', 's/kitchen-train-v2/a/2.png']),
      press(notices, /as queries/, first),
    );
    expect(lines(decided.images)).toEqual(['training a a/2.png', 'query a a/1.png']);
    // The queries have nothing to be searched in now.
    expect(kindsOf(decided.notices)).toEqual(['outside-roles s 1']);
  });

  test('that are a class among others are said where nothing else is called so', async () => {
    const vehicles = await open(dropOf(['v/bus/1.png', 'v/car/2.png', 'v/train/3.png', 'v/test tube/4.png']));
    expect(vehicles.notices).toEqual([]);
    const books = await open(dropOf(['b/fiction/1.png', 'b/reference/2.png', 'b/database/3.png', 'b/x/4.png']));
    expect(books.notices).toEqual([]);
    expect(classesOf(books.images)).toEqual(['database', 'fiction', 'reference', 'x']);
    const odd = await open(dropOf(['v/bus/1.png', 'v/car/2.png', 'v/testing/3.png']));
    expect(kindsOf(odd.notices)).toEqual(['looks-like-split v/testing 1']);
  });
});

describe('splits that lie elsewhere', () => {
  const splits = (folder: string) =>
    ['train', 'query', 'gallery'].flatMap((split) => ['cat', 'dog'].map((name) => `${folder}/${split}/${name}/1.png`));

  test.each([
    ['a preview', ['s/preview.png'], 's'],
    ['a folder of drawings', ['s/docs/drawing.png'], 's/docs'],
    ['a preview further down', ['s/data/preview.png'], 's/data'],
  ])('beside %s are found, and what lies beside them is said to be left out', async (_, beside, folder) => {
    const { images, notices } = await open(dropOf([...splits('s/data/dataset'), ...beside]));
    expect(countsOf(images)).toEqual([2, 2, 2]);
    expect(classesOf(images)).toEqual(['cat', 'dog']);
    expect(kindsOf(notices)).toEqual([`outside-roles ${folder} 1`]);
  });

  test('of two data sets in one folder are not guessed, nor those of a few images among many', async () => {
    expect(countsOf((await open(dropOf([...splits('s/a'), ...splits('s/b')]))).images)).toEqual([0, 0, 12]);
    const many = Array.from({ length: 20 }, (_, n) => `s/old/${n}.png`);
    expect(countsOf((await open(dropOf([...splits('s/a'), ...many]))).images)).toEqual([0, 0, 26]);
  });

  const inside = (names: readonly string[]) =>
    dropOf(['cat', 'dog'].flatMap((name) => names.map((split) => `s/${name}/${split}/1.png`)));

  test('inside the classes are said, and taken by a press', async () => {
    const { images, notices, choose: decide } = await open(inside(['train', 'query', 'gallery']));
    expect(countsOf(images)).toEqual([0, 0, 6]);
    expect(notices).toMatchObject([{ kind: 'looks-like-split', images: 6 }]);
    const taken = decide(press(notices, /as splits/));
    expect(countsOf(taken.images)).toEqual([2, 2, 2]);
    expect(classesOf(taken.images)).toEqual(['cat', 'dog']);
    expect(taken.notices).toEqual([]);
  });

  test('inside the classes may be train, test and val', async () => {
    const { notices, choose: decide } = await open(inside(['train', 'test', 'val']));
    expect(countsOf(decide(press(notices, /Ask with “test”, search in “val”/)).images)).toEqual([2, 2, 2]);
    expect(countsOf(decide(press(notices, /Search “test” within itself/)).images)).toEqual([2, 0, 4]);
    expect((await open(inside(['front', 'back']))).notices).toEqual([]);
  });
});

describe('hidden folders', () => {
  test('are left out and said, a line each; one that was dropped itself is not', async () => {
    const paths = ['.s/train/a/1.png', '.s/train/a/.b.png', '.s/query/a/2.png', '.s/gallery/a/3.png'];
    const { images, notices } = await open(
      dropOf([...paths, '.s/.thumbs/1.png', '.s/.thumbs/x/2.png', '.s/gallery/.cache/a/3.png']),
    );
    expect(images.map(({ path }) => path).sort()).toEqual(paths.sort());
    expect(kindsOf(notices).sort()).toEqual(['outside-roles .s/.thumbs 2', 'outside-roles .s/gallery/.cache 1']);
    expect(notices.every(({ reason }) => reason.includes('is a hidden folder'))).toBe(true);
  });
});

test('a folder whose name speaks of a split among other words is offered as one', async () => {
  const listing = dropOf(['s/train/a/1.png', 's/Query (copy)/a/2.png', 's/gallery - Copy/a/3.png']);
  const { notices, choose: decide } = await open(listing);
  const query = press(notices, /Use “Query \(copy\)” as queries/);
  expect(countsOf(decide(press(notices, /Use “gallery - Copy” as gallery/, query)).images)).toEqual([1, 1, 1]);
});

describe('train, valid and test', () => {
  test.each(['valid', 'val', 'validation'])('with %s: one notice with the ways to go on', async (valid) => {
    const listing = dropCase('train-valid-test', 'train-valid-test/photos');
    const renamed = {
      ...listing,
      files: listing.files.map((file) => ({ ...file, path: file.path.replace('/valid/', `/${valid}/`) })),
    };
    const { images, notices, choose: decide } = await open(renamed);
    expect(countsOf(images)).toEqual([18, 0, 0]);
    expect(kindsOf(notices)).toEqual(['outside-roles photos 15']);
    const one = decide(press(notices, /^Ask with “test”, search in/));
    expect(countsOf(one.images)).toEqual([18, 9, 6]);
    expect(one.notices).toEqual([]);
    const other = decide(press(notices, /^Ask with “val.*”, search in “test”/));
    expect(countsOf(other.images)).toEqual([18, 6, 9]);
    expect(classesOf(other.images)).toEqual(['bird', 'cat', 'dog']);
  });

  test('valid and test alone are splits, too', async () => {
    const { images, notices } = await open(dropOf(['s/valid/a/1.png', 's/test/a/2.png']));
    expect(images).toEqual([]);
    expect(notices).toMatchObject([{ kind: 'outside-roles', images: 2 }]);
  });

  test('test beside queries is offered as gallery', async () => {
    const { notices, choose: decide } = await open(dropOf(['s/train/a/1.png', 's/query/a/2.png', 's/test/a/3.png']));
    expect(countsOf(decide(press(notices, /^Search in “test”$/)).images)).toEqual([1, 1, 1]);
    expect(notices[0]?.offers).toHaveLength(1);
  });

  test('a line a folder, whatever the number of images', async () => {
    const many = Array.from({ length: 2000 }, (_, n) => [`s/old/${n}.png`, `s/train/${n}.png`, `s/${n}.png`]).flat();
    const { notices } = await open(dropOf(['s/train/a/x.png', 's/query/a/y.png', 's/gallery/a/z.png', ...many]));
    expect(kindsOf(notices).sort()).toEqual([
      'no-class s/train 2000',
      'outside-roles s 2000',
      'outside-roles s/old 2000',
    ]);
  });
});

describe('a table that is of other images', () => {
  const files = ['s/query/1.png', 's/gallery/2.png'];
  const table = (text: string) => open(dropOf(files, { 's/labels.csv': text }));

  test('says so in a sentence, with the first that it names and what the images are called', async () => {
    const { notices, images } = await table('split,file,class\nquery,IMG_001.jpg,apple\ngallery,IMG_002.jpg,pear\n');
    expect(images.map(({ className }) => className)).toEqual([null, null]);
    expect(notices[0]).toMatchObject({
      kind: 'ground-truth',
      reason:
        'The ground truth matches no image: it names “IMG_001.jpg” first, and the images are called like “s/query/1.png”.',
      offers: [],
    });
  });

  test('says nothing where one of them is of an image, or may be', async () => {
    const one = await table('split,file,class\nquery,1.png,apple\ngallery,IMG_002.jpg,pear\n');
    expect(one.notices).toEqual([]);
    const several = await open(dropOf(['s/a/1.png', 's/b/1.png'], { 's/labels.csv': 'file,class\n1.png,apple\n' }));
    expect(several.notices.filter(({ kind }) => kind === 'ground-truth')).toEqual([]);
  });
});

describe('classes in file names', () => {
  test('of re-identification: one notice, one button', async () => {
    const {
      images,
      notices,
      choose: decide,
    } = await open(dropCase('identity-in-file-name', 'identity-in-file-name/reid'));
    expect(countsOf(images)).toEqual([0, 6, 10]);
    expect(notices).toHaveLength(1);
    expect(notices[0]?.reason).toContain('3 classes, “0002”, “0007” and “0010”');
    const decided = decide(press(notices, /file names/));
    expect(countsOf(decided.images)).toEqual([15, 6, 10]);
    expect(classesOf(decided.images)).toEqual(['0002', '0007', '0010']);
    // Junk is nobody.
    expect(decided.images.filter(({ className }) => className === null).map(({ file }) => file)).toEqual([
      '-1_c1s1_000000_04.png',
    ]);
    expect(decided.notices).toEqual([]);
  });

  test('of a competition’s cats and dogs', async () => {
    const paths = ['train', 'query', 'gallery'].flatMap((folder) =>
      [0, 1].flatMap((n) => [`pets/${folder}/cat.${n}.png`, `pets/${folder}/dog.${n}.png`]),
    );
    const { notices, choose: decide } = await open(dropOf(paths));
    expect(notices).toHaveLength(1);
    const { images } = decide(press(notices, /file names/));
    expect(countsOf(images)).toEqual([4, 4, 4]);
    expect(classesOf(images)).toEqual(['cat', 'dog']);
  });

  test('may be several words, and the user says how many', async () => {
    const names = ['american_bulldog', 'american_pit_bull', 'Persian'].flatMap((breed) =>
      [1, 2, 3].map((n) => `${breed}_${n}.jpg`),
    );
    const { notices, choose: decide } = await open(dropOf(names.map((name) => `s/train/${name}`)));
    expect(notices[0]?.offers.map(({ label }) => label)).toEqual([
      'Take all before the number at its end as the class (3)',
      'Take all up to the first _ or . as the class (2)',
    ]);
    expect(classesOf(decide(press(notices, /before the number/)).images)).toEqual([
      'Persian',
      'american_bulldog',
      'american_pit_bull',
    ]);
    expect(classesOf(decide(press(notices, /first _/)).images)).toEqual(['Persian', 'american']);
  });

  test('may stand behind a number', async () => {
    const names = ['0001_polar bear', '0002_cat', '0003_polar bear', '0004_cat'].map((name) => `${name}.png`);
    const paths = ['train', 'gallery'].flatMap((folder) => names.map((name) => `s/${folder}/${name}`));
    const { notices, choose: decide } = await open(dropOf(paths));
    expect(notices[0]?.reason).toContain('seem to end with the class: that gives 2 classes, “cat” and “polar bear”');
    expect(classesOf(decide(press(notices, /file names/)).images)).toEqual(['cat', 'polar bear']);
  });

  test('are not offered where names are numbers, or all of them begin alike', async () => {
    for (const names of [
      ['1.jpg', '2.jpg', '3.jpg'],
      ['IMG_1.jpg', 'IMG_2.jpg'],
      ['a.jpg', 'b.jpg'],
    ]) {
      const { notices } = await open(dropOf(names.map((name) => `s/train/${name}`)));
      expect(notices.flatMap(({ offers }) => offers)).toEqual([]);
      expect(kindsOf(notices)).toEqual([`no-class s/train ${names.length}`]);
    }
  });

  test('of queries alone are those that training has', async () => {
    const { notices, choose: decide } = await open(
      dropOf([
        's/train/cat/1.png',
        's/train/dog/2.png',
        's/query/cat.3.png',
        's/gallery/x/4.png',
        's/gallery/cat/5.png',
      ]),
    );
    expect(lines(decide(press(notices, /file names/)).images)).toContain('query cat cat.3.png');
  });
});

describe('a table beside images', () => {
  test('gives classes by file names without ending, whatever the split', async () => {
    const { images, notices, tableProblems } = await open(dropCase('csv-image-id-label', 'csv-image-id-label/split'));
    expect(countsOf(images)).toEqual([15, 6, 9]);
    expect(images.every(({ className }) => className !== null)).toBe(true);
    expect(lines(images)).toContain('query cat 05.png');
    expect(lines(images)).toContain('gallery bird 29.png');
    expect([...notices, ...tableProblems]).toEqual([]);
  });

  const flat = ['flat/train_images/1.png', 'flat/train_images/2.png', 'flat/test_images/9.png'];
  test('gives the classes of flat training images', async () => {
    const { images, notices } = await open(dropOf(flat, { 'flat/train.csv': 'image_id,label\n1,cat\n2.png,dog\n' }));
    expect(lines(images)).toEqual(['training cat 1.png', 'training dog 2.png']);
    expect(kindsOf(notices)).toEqual(['outside-roles flat/test_images 1']);
  });

  test('that is a sample of an answer is none', async () => {
    const { images } = await open(dropOf(flat, { 'flat/sample_submission.csv': 'image_id,label\n1,0\n2,0\n9,0\n' }));
    expect(images).toEqual([]);
  });

  test('without such columns is said to be a table, with the columns that are wanted', async () => {
    const { tableProblems } = await open(dropOf(flat, { 'flat/meta.csv': 'name,size\n1,2\n' }));
    expect(tableProblems).toMatchObject([
      {
        path: 'flat/meta.csv',
        reason: expect.stringMatching(/is a table, but its columns \(name, size\).*filename.*label/),
      },
    ]);
  });

  test('gives the splits where no folder does', async () => {
    const table = 'split,filename,label\ntrain,1.png,a\ntrain,2.png,b\nquery,3.png,a\ngallery,4.png,a\n';
    const { images } = await open(
      dropOf(['s/images/1.png', 's/images/2.png', 's/images/3.png', 's/images/4.png'], { 's/labels.csv': table }),
    );
    expect(images.map(({ split, className, path }) => [split, className, path])).toEqual([
      ['training', 'a', 's/images/1.png'],
      ['training', 'b', 's/images/2.png'],
      ['query', 'a', 's/images/3.png'],
      ['gallery', 'a', 's/images/4.png'],
    ]);
  });

  test('in several files, one for each split', async () => {
    const { images } = await open(
      dropOf(['s/train/1.png', 's/query/2.png', 's/gallery/3.png'], {
        's/train.csv': 'id,label\n1,a\n',
        's/labels/test.tsv': 'image\tclass\n2\ta\n3\tb\n',
      }),
    );
    expect(lines(images)).toEqual(['training a 1.png', 'query a 2.png', 'gallery b 3.png']);
  });
});

describe('ground truth', () => {
  test.each(['semicolon'])('of the case %s is read', async (name) => {
    const { images, tableProblems, problems } = await open(
      dropCase('refused-ground-truth', `refused-ground-truth/${name}`),
    );
    expect(tableProblems).toEqual([]);
    expect(problems).toEqual([]);
    expect(images.every(({ className }) => className !== null)).toBe(true);
  });

  test('that is refused stands among the problems, and the rest goes on', async () => {
    const { images, tableProblems } = await open(dropCase('refused-ground-truth', 'refused-ground-truth/broken'));
    expect(tableProblems).toMatchObject([
      {
        kind: 'ground-truth-refused',
        severity: 'skipped',
        path: 'broken/ground_truth.json',
        reason: expect.stringContaining('not valid JSON'),
      },
    ]);
    expect(countsOf(images)).toEqual([15, 6, 9]);
  });

  test('in numbers and in Windows-1252 is read', async () => {
    const paths = ['s/train/a/1.png', 's/query/1.png', 's/gallery/2.png'];
    const numbers = await open(
      dropOf(paths, { 's/ground_truth.json': '{"query":{"1.png":0},"gallery":{"2.png":12}}' }),
    );
    expect(classesOf(numbers.images)).toEqual(['0', '12', 'a']);
    const bytes = Uint8Array.from(
      Buffer.from('split,file,class\nquery,1.png,caf\xe9\ngallery,2.png,caf\xe9\n', 'latin1'),
    );
    const western = await open(dropOf(paths, { 's/ground_truth.csv': bytes }));
    expect(classesOf(western.images)).toEqual(['a', 'café']);
    expect(western.tableProblems).toMatchObject([
      { kind: 'ground-truth', severity: 'warning', reason: expect.stringContaining('Windows-1252') },
    ]);
  });

  test('in UTF-16 or UTF-32 is read, with semicolons and decimal commas, and capitals in endings do not count', async () => {
    const table = '\ufefffile;score;class\n1.jpg;0,5;Kätzchen\n2.JPG;0,75;Kätzchen\n';
    const units = (bytes: number, set: (view: DataView, at: number, code: number) => void) => {
      const view = new DataView(new ArrayBuffer(bytes * table.length));
      for (let at = 0; at < table.length; at++) set(view, bytes * at, table.charCodeAt(at));
      return new Uint8Array(view.buffer);
    };
    for (const bytes of [
      units(2, (view, at, code) => view.setUint16(at, code, true)),
      units(2, (view, at, code) => view.setUint16(at, code, false)),
      units(4, (view, at, code) => view.setUint32(at, code, true)),
    ]) {
      const { images, tableProblems } = await open(
        dropOf(['s/query/1.JPG', 's/gallery/2.jpg'], { 's/labels.csv': bytes }),
      );
      expect(lines(images)).toEqual(['query Kätzchen 1.JPG', 'gallery Kätzchen 2.jpg']);
      expect(tableProblems).toEqual([]);
    }
  });

  test('whose keys are paths from the root fits', async () => {
    const { images, problems, tableProblems } = await open(dropCase('ground-truth-paths', 'ground-truth-paths/photos'));
    expect([...problems, ...tableProblems]).toEqual([]);
    expect(images.filter(({ split, className }) => split !== 'training' && className === null)).toEqual([]);
  });
});

describe('names', () => {
  test('of files composed in a table and decomposed on disk are the same', async () => {
    const { images, problems, notices } = await open(dropCase('decomposed-names', 'decomposed-names/files'));
    expect(problems).toEqual([]);
    expect(notices).toEqual([]);
    expect(images.filter(({ className }) => className === null)).toEqual([]);
    // Shown as they came.
    expect(images.some(({ file }) => file !== file.normalize('NFC'))).toBe(true);
  });

  test('of classes, likewise', async () => {
    const { images, notices } = await open(dropCase('decomposed-names', 'decomposed-names/files'));
    const classes = classesOf(images);
    expect(new Set(classes.map((name) => name.normalize('NFC'))).size).toBe(classes.length);
    expect(notices).toEqual([]);
    const mixed = await open(
      dropOf(['s/train/cafe\u0301/1.png', 's/query/caf\u00e9/2.png', 's/gallery/caf\u00e9/3.png']),
    );
    expect(classesOf(mixed.images)).toEqual(['cafe\u0301']);
  });

  test('that differ in capitals and outer blanks alone stay apart until they are merged', async () => {
    const { images, notices, choose: decide } = await open(dropCase('class-names-differ', 'class-names-differ/photos'));
    expect(classesOf(images)).toHaveLength(9);
    expect(notices.map(({ kind }) => kind)).toEqual(['similar-classes', 'classes-apart']);
    expect(notices[1]?.reason).toMatch(/^No query’s class is in the gallery/);
    const merged = decide(press(notices, /one class of each/));
    expect(classesOf(merged.images)).toEqual(['Apple', 'Banana', 'Kiwi']);
    expect(merged.notices).toEqual([]);
  });

  test('that differ in what nobody sees, or in the width of their letters, are such classes', async () => {
    const names = ['Cat', ' cat', 'CAT\u200f', '\ufeffcat', 'Ｃａｔ', 'c\u200bat', 'dog', '🐕', '🐈'];
    const { notices, choose: decide } = await open(dropOf(names.map((name) => `s/train/${name}/1.png`)));
    expect(kindsOf(notices)).toEqual([expect.stringMatching(/^similar-classes .*6$/)]);
    expect(classesOf(decide(press(notices, /one class/)).images).sort()).toEqual(['Cat', 'dog', '🐈', '🐕'].sort());
  });

  test('that lost the full stops at their ends on Windows are such classes', async () => {
    const { notices, choose: decide } = await open(
      dropOf(['s/train/Dr. Who./1.png', 's/train/x/0.png', 's/query/Dr. Who/2.png', 's/gallery/3.png']),
    );
    expect(kindsOf(notices)).toEqual(['similar-classes Dr. Who. 2']);
    expect(classesOf(decide(press(notices, /one class/)).images)).toEqual(['Dr. Who.', 'x']);
  });
});

describe('decisions', () => {
  test('by hand win over folders, tables and names', async () => {
    const listing = dropOf(['s/train/a/1.png', 's/query/x_1.png', 's/gallery/b/2.png'], {
      's/ground_truth.json': '{"query":{"x_1.png":"t"}}',
    });
    const { choose: decide } = await open(listing);
    const choices = choose(NO_CHOICES, {
      kind: 'class',
      paths: ['s/query/x_1.png', 's/train/a/1.png'],
      className: 'mine',
    });
    expect(classesOf(decide(choices).images)).toEqual(['b', 'mine']);
    expect(classesOf(decide(choose(choices, { kind: 'no-own-class', paths: ['s/train/a/1.png'] })).images)).toEqual([
      'a',
      'b',
      'mine',
    ]);
  });

  test('of no class take a class away that folder or table gave, and are no trouble to be told of', async () => {
    const listing = dropOf(['s/train/a/1.png', 's/train/a/2.png', 's/query/a/3.png', 's/gallery/a/4.png']);
    const { choose: decide } = await open(listing);
    const paths = ['s/train/a/1.png', 's/query/a/3.png'];
    const { images, unclassed, notices } = decide(choose(NO_CHOICES, { kind: 'class', paths, className: null }));
    expect(lines(images)).toEqual(['training a a/2.png', 'query – a/3.png', 'gallery a a/4.png']);
    expect(lines(unclassed)).toEqual(['training – a/1.png']);
    expect(notices).toEqual([]);
  });

  test('exclude images from all that follows, and include them again', async () => {
    const { choose: decide, images } = await open(
      dropOf(['s/train/a/1.png', 's/train/b/2.png', 's/query/a/3.png', 's/gallery/a/4.png']),
    );
    const choices = choose(NO_CHOICES, { kind: 'exclude', paths: ['s/train/b/2.png', 's/gallery/a/4.png'] });
    const without = decide(choices);
    expect(lines(without.images)).toEqual(['training a a/1.png', 'query a a/3.png']);
    expect(lines(without.excluded)).toEqual(['training b b/2.png', 'gallery a a/4.png']);
    const back = decide(choose(choices, { kind: 'include', paths: ['s/train/b/2.png', 's/gallery/a/4.png'] }));
    expect(back.images).toEqual(images);
    expect(back.excluded).toEqual([]);
  });

  test('make classes of a flat training folder, whose images are at hand until then', async () => {
    const {
      choose: decide,
      images,
      unclassed,
    } = await open(dropOf(['s/train/x.png', 's/train/y.png', 's/train/z.png', 's/query/q.png', 's/gallery/g.png']));
    expect(lines(images)).toEqual(['query – q.png', 'gallery – g.png']);
    expect(lines(unclassed)).toEqual(['training – x.png', 'training – y.png', 'training – z.png']);
    const paths = ['s/train/x.png', 's/train/z.png'];
    const labelled = decide(choose(NO_CHOICES, { kind: 'class', paths, className: 'mine' }));
    expect(lines(labelled.images)).toEqual([
      'training mine x.png',
      'training mine z.png',
      'query – q.png',
      'gallery – g.png',
    ]);
    expect(lines(labelled.unclassed)).toEqual(['training – y.png']);
  });

  test('are written as a table that the same files read back', async () => {
    const listing = dropOf(['s/train/a/1.png', 's/query/x, "1".png', 's/query/b/2.png', 's/gallery/c/3.png']);
    const { choose: decide } = await open(listing);
    const paths = ['s/query/x, "1".png', 's/gallery/c/3.png'];
    const decided = decide(choose(NO_CHOICES, { kind: 'class', paths, className: 'it’s "ü"; mine' }));
    const table = groundTruthCsv(decided.images);
    const files = [...listing.files, ...dropOf([], { 's/ground_truth.csv': table }).files];
    const again = await open({ files, directories: [], problems: [] });
    expect(again.tableProblems).toEqual([]);
    expect(lines(again.images)).toEqual(lines(decided.images));
  });

  test('about one thing: the later counts; merges can be turned round and never run in a circle', () => {
    let choices = choose(NO_CHOICES, {
      kind: 'roles',
      roles: [
        ['a', 'query'],
        ['b', 'query'],
      ],
    });
    choices = choose(choices, { kind: 'roles', roles: [['a', 'ignore']] });
    expect(choices.roles).toEqual([
      ['b', 'query'],
      ['a', 'ignore'],
    ]);
    choices = choose(choices, { kind: 'merge-classes', classes: [['A', 'a']] });
    choices = choose(choices, { kind: 'merge-classes', classes: [['a', 'A']] });
    expect(choices.mergedClasses).toEqual([['a', 'A']]);
    choices = choose(choices, { kind: 'name-classes', folders: ['f', 'g'], rule: 'first-part' });
    choices = choose(choices, { kind: 'name-classes', folders: ['f'], rule: null });
    expect(choices.namesAsClasses).toEqual([['g', 'first-part']]);
  });
});

test('queries without any gallery are told so, with what to do', async () => {
  const paths = ['s/training/a/1.png', 's/training/b/2.png', 's/query/a/3.png', 's/query/b/4.png'];
  const missing = async (all: readonly string[]) =>
    (await open(dropOf(all))).notices.filter(({ reason }) => reason.includes('no gallery'));
  const [notice, ...others] = await missing(paths);
  expect(others).toEqual([]);
  expect(notice).toMatchObject({ images: 2, reason: 'There are 2 query images, but no gallery to search in.' });
  expect(notice?.action).toContain('the role Gallery in the table Folders');
  expect(await missing([...paths, 's/gallery/a/5.png'])).toEqual([]);
  // Of these it is asked which are searched.
  expect(await missing([...paths, 's/test/a/5.png'])).toEqual([]);
});

test.each([
  ['train-valid-test', 'train-valid-test/photos'],
  ['class-names-differ', 'class-names-differ/photos'],
  ['identity-in-file-name', 'identity-in-file-name/reid'],
  ['doubled-folders', 'doubled-folders/sets'],
  ['csv-image-id-label', 'csv-image-id-label/split'],
  ['ground-truth-paths', 'ground-truth-paths/photos'],
])('%s: %s says the same in whatever order its files are listed', async (name, folder) => {
  const listing = dropCase(name, folder);
  const { images, notices, problems, folders } = await open(listing);
  const turned = await open({
    ...listing,
    files: [...listing.files].reverse(),
    directories: [...listing.directories].reverse(),
  });
  expect({
    images: turned.images,
    notices: turned.notices,
    problems: turned.problems,
    folders: turned.folders,
  }).toEqual({
    images,
    notices,
    problems,
    folders,
  });
});
