import { describe, expect, test } from 'vitest';
import { fromFile } from '../../../src/data/dropped.ts';
import type { Listing, ListOptions } from '../../../src/data/listing.ts';
import { listSources, type Source } from '../../../src/data/sources.ts';
import { listZip } from '../../../src/data/zip.ts';
import type { Budget } from '../../../src/data/zip-entries.ts';
import { type RawEntry, type RawOptions, rawZip } from '../../raw-zip.ts';
import { fileOfCase, readCase } from './cases.ts';
import { drop } from './listed.ts';

const options: ListOptions = { signal: new AbortController().signal };
const zip = (entries: readonly RawEntry[], how?: RawOptions) => new Blob([rawZip(entries, how)]);
const paths = ({ files }: Listing) => files.map(({ path }) => path);
const classesOf = (listing: Listing) => [...new Set(drop(paths(listing)).images.map(({ className }) => className))];
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('backslashes between folders', () => {
  test('of a name of thousands of letters is refused in one short sentence', async () => {
    const name = `../${'x'.repeat(30_000)}`;
    await expect(listZip(zip([{ name }]), 'z.zip', options)).rejects.toMatchObject({
      message: expect.stringMatching(/^.{1,600}$/),
    });
  });

  test('of an archive from Windows are separators', async () => {
    const listing = await listZip(fileOfCase('zip-backslashes', 'zip-backslashes/photos.zip'), 'photos.zip', options);
    expect(listing.problems).toEqual([]);
    expect(listing.files).toHaveLength(30);
    expect(paths(listing)).toContain('photos/train/cat/0.png');
    const { images, problems } = drop(paths(listing));
    expect(problems).toEqual([]);
    expect(images.filter(({ split }) => split === 'query')).not.toHaveLength(0);
    expect((await listing.files[0]?.open())?.size).toBe(listing.files[0]?.bytes);
  });

  test.each([
    ['MS-DOS', 0],
    ['NTFS', 10],
  ])('are separators where it says %s, even beside slashes', async (_, system) => {
    const listing = await listZip(
      zip([{ name: 'a\\1.jpg' }, { name: 'a/2.jpg' }, { name: 'b\\' }], { system }),
      'z.zip',
      options,
    );
    expect(paths(listing)).toEqual(['z/a/1.jpg', 'z/a/2.jpg']);
    expect(listing.directories).toContain('z/b');
  });

  test('are separators where no name has a slash, and part of a name where it says Unix', async () => {
    expect(paths(await listZip(zip([{ name: 'a\\1.jpg' }], { system: 3 }), 'z.zip', options))).toEqual(['a/1.jpg']);
    const mixed = await listZip(zip([{ name: 'a\\1.jpg' }, { name: 'a/2.jpg' }], { system: 3 }), 'z.zip', options);
    expect(paths(mixed)).toEqual(['a/2.jpg']);
    expect(mixed.problems).toMatchObject([{ reason: expect.stringContaining('backslash') }]);
  });

  test('make no way out of the archive', async () => {
    const names = ['..\\evil.jpg', 'a\\..\\..\\evil.jpg', '\\\\server\\x.jpg', '\\x.jpg', 'C:\\x.jpg', 'good\\1.jpg'];
    const listing = await listZip(zip(names.map((name) => ({ name }))), 'z.zip', options);
    expect(paths(listing)).toEqual(['good/1.jpg']);
    expect(listing.problems).toHaveLength(5);
  });
});

