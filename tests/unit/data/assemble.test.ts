import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summarise } from '../../../src/data/derive-images.ts';
import { drop, kindOf, kinds, lines } from './listed.ts';

describe('roles by folder names', () => {
  test.each([
    ['training', 'test/query', 'test/gallery'],
    ['train', 'test/queries', 'test/galleries'],
    ['TRAINING', 'Test/Query', 'tEST/gallery'],
    ['Train', 'query', 'Gallery'],
  ])('%s, %s, %s', (training, query, gallery) => {
    const paths = [`${training}/a/1.jpg`, `${training}/b/deep/2.jpg`, `${query}/q.jpg`, `${gallery}/a/g.jpg`];
    const expected = ['training a a/1.jpg', 'training b b/deep/2.jpg', 'query – q.jpg', 'gallery a a/g.jpg'];
    for (const wrapping of ['', 'shop/', 'down/loads/shop/']) {
      const { images, problems } = drop(paths.map((path) => wrapping + path));
      expect(lines(images)).toEqual(expected);
      expect(problems).toEqual([]);
    }
  });

  test('one role alone is enough', () => {
    expect(lines(drop(['gallery/a/1.jpg', 'gallery/2.jpg']).images)).toEqual(['gallery – 2.jpg', 'gallery a a/1.jpg']);
    expect(lines(drop(['set/training/a/1.jpg']).images)).toEqual(['training a a/1.jpg']);
  });

  test('files outside the roles are named, and can be taken in by hand', () => {
    const paths = [
      's/training/a/1.jpg',
      's/test/query/q.jpg',
      's/test/extra/c/e.jpg',
      's/test/t.jpg',
      's/old/o.jpg',
      's/l.jpg',
    ];
    const { images, problems, folders } = drop(paths);
    expect(lines(images)).toEqual(['training a a/1.jpg', 'query – q.jpg']);
    // A line a folder, not a line an image.
    expect(kinds(problems)).toEqual([
      'outside-roles s',
      'outside-roles s/old',
      'outside-roles s/test',
      'outside-roles s/test/extra',
    ]);
    expect(folders).toEqual([
      { path: 's', role: 'ignore', images: 1 },
      { path: 's/old', role: 'ignore', images: 1 },
      { path: 's/test', role: 'ignore', images: 1 },
      { path: 's/test/extra', role: 'ignore', images: 1 },
      { path: 's/test/query', role: 'query', images: 1 },
      { path: 's/training', role: 'training', images: 1 },
    ]);
    const byHand = drop(paths, { 's/test/extra': 'gallery', 's/old': 'ignore', 's/training': 'ignore' });
    expect(lines(byHand.images)).toEqual(['query – q.jpg', 'gallery c c/e.jpg']);
    // What a user leaves out is no problem.
    expect(kinds(byHand.problems)).toEqual(['outside-roles s', 'outside-roles s/test']);
    expect(byHand.folders.find(({ path }) => path === 's/test/extra')?.role).toBe('gallery');
  });

  test('classes below test, without query and gallery, wait for a role', () => {
    const paths = ['training/a/1.jpg', 'test/a/2.jpg', 'test/b/3.jpg'];
    expect(drop(paths).folders).toContainEqual({ path: 'test', role: 'ignore', images: 2 });
    expect(lines(drop(paths, { test: 'gallery' }).images)).toEqual([
      'training a a/1.jpg',
      'gallery a a/2.jpg',
      'gallery b b/3.jpg',
    ]);
  });

  test('training images without a class are skipped', () => {
    const { images, problems } = drop([
      ...['training/loose.jpg', 'training/a/1.jpg', 'test/query/q.jpg', 'test/gallery/g.jpg'],
    ]);
    expect(lines(images)).toEqual(['training a a/1.jpg', 'query – q.jpg', 'gallery – g.jpg']);
    expect(kinds(problems)).toEqual(['no-class training']);
  });

  test('file names of a split made of two folders stay apart', () => {
    const { images } = drop(['s/train/a/1.jpg', 's/training/a/1.jpg', 's/query/1.jpg']);
    expect(images.map(({ file }) => file)).toEqual(['train/a/1.jpg', 'training/a/1.jpg', '1.jpg']);
  });
});

