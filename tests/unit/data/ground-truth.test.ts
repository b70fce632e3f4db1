import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createCollector,
  type GroundTruth,
  joinGroundTruths,
  type LabelledSplit,
} from '../../../src/data/ground-truth.ts';
import { writeGroundTruthJson } from '../../../src/data/ground-truth-json.ts';
import { knownNames } from '../../../src/data/known-names.ts';
import { parseGroundTruth } from '../../../src/data/label-forms.ts';
import { readGroundTruth } from '../../../src/data/read-labels.ts';
import { numeral } from '../../../src/numerals.ts';

const json = (text: string) => parseGroundTruth(text, 'ground_truth.json');
const csv = (text: string) => parseGroundTruth(text, 'ground_truth.csv');
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'ground-truth-refused', message: expect.stringMatching(message) });

/** File and class of every label of a split. */
function labels(
  { labels: all, classes }: GroundTruth,
  split: LabelledSplit,
): (readonly [string, string | undefined])[] {
  const { files, codes } = all[split];
  return files.map((file, at) => [file, classes[codes[at] ?? -1]] as const);
}

describe('JSON', () => {
  test('gives labels by split', () => {
    const truth = json(
      '\uFEFF{"classes":["b","a","z"],"query":{"1.jpg":"b","__proto__":"a"},"gallery":{"./2.jpg":"a"},"train":{"t":"z"}}',
    );
    expect(truth.classes).toEqual(['a', 'b', 'z']);
    expect(labels(truth, 'query')).toEqual([
      ['1.jpg', 'b'],
      ['__proto__', 'a'],
    ]);
    expect(labels(truth, 'gallery')).toEqual([['2.jpg', 'a']]);
    expect(labels(truth, 'training')).toEqual([['t', 'z']]);
  });

  test('takes numbers for classes, and for positions among the declared ones', () => {
    expect(labels(json('{"query":{"a.jpg":3,"b.jpg":0}}'), 'query')).toEqual([
      ['a.jpg', '3'],
      ['b.jpg', '0'],
    ]);
    expect(labels(json('{"query":{"a.jpg":1},"classes":["cat","dog"]}'), 'query')).toEqual([['a.jpg', 'dog']]);
    expect(labels(json('{"classes":[7,9],"query":{"a.jpg":9}}'), 'query')).toEqual([['a.jpg', '9']]);
    expect(() => json('{"classes":["cat"],"query":{"a.jpg":1}}')).toThrow(refused(/class "1" of "a.jpg" in "query"/));
  });

  test('of files and classes alone is about all images', () => {
    expect(labels(json('{"a.jpg":"x","b.jpg":"y","version":{"n":1}}'), 'any')).toEqual([
      ['a.jpg', 'x'],
      ['b.jpg', 'y'],
    ]);
    expect(labels(json('{"note":"by hand","query":{"a.jpg":"x"}}'), 'any')).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['{"query":', /not valid JSON \(line 1, column 10: expected a value, it ends there\)/],
    [
      '{"query": {"05.png": "cat",}}',
      /not valid JSON \(line 1, column 28: expected a name in quotation marks, found "}"\)/,
    ],
    ["{'query':{}}", /not valid JSON/],
    ['{"query":{}} x', /expected the end/],
    ['{"query":{"a":"x\n"}}', /not valid JSON.*control/],
    ['{"query":{"a":"\\x"}}', /not valid JSON/],
    ['{"query":{"a":01}}', /not valid JSON/],
    ['[]', /not a JSON object/],
    ['{"classes":["a"]}', /neither "query" nor "gallery"/],
    ['{"query":["a.jpg"]}', /"query" is not an object/],
    ['{"query":{"a.jpg":null}}', /the class of "a.jpg" in "query"/],
    ['{"query":{"a.jpg":1e999}}', /the class of "a.jpg" in "query"/],
    ['{"query":{"a.jpg":""}}', /the class of "a.jpg" in "query"/],
    ['{"classes":["x"],"gallery":{"a.jpg":"y"}}', /"y" of "a.jpg" in "gallery" is not listed/],
    ['{"gallery":{"a.jpg":"y"},"classes":["x"]}', /"y" of "a.jpg" in "gallery" is not listed/],
    ['{"classes":{},"gallery":{}}', /"classes" is not a list/],
    ['{"classes":["a",true],"gallery":{}}', /"classes"\[1\]/],
    ['{"query":{"a.jpg":"x","b.jpg":"x","a.jpg":"y"}}', /names "a.jpg" twice/],
    ['{"query":{"a.jpg":"x","a.jpg":"x"}}', /names "a.jpg" twice/],
    ['{"query":{"a.jpg":"x","\\u0061.jpg":"y"}}', /names "a.jpg" twice/],
    ['{"query":{"./a.jpg":"x","./a.jpg":"x"}}', /names ".\/a.jpg" twice/],
    ['{"query":{},"gallery":{},"query":{"a.jpg":"x"}}', /names "query" twice/],
    ['{"query":{"a.jpg":"x","./a.jpg":"y"}}', /"query" gives "a.jpg" the class "y", but an earlier line "x"/],
    ['{"query":{"./":"x"}}', /"query" names no file/],
    [`{"x":${'['.repeat(100)}`, /nested/],
  ])('%s is refused', (text, message) => {
    expect(() => json(text)).toThrow(refused(message));
  });

  test('may name a file twice in two ways, if both say the same', () => {
    expect(labels(json('{"query":{"a.jpg":"x","./a.jpg":"x"}}'), 'query')).toEqual([['a.jpg', 'x']]);
  });

  test('is JSON where JSON.parse says so, and nothing else is', () => {
    const text = fc.oneof(
      fc.json(),
      fc
        .json()
        .chain((good) =>
          fc
            .tuple(fc.nat(good.length), fc.constantFrom('', '"', ',', '{', ']', '\\', '0', '\n', 'e'))
            .map(([at, inserted]) => good.slice(0, at) + inserted + good.slice(at + 1)),
        ),
    );
    fc.assert(
      fc.property(text, (value) => {
        let message = '';
        try {
          json(`{"x":${value}}`);
        } catch (error) {
          message = String(error);
        }
        let valid = true;
        try {
          JSON.parse(`{"x":${value}}`);
        } catch {
          valid = false;
        }
        // Two values in place of one end the object early: both say so.
        expect(/not valid JSON/.test(message)).toBe(!valid);
      }),
      { numRuns: 500 },
    );
  });
});