describe('names that are not marked as UTF-8', () => {
  test('of two systems in one archive are read each as it is written', async () => {
    const folder = (bytes: string, file: string) => ({
      name: Uint8Array.from(Buffer.concat([Buffer.from('s/gallery/'), hex(bytes), Buffer.from(`/${file}`)])),
    });
    // 'café' decomposed, and a word in Shift-JIS.
    const listing = await listZip(
      zip([folder('63 61 66 65 cc 81', '1.png'), folder('82e8 82f1 82b2', '1.png'), folder('82e8 82f1 82b2', '2.png')]),
      'z.zip',
      options,
    );
    expect(classesOf(listing).map((name) => name?.normalize('NFC'))).toEqual(['café', 'りんご']);
    expect(listing.problems).toMatchObject([
      { reason: expect.stringMatching(/those that are UTF-8 were read as that, the others as Shift-JIS/) },
    ]);
  });

  test('in Shift-JIS keep all their classes', async () => {
    const listing = await listZip(fileOfCase('zip-shift-jis', 'zip-shift-jis/photos.zip'), 'photos.zip', options);
    expect(listing.files).toHaveLength(30);
    const classes = classesOf(listing);
    expect(classes).toHaveLength(3);
    // The letters whose second byte is a backslash are among them.
    for (const name of classes) expect(name).toMatch(/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+$/u);
    expect(listing.problems).toMatchObject([{ severity: 'warning', reason: expect.stringContaining('Shift-JIS') }]);
  });

  test.each<[string, string, readonly string[], string | null]>([
    ['Shift-JIS', '955c/945c/835c', ['表', '能', 'ソ'], 'Shift-JIS'],
    ['GBK', 'c6bbb9fb/cfe3bdb6/d3a3ccd2', ['苹果', '香蕉', '樱桃'], 'GBK'],
    ['GBK whose bytes could all be Korean', 'c3a8/b9b7/c4f1', ['猫', '狗', '鸟'], 'GBK'],
    ['EUC-KR', 'bbe7b0fa/b9d9b3aab3aa/c6f7b5b5', ['사과', '바나나', '포도'], 'EUC-KR'],
    ['code page 437', '63616682/6d81736c69/6a616c6170 65a46f', ['café', 'müsli', 'jalapeño'], 'code page 437'],
    ['Big5', 'bfdf/aaaf/b3be', ['貓', '狗', '鳥'], 'Big5'],
    ['Big5', 'c4abaa47/adbbbfbc/c4e5aee7/b8b2b5e5', ['蘋果', '香蕉', '櫻桃', '葡萄'], 'Big5'],
    ['EUC-KR', 'b0edbee7c0cc/b0adbec6c1f6/bbf5', ['고양이', '강아지', '새'], 'EUC-KR'],
    ['EUC-JP', 'a4eaa4f3a4b4/a4dfa4aba4f3/a5cda5b3', ['りんご', 'みかん', 'ネコ'], 'EUC-JP'],
    ['GBK', 'c6bbb9fb/c6cfccd1/cef7b9cf', ['苹果', '葡萄', '西瓜'], 'GBK'],
    ['code page 866', 'aaaee8aaa0/e1aea1a0aaa0/8fe2a8e6a0', ['кошка', 'собака', 'Птица'], 'code page 866'],
    ['Windows-1251', 'eaeef8eae0/f1eee1e0eae0/cff2e8f6e0', ['кошка', 'собака', 'Птица'], 'Windows-1251'],
    ['KOI8-R', 'cbcfdbcbc1/d3cfc2c1cbc1/d0d4c9c3c1', ['кошка', 'собака', 'птица'], 'KOI8-R'],
    ['code page 737', '9ae1ab98/a9a1e7a2a6aa/a7a6aca2e5', ['γάτα', 'σκύλος', 'πουλί'], 'code page 737'],
    ['Windows-1253', 'e3dcf4e1/f3eafdebeff2/f0eff5ebdf', ['γάτα', 'σκύλος', 'πουλί'], 'Windows-1253'],
    ['code page 862', '879a858c/8b8c81/9689948598', ['חתול', 'כלב', 'ציפור'], 'code page 862'],
    ['Windows-1255', 'e7fae5ec/ebece1/f6e9f4e5f8', ['חתול', 'כלב', 'ציפור'], 'Windows-1255'],
    ['code page 720', 'e7e1a1/e8e9a0/e19f9ea9', ['قطة', 'كلب', 'طائر'], 'code page 720'],
    ['Windows-1256', 'ded8c9/dfe1c8/d8c7c6d1', ['قطة', 'كلب', 'طائر'], 'Windows-1256'],
    ['Windows-874', 'e1c1c7/cad8b9d1a2/b9a1', ['แมว', 'สุนัข', 'นก'], 'Windows-874'],
    ['code page 850', '6d6187c6/6c696dc66f/7088737365676f', ['maçã', 'limão', 'pêssego'], 'code page 850'],
    ['code page 852', '6b6f9f6b61/a7656c7661/7074a06b', ['kočka', 'želva', 'pták'], 'code page 852'],
    ['code page 852', '6a6162886b6f/986c69776b61/737a8b6c8b', ['jabłko', 'śliwka', 'szőlő'], 'code page 852'],
    ['code page 857', '87696c656b/6b61798d738d/817a816d', ['çilek', 'kayısı', 'üzüm'], 'code page 857'],
    ['Windows-1252', '636166e9/c47066656c/736df8726272f864', ['café', 'Äpfel', 'smørbrød'], 'Windows-1252'],
    ['Windows-1250', '6b6fe86b61/9e656c7661/72f99e65', ['kočka', 'želva', 'růže'], 'Windows-1250'],
    ['UTF-8', 'e8a1a8/636166c3a9', ['表', 'café'], null],
  ])('in %s are read as such', async (_, bytes, names, said) => {
    const folders = bytes.split('/').map(hex);
    const listing = await listZip(
      zip(
        folders.map((folder) => ({ name: Buffer.concat([Buffer.from('s/gallery/'), folder, Buffer.from('/1.jpg')]) })),
      ),
      'z.zip',
      options,
    );
    expect(classesOf(listing)).toEqual([...names].sort());
    expect(listing.problems.map(({ reason }) => reason)).toEqual(said ? [expect.stringContaining(said)] : []);
  });

  test('are looked for backslashes as letters, not as bytes', async () => {
    const listing = await listZip(
      zip([{ name: Buffer.concat([Buffer.from('a/'), hex('955c'), Buffer.from('.jpg')]) }]),
      'z.zip',
      options,
    );
    expect(paths(listing)).toEqual(['a/表.jpg']);
  });

  test('that are marked as UTF-8 and are not, are read as what they are', async () => {
    const listing = await listZip(
      zip([{ name: Buffer.concat([Buffer.from('a/'), hex('cfe3bdb6'), Buffer.from('.jpg')]) }], { utf8: true }),
      'z.zip',
      options,
    );
    expect(paths(listing)).toEqual(['a/香蕉.jpg']);
  });
});