describe('folders without roles', () => {
  const shop = ['shop/rose/1.jpg', 'shop/tulip/2.jpg', 'shop/tulip/deep/3.jpg', 'shop/loose.jpg'];

  test('become a gallery of classes', () => {
    const { images, folders, name } = drop(shop);
    expect(lines(images)).toEqual([
      'gallery – loose.jpg',
      'gallery rose rose/1.jpg',
      'gallery tulip tulip/2.jpg',
      'gallery tulip tulip/deep/3.jpg',
    ]);
    expect(folders.map(({ path, images }) => [path, images])).toEqual([
      ['shop', 4],
      ['shop/rose', 1],
      ['shop/tulip', 2],
    ]);
    expect(name).toBe('shop');
  });

  test('one that holds nothing but another one is not listed beside it', () => {
    const { folders } = drop(['table/images/1.jpg', 'table/images/2.jpg']);
    expect(folders).toEqual([{ path: 'table/images', role: 'gallery', images: 2 }]);
  });

  test('wrapping folders are left behind where the way forks, a lone class is not', () => {
    expect(lines(drop(['x/data/rose/1.jpg', 'x/data/tulip/2.jpg']).images)).toEqual([
      'gallery rose rose/1.jpg',
      'gallery tulip tulip/2.jpg',
    ]);
    expect(lines(drop(['x/rose/1.jpg']).images)).toEqual(['gallery rose rose/1.jpg']);
    expect(lines(drop(['x/1.jpg']).images)).toEqual(['gallery – 1.jpg']);
    expect(lines(drop(['1.jpg']).images)).toEqual(['gallery – 1.jpg']);
  });

  test('several dropped folders are the classes', () => {
    expect(lines(drop(['cats/1.jpg', 'dogs/2.jpg']).images)).toEqual([
      'gallery cats cats/1.jpg',
      'gallery dogs dogs/2.jpg',
    ]);
  });

  test('a class that happens to be named train is a class', () => {
    const { images } = drop(['v/bus/1.jpg', 'v/car/2.jpg', 'v/train/3.jpg']);
    expect(summarise(images).classes).toEqual(['bus', 'car', 'train']);
    expect(summarise(images).counts).toEqual({ training: 0, query: 0, gallery: 3 });
  });

  test('the whole may become training by hand, or one class be left out', () => {
    const training = drop(shop, { shop: 'training' });
    expect(lines(training.images)).toEqual([
      'training rose rose/1.jpg',
      'training tulip tulip/2.jpg',
      'training tulip tulip/deep/3.jpg',
    ]);
    expect(kinds(training.problems)).toEqual(['no-class shop']);
    expect(lines(drop(shop, { 'shop/tulip': 'ignore' }).images)).toEqual([
      'gallery – loose.jpg',
      'gallery rose rose/1.jpg',
    ]);
  });

  test('folders that become splits by hand have their classes inside', () => {
    const nested = ['p/shelf/a/1.jpg', 'p/shelf/b/2.jpg', 'p/shots/a/3.jpg', 'p/past/a/4.jpg'];
    expect(lines(drop(nested, { 'p/shots': 'query', 'p/past': 'training' }).images)).toEqual([
      'training a a/4.jpg',
      'query a a/3.jpg',
      'gallery a shelf/a/1.jpg',
      'gallery b shelf/b/2.jpg',
    ]);
    const flat = ['p/shelf/1.jpg', 'p/shots/3.jpg'];
    expect(lines(drop(flat, { 'p/shots': 'query' }).images)).toEqual(['query – 3.jpg', 'gallery shelf shelf/1.jpg']);
  });

  test('more than 100 class folders are not listed one by one', () => {
    const paths = Array.from({ length: 101 }, (_, n) => `s/${n}/1.jpg`);
    expect(drop(paths).folders).toEqual([{ path: 's', role: 'gallery', images: 101 }]);
    expect(drop(paths.slice(1)).folders).toHaveLength(101);
  });
});