describe('tables', () => {
  test('take columns in any order, quotes, CRLF, a byte order mark, other columns and training rows', () => {
    const truth = csv(
      '\uFEFFFile,note,Class,split\r\n"a,1.jpg",x,"say ""b""",query\r\n\r\n2.jpg,,c,Gallery\r\n3.jpg,,c,train\r\n,,,\r\n',
    );
    expect(labels(truth, 'query')).toEqual([['a,1.jpg', 'say "b"']]);
    expect(labels(truth, 'gallery')).toEqual([['2.jpg', 'c']]);
    expect(labels(truth, 'training')).toEqual([['3.jpg', 'c']]);
    expect(truth.classes).toEqual(['c', 'say "b"']);
  });

  test.each([
    ['semicolons', 'split;file;class\nquery;05,5.png;cat\n'],
    ['tabs', 'split\tfile\tclass\nquery\t05,5.png\tcat\n'],
    ['bars', 'split|file|class\nquery|05,5.png|cat\n'],
    ['a separator that is said first', 'sep=;\r\nsplit;file;class\r\nquery;05,5.png;cat'],
    [
      'semicolons, though a comma stands in a name',
      'split;"file";class, in English\nquery;05,5.png;cat'.replace('class, in English', 'class'),
    ],
  ])('may have %s between columns', (_, text) => {
    expect(labels(csv(text), 'query')).toEqual([['05,5.png', 'cat']]);
  });

  test.each([
    'image_id,label',
    'image,class',
    'file name,category',
    'FILENAME,Target',
    'filepath,class_name',
    'file_name,label_name',
    'path,labels',
    'id,breed',
  ])('of the columns %s are about whichever image is meant', (header) => {
    expect(labels(csv(`${header}\n05,cat\n`), 'any')).toEqual([['05', 'cat']]);
  });

  test('know splits by several words, and open classes of test images', () => {
    const truth = csv('subset,image,label\ntrain,1,a\nvalid,2,b\ntest,3,\nprobe,4,c\n,5,d\n');
    expect(labels(truth, 'training')).toEqual([['1', 'a']]);
    expect(labels(truth, 'any')).toEqual([
      ['2', 'b'],
      ['5', 'd'],
    ]);
    expect(labels(truth, 'query')).toEqual([['4', 'c']]);
  });

  test.each<[string, RegExp]>([
    ['', /it is empty/],
    ['a,b\n', /first line \(a, b\) does not name the columns.*file.*class/],
    ['split,file,class\nquery,1.jpg', /line 2 has 2 fields in place of 3/],
    ['split,file,class\n\n"query","1\n.jpg",a\nnight,2.jpg,b', /line 5 names the split "night"/],
    ['split,file,class\nquery,,b', /line 2 names no file/],
    ['split,file,class\nquery,./,b', /line 2 names no file/],
    ['split,file,class\nquery,a,', /line 2 names no class/],
    ['split,file,class\nquery,"a,b', /line 2: a quotation mark is not closed/],
  ])('%j is refused', (text, message) => {
    expect(() => csv(text)).toThrow(refused(message));
  });
});