describe('archives inside an archive', () => {
  test('are opened, one level deep', async () => {
    const pets = await listZip(fileOfCase('archives-not-zip', 'archives-not-zip/pets.zip'), 'pets.zip', options);
    expect(paths(pets)).toContain('pets/train/cat.0.png');
    expect(paths(pets)).toContain('pets/test/cat.5.png');
    expect(pets.problems).toEqual([]);
    expect((await pets.files.find(({ path }) => path.endsWith('cat.0.png'))?.open())?.size).toBeGreaterThan(1000);
    const deeper = rawZip([
      { name: 'b.zip', data: rawZip([{ name: 'c.zip', data: rawZip([{ name: '1.jpg' }]) }, { name: '2.jpg' }]) },
    ]);
    const listing = await listZip(new Blob([deeper]), 'a.zip', options);
    expect(paths(listing)).toEqual(['b/2.jpg']);
    expect(listing.problems).toMatchObject([{ path: 'a.zip/b.zip/c.zip', severity: 'skipped' }]);
  });

  test('whose names are dots and an ending lead nowhere', async () => {
    const one = rawZip([{ name: '1.jpg' }]);
    const inside = await listZip(
      zip(['..zip', '...zip', 's/...ZIP', '....zip'].map((name) => ({ name, data: one }))),
      '...zip',
      options,
    );
    for (const path of paths(inside))
      expect(path.split('/')).not.toSatisfy((parts: string[]) => parts.includes('.') || parts.includes('..'));
    expect(paths(inside)).toEqual(['archive/archive/1.jpg', 'archive/s/archive/1.jpg', 'archive/.../1.jpg']);
  });

  test('keep their names apart, though each holds a folder “images”', async () => {
    const one = rawZip([{ name: 'images/1.jpg' }]);
    const listing = await listZip(
      zip([
        { name: 'train.zip', data: one },
        { name: 'test.zip', data: one },
      ]),
      'z.zip',
      options,
    );
    expect(paths(listing)).toEqual(['z/train/images/1.jpg', 'z/test/images/1.jpg']);
  });

  test('are left alone where they were unpacked already, and where they are damaged', async () => {
    const one = rawZip([{ name: '1.jpg' }]);
    const listing = await listZip(
      zip([{ name: 's/train/1.jpg' }, { name: 's/train.zip', data: one }, { name: 's/bad.zip', data: 'no' }]),
      'z.zip',
      options,
    );
    expect(paths(listing)).toEqual(['s/train/1.jpg']);
    expect(listing.problems.map(({ path }) => path)).toEqual(['z.zip/s/train.zip', 'z.zip/s/bad.zip']);
  });

  test('share one bound of entries', async () => {
    const inner = rawZip(Array.from({ length: 20 }, (_, n) => ({ name: `${n}`, data: '' })));
    const archive = zip(Array.from({ length: 10 }, (_, n) => ({ name: `${n}.zip`, data: inner })));
    const within = async (budget: Budget) => listZip(archive, 'z.zip', options, 'lone-folder', budget);
    expect((await within({ entries: 210, innerBytes: 1e6 })).files).toHaveLength(200);
    const listing = await within({ entries: 209, innerBytes: 1e6 });
    expect(listing.files).toHaveLength(180);
    expect(listing.problems).toMatchObject([{ path: 'z.zip/9.zip', reason: expect.stringContaining('entries') }]);
    const small = await within({ entries: 210, innerBytes: 2.5 * inner.length });
    expect(small.files).toHaveLength(40);
    expect(small.problems).toMatchObject([
      { path: 'z.zip', reason: expect.stringMatching(/too large to be opened.* The same holds for 7 others/) },
    ]);
  });
});

