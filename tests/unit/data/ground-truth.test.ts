import { describe, expect, test } from 'vitest';
import { applyGroundTruth } from '../../../src/data/apply-ground-truth.ts';
import { findGroundTruth, readGroundTruth } from '../../../src/data/find-ground-truth.ts';
import { parseGroundTruthCsv } from '../../../src/data/ground-truth-csv.ts';
import { parseGroundTruthJson } from '../../../src/data/ground-truth-json.ts';
import type { ListedFile } from '../../../src/data/listing.ts';
import { sift } from '../../../src/data/sift.ts';
import { image, kinds } from './listed.ts';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'ground-truth-refused', message: expect.stringMatching(message) });

describe('JSON', () => {
  test('gives labels by split', () => {
    const truth = parseGroundTruthJson(
      '\uFEFF{"classes":["b","a","z"],"query":{"1.jpg":"b","__proto__":"a"},"gallery":{"./2.jpg":"a"}}',
    );
    expect(truth.classes).toEqual(['a', 'b', 'z']);
    expect([...truth.query]).toEqual([
      ['1.jpg', 'b'],
      ['__proto__', 'a'],
    ]);
    expect([...truth.gallery]).toEqual([['2.jpg', 'a']]);
  });

  test.each<[string, RegExp]>([
    ['{"query":', /not valid JSON/],
    ['[]', /not a JSON object/],
    ['{"classes":["a"]}', /neither "query" nor "gallery"/],
    ['{"query":["a.jpg"]}', /"query" is not an object/],
    ['{"query":{"a.jpg":3}}', /the class of "a.jpg" in "query"/],
    ['{"query":{"a.jpg":""}}', /the class of "a.jpg" in "query"/],
    ['{"classes":["x"],"gallery":{"a.jpg":"y"}}', /"y" of "a.jpg" in "gallery" is not listed/],
    ['{"classes":{},"gallery":{}}', /"classes" is not a list/],
    ['{"classes":["a",1],"gallery":{}}', /"classes"\[1\]/],
    ['{"query":{"a.jpg":"x","b.jpg":"x","a.jpg":"y"}}', /names "a.jpg" twice/],
    ['{"query":{"a.jpg":"x","\\u0061.jpg":"y"}}', /names "a.jpg" twice/],
    ['{"query":{},"gallery":{},"query":{"a.jpg":"x"}}', /names "query" twice/],
    ['{"query":{"a.jpg":"x","./a.jpg":"y"}}', /"query" gives "a.jpg" the class "y", but an earlier line "x"/],
    ['{"query":{"./":"x"}}', /"query" names no file/],
  ])('%s is refused', (text, message) => {
    expect(() => parseGroundTruthJson(text)).toThrow(refused(message));
  });
});

describe('CSV', () => {
  test('takes columns in any order, quotes, CRLF, a byte order mark, other columns and training rows', () => {
    const truth = parseGroundTruthCsv(
      '\uFEFFFile,note,Class,split\r\n"a,1.jpg",x,"say ""b""",query\r\n\r\n2.jpg,,c,Gallery\r\n3.jpg,,c,train',
    );
    expect([...truth.query]).toEqual([['a,1.jpg', 'say "b"']]);
    expect([...truth.gallery]).toEqual([['2.jpg', 'c']]);
    expect(truth.classes).toEqual(['c', 'say "b"']);
  });

  test.each<[string, RegExp]>([
    ['', /it is empty/],
    ['a,b\n', /does not name the columns/],
    ['split,file,class\nquery,1.jpg', /line 2 has 2 fields in place of 3/],
    ['split,file,class\n\n"query","1\n.jpg",a\nval,2.jpg,b', /line 5 names the split "val"/],
    ['split,file,class\nquery,,b', /line 2 names no file/],
    ['split,file,class\nquery,./,b', /line 2 names no file/],
    ['split,file,class\nquery,a,', /line 2 names no class/],
    ['split,file,class\nquery,a,b\nquery,a,c', /line 3 gives "a" the class "c", but an earlier line "b"/],
    ['split,file,class\nquery,"a,b', /line 2: a quotation mark is not closed/],
  ])('%j is refused', (text, message) => {
    expect(() => parseGroundTruthCsv(text)).toThrow(refused(message));
  });
});