test('a refusal stays a sentence, however long the names and lines', () => {
  const long = 'x'.repeat(10_000);
  const shortly = refused(/^.{100,800}$/);
  expect(() => json(`{"query":{"${long}":null}}`)).toThrow(shortly);
  expect(() => json(`{"query":{"${long}":"a","${long}":"a"}}`)).toThrow(shortly);
  expect(() => csv(`split,file,class\n${long},a,b`)).toThrow(shortly);
  expect(() => csv(`${long},${long},${long}\n`)).toThrow(shortly);
  const commas = `split,file,class\nquery${','.repeat(2000)}`;
  expect(() => csv(commas)).toThrow(refused(new RegExp(`line 2: it has more than ${numeral(1000)} fields`)));
});

test('more labels than any data set has files are refused', () => {
  // Where both readers put their labels, one after the other; writing and reading two million lines takes a quarter of a minute.
  const collector = createCollector();
  const add = () => collector.add('query', 'a.jpg', 'a', 'line 2');
  for (let n = 0; n < 2_000_000; n++) add();
  expect(add).toThrow(refused(new RegExp(`more than ${numeral(2_000_000)} labels`)));
});

describe('what is kept', () => {
  test('are the labels of files that there are, under any folder, with or without ending', () => {
    const known = knownNames(['s/query/Café 1.PNG', 's/query/b.png'].map((path) => path.normalize('NFD')));
    const truth = parseGroundTruth(
      '{"query":{"x/café 1.png":"a","b":"b","c:\\\\photos\\\\b.png":"b","gone.png":"z","lost.png":"z"}}',
      'a.json',
      known,
    );
    expect(truth.labels.query.files).toEqual(['x/café 1.png', 'b', 'c:\\photos\\b.png']);
    expect(truth.elsewhere.query).toEqual({ count: 2, example: 'gone.png' });
    expect(truth.classes).toEqual(['a', 'b', 'z']);
  });

  test('is the same when it is written and read again', () => {
    const split = fc.constantFrom<LabelledSplit>('training', 'query', 'gallery', 'any');
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'query', '.\\a', '"', '\n'));
    const rows = fc.uniqueArray(fc.tuple(split, name, fc.string({ minLength: 1 })), {
      selector: ([s, file]) => `${s}\n${(file.startsWith('./') ? file.slice(2) : file).normalize('NFC')}`,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const usable = given.filter(([, file]) => file !== './');
        const objects = ['training', 'query', 'gallery', 'any'].map((of) => {
          const own = usable.filter(([s]) => s === of);
          return `"${of}":{${own.map(([, file, label]) => `${JSON.stringify(file)}:${JSON.stringify(label)}`).join(',')}}`;
        });
        const truth = json(`{${objects.join(',')}}`);
        expect(json(writeGroundTruthJson(truth))).toEqual(truth);
      }),
    );
  });
});