describe('a dropped folder of archives', () => {
  const folder = (name: string, files: readonly (readonly [string, Uint8Array<ArrayBuffer>])[]): Source => ({
    kind: 'directory',
    name,
    async *children() {
      for (const [file, bytes] of files) yield fromFile(new File([bytes], file));
    },
  });
  const nested = [...readCase('archives-not-zip')].flatMap(([path, bytes]) =>
    path.includes('/nested/') ? [[path.slice(path.lastIndexOf('/') + 1), bytes] as const] : [],
  );

  test('and nothing else is opened', async () => {
    const listing = await listSources([folder('nested', nested)], options);
    expect(paths(listing)).toContain('nested/train/cat.0.png');
    expect(paths(listing)).toContain('nested/test/cat.5.png');
    expect(paths(listing)).toContain('nested/sample.csv');
    const beside = await listSources([folder('nested', [...nested, ['README', new Uint8Array(1)]])], options);
    expect(paths(beside)).toContain('nested/train/cat.0.png');
  });

  test('beside images is not', async () => {
    const listing = await listSources([folder('nested', [...nested, ['1.jpg', new Uint8Array(1)]])], options);
    expect(paths(listing).sort()).toEqual(['nested/1.jpg', 'nested/sample.csv', 'nested/test.zip', 'nested/train.zip']);
  });
});

test.each([
  ['7-Zip', '37 7a bc af 27 1c 00 04'],
  ['RAR', '52 61 72 21 1a 07 01 00'],
  ['gzip', '1f 8b 08 00 00 00 00 00'],
])('a %s archive that is named .zip is named by its kind', async (kind, bytes) => {
  const refusal = listZip(new Blob([hex(bytes), new Uint8Array(100)]), 'z.zip', options);
  await expect(refusal).rejects.toMatchObject({ code: 'archive-refused', message: expect.stringContaining(kind) });
  await expect(listZip(new Blob([new Uint8Array(100)]), 'z.zip', options)).rejects.toThrow(/not a whole ZIP archive/);
});

test('a refusal is a sentence with one full stop at its end', async () => {
  const refusal = await listZip(zip([{ name: '../x.jpg' }]), 'z.zip', options).catch((error: Error) => error.message);
  expect(refusal).not.toMatch(/\.\./);
  expect(refusal).toContain('leads out of the archive. Nothing was added');
});