test('a refusal stays a sentence, however long the names and lines', () => {
  const long = 'x'.repeat(10_000);
  const shortly = refused(/^.{100,600}$/);
  expect(() => parseGroundTruthJson(`{"query":{"${long}":1}}`)).toThrow(shortly);
  expect(() => parseGroundTruthJson(`{"query":{"${long}":"a","${long}":"a"}}`)).toThrow(shortly);
  expect(() => parseGroundTruthCsv(`split,file,class\n${long},a,b`)).toThrow(shortly);
  const commas = `split,file,class\nquery${','.repeat(2000)}`;
  expect(() => parseGroundTruthCsv(commas)).toThrow(refused(/line 2: it has more than 1000 fields/));
});

describe('the file', () => {
  test('of a gigabyte is refused unread', async () => {
    const huge: Blob = Object.defineProperty(new Blob(['{"query":{}}']), 'size', { value: 2 ** 30 });
    huge.arrayBuffer = () => Promise.reject(new Error('It was read.'));
    await expect(readGroundTruth(huge)).rejects.toEqual(refused(/larger than 64 MB/));
  });

  test('in another encoding is refused, with the way out', async () => {
    const latin1 = new Blob([Uint8Array.of(0xe9, 0x74, 0xe9)]);
    await expect(readGroundTruth(latin1)).rejects.toEqual(refused(/not UTF-8.*“CSV UTF-8”/));
    const utf16 = new Blob([Uint8Array.of(0xff, 0xfe, 0x73, 0)]);
    await expect(readGroundTruth(utf16)).rejects.toEqual(refused(/not UTF-8/));
    expect(await readGroundTruth(new Blob(['\uFEFFété']))).toBe('été');
  });

  test('that vanished is said to be gone', async () => {
    const blob = new Blob(['{}']);
    blob.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    await expect(readGroundTruth(blob)).rejects.toMatchObject({ code: 'files-gone' });
  });
});

describe('labels meet images', () => {
  const images = [
    image('training/a/1', 'h0', { className: 'a', file: '1.jpg' }),
    image('test/query/1', 'h1', { split: 'query', file: '1.jpg' }),
    image('test/query/2', 'h2', { split: 'query', file: '2.jpg' }),
    image('test/gallery/x/1', 'h3', { split: 'gallery', file: 'x/1.jpg', className: 'x' }),
    image('test/gallery/y/1', 'h4', { split: 'gallery', file: 'y/1.jpg', className: 'y' }),
  ];

  test('the file counts, whatever folders say; what it does not name keeps its folder’s class', () => {
    const truth = parseGroundTruthJson('{"query":{"1.jpg":"a","gone.jpg":"a"},"gallery":{"x/1.jpg":"a"}}');
    const { images: labelled, problems } = applyGroundTruth(images, truth);
    expect(labelled.map(({ className }) => className)).toEqual(['a', 'a', null, 'a', 'y']);
    expect(labelled[0]).toBe(images[0]);
    expect(kinds(problems)).toEqual([
      'ground-truth query/gone.jpg',
      'ground-truth test/gallery/x/1',
      'ground-truth test/query/2',
    ]);
  });

  test('a wrong file gives a hundred lines and a sum, not one for each image', () => {
    const query = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`gone-${n}.jpg`, 'a']));
    const { problems } = applyGroundTruth([], parseGroundTruthJson(JSON.stringify({ query })));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.reason).toBe('There are 1,400 more labels of files that are not there.');
  });
});

describe('the file is found', () => {
  const file = (path: string, text = ''): ListedFile => ({
    path,
    bytes: text.length,
    open: async () => new Blob([text]),
  });
  const photos = ['s/training/a/1.jpg', 's/test/query/q.jpg'].map((path) => file(path));
  const columns = 'file,class,split\nq.jpg,a,query\n';
  const find = async (...files: ListedFile[]) => (await findGroundTruth(sift([...photos, ...files], [])))?.path ?? null;

  test('at the root, below test, or beside the dropped folder', async () => {
    for (const path of ['s/ground_truth.json', 's/test/Ground_Truth.JSON', 'ground_truth.json', 's/ground_truth.csv']) {
      expect(await find(file(path))).toBe(path);
    }
    expect(await find(file('s/labels.csv', columns))).toBe('s/labels.csv');
  });

  test('and nothing else is taken for it', async () => {
    expect(await find(file('s/training/ground_truth.json'))).toBeNull();
    expect(await find(file('s/labels.csv', 'name,size\na,b'))).toBeNull();
    const broken: ListedFile = { path: 's/labels.csv', bytes: 1, open: () => Promise.reject(new Error('gone')) };
    expect(await find(broken)).toBeNull();
  });
});