test('of several tables the first counts where they disagree, which is counted', () => {
  const one = csv('file,class\na,x\nb,y\n');
  const two = csv('file,class\nb,z\nc,x\n');
  const { truth, disagreements } = joinGroundTruths([one, two]);
  expect(labels(truth, 'any')).toEqual([
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ]);
  expect(truth.classes).toEqual(['x', 'y', 'z']);
  expect(disagreements).toBe(1);
});

describe('the file', () => {
  test('of a gigabyte is refused unread', async () => {
    const huge: Blob = Object.defineProperty(new Blob(['{"query":{}}']), 'size', { value: 2 ** 30 });
    huge.arrayBuffer = () => Promise.reject(new Error('It was read.'));
    await expect(readGroundTruth(huge)).rejects.toEqual(refused(/larger than 64 MB/));
  });

  test('that vanished is said to be gone', async () => {
    const blob = new Blob(['{}']);
    blob.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    await expect(readGroundTruth(blob)).rejects.toMatchObject({ code: 'files-gone' });
  });

  test('that is a spreadsheet or an image is refused by name', async () => {
    const binary = new Blob([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 0, 0x80)]);
    await expect(readGroundTruth(binary)).rejects.toEqual(refused(/no text \(a spreadsheet has to be saved as CSV\)/));
  });
});

describe('letters', () => {
  const utf16 = (text: string, little: boolean) => {
    const bytes = new Uint8Array(2 * text.length);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), little);
    return bytes;
  };
  const table = 'file,class\n1.jpg,été\n2.jpg,чай\n';

  test.each([
    ['UTF-8', new TextEncoder().encode(table)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${table}`)],
    ['UTF-16 as Windows writes it', utf16(`\uFEFF${table}`, true)],
    ['UTF-16, the other way round', utf16(`\uFEFF${table}`, false)],
    ['UTF-16 without a mark', utf16(table, true)],
    ['UTF-16 without a mark, the other way round', utf16(table, false)],
  ])('of %s need no guess', async (_, bytes) => {
    const { text, guessed } = await readGroundTruth(new Blob([bytes]));
    expect(labels(csv(text), 'any')).toEqual([
      ['1.jpg', 'été'],
      ['2.jpg', 'чай'],
    ]);
    expect(guessed).toBeNull();
  });

  const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
  test.each([
    ['Windows-1252', 'e974e9', 'été', 'Windows-1252'],
    ['Windows-1252', '63616665cc', 'cafeÌ', 'Windows-1252'],
    ['Windows-1252', '93c5 6c 94', '“Ål”', 'Windows-1252'],
    ['Shift-JIS', '82e882f182b2', 'りんご', 'Shift-JIS (Japanese)'],
    ['GBK', 'c6bbb9fb', '苹果', 'GBK (Chinese)'],
    ['EUC-KR', 'bbe7b0fa20b9d9b3aab3aa', '사과 바나나', 'EUC-KR (Korean)'],
    ['Big5', 'c4abaa4720b8b2b5e5', '蘋果 葡萄', 'Big5 (Chinese)'],
    ['Windows-1251', 'eaeef8eae020e820f1eee1e0eae0', 'кошка и собака', 'Windows-1251 (Cyrillic)'],
    ['Windows-1250', '9e656c766120612072f99e65', 'želva a růže', 'Windows-1250 (Central European)'],
  ])('of %s are known, and it is said', async (_, bytes, name, encoding) => {
    const file = new Blob(['file;class\n1.jpg;', hex(bytes), '\n2.jpg;plain\n']);
    const { text, guessed } = await readGroundTruth(file);
    expect(labels(csv(text), 'any')[0]).toEqual(['1.jpg', name]);
    expect(guessed).toBe(encoding);
  });
});

// Trying each encoding on a megabyte of one line took six seconds.
test('what a table is written in is told by a part of it, also where it is one long line', async () => {
  const bytes = new Uint8Array(1_000_000).fill(0xc7);
  const decoding = vi.spyOn(TextDecoder.prototype, 'decode');
  onTestFinished(() => decoding.mockRestore());
  await readGroundTruth(new Blob([bytes]));
  const decoded = decoding.mock.calls.reduce((sum, [part]) => sum + (part?.byteLength ?? 0), 0);
  expect(decoded).toBeLessThan(5 * bytes.length);
});