describe('class names', () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    '0',
    '10',
    '2',
    '<b>bold<∕b>',
    '🥝',
    'x'.repeat(200),
    'caf\u00e9',
    'cafe\u0301',
    'Cafe\u0301',
    '%2e%2e',
  ];

  test('are just names, ordered by code unit; those that look the same are the same, as the first of them is written', () => {
    const { images } = drop(names.map((name) => `training/${name}/1.jpg`));
    expect(summarise(images).classes).toEqual(names.filter((name) => name !== 'caf\u00e9').sort());
    expect(summarise(images).counts.training).toBe(names.length);
  });
});

describe('empty class folders', () => {
  test('are named, whether nothing, text or system files are in them', () => {
    const { problems } = drop([
      't/training/',
      't/training/a/',
      't/training/a/1.jpg',
      't/training/empty/',
      't/training/text/x.txt',
      't/training/sys/',
      't/training/sys/.DS_Store',
      't/training/__MACOSX/',
      't/docs/',
      't/training/a/sub/',
    ]);
    expect(kinds(problems)).toEqual([
      'empty-class t/training/empty',
      'empty-class t/training/sys',
      'empty-class t/training/text',
      'not-an-image t/training/text/x.txt',
    ]);
  });
});

test('nothing is lost: every file is an image, a problem, a system file or ground truth', () => {
  const part = fc.constantFrom(
    'training',
    'Train',
    'test',
    'query',
    'gallery',
    'a',
    'b',
    '__proto__',
    '__MACOSX',
    'c d',
  );
  const leaf = fc.constantFrom('1.jpg', '2.PNG', 'x', 'n.txt', '._1.jpg', 'Thumbs.db', 'ground_truth.json', '.h.webp');
  const path = fc.tuple(fc.array(part, { maxLength: 4 }), leaf).map(([folders, name]) => [...folders, name].join('/'));
  const role = fc.constantFrom('training' as const, 'query' as const, 'gallery' as const);
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 30 }), fc.option(role), fc.nat(), (paths, givenRole, pick) => {
      const { folders } = drop(paths);
      const folder = folders[pick % Math.max(1, folders.length)];
      const { images, problems, notices } = drop(paths, givenRole && folder ? { [folder.path]: givenRole } : {});
      const kept = new Set(images.map((image) => image.path));
      const skipped = problems.filter(({ kind, severity }) => kind !== 'empty-class' && severity === 'skipped');
      expect(kept.size).toBe(images.length);
      for (const one of paths) {
        const silent = kindOf(one) === 'system' || kindOf(one) === 'ground-truth';
        const said = skipped.some(({ path }) => path === '' || one === path || one.startsWith(`${path}/`));
        expect(kept.has(one) || said || silent, one).toBe(true);
        expect(kept.has(one) && silent, one).toBe(false);
      }
      const left = paths.filter((one) => kindOf(one) === 'image' && !kept.has(one));
      const counted = notices.filter(({ severity }) => severity === 'skipped');
      expect(counted.reduce((sum, notice) => sum + notice.images, 0)).toBe(left.length);
      for (const image of images) {
        expect(image.path.endsWith(image.file)).toBe(true);
        if (image.className !== null) expect(image.path.split('/').slice(0, -1)).toContain(image.className);
        if (image.split === 'training') expect(image.className).not.toBeNull();
      }
      const files = images.map(({ split, file }) => `${split} ${file}`);
      expect(new Set(files).size).toBe(files.length);
    }),
    { numRuns: 300 },
  );
});
