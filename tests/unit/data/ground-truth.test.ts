import { describe, expect, test } from 'vitest';
import { applyGroundTruth } from '../../../src/data/apply-ground-truth.ts';
import { findGroundTruth, readGroundTruth } from '../../../src/data/find-ground-truth.ts';
import { parseGroundTruthCsv } from '../../../src/data/ground-truth-csv.ts';
import { parseGroundTruthJson } from '../../../src/data/ground-truth-json.ts';
import type { ListedFile } from '../../../src/data/listing.ts';
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
    ['split,file,class\nquery,a,', /line 2 names no class/],
    ['split,file,class\nquery,a,b\nquery,a,c', /line 3 gives "a" the class "c", but an earlier line "b"/],
    ['split,file,class\nquery,"a,b', /line 2: a quotation mark is not closed/],
  ])('%j is refused', (text, message) => {
    expect(() => parseGroundTruthCsv(text)).toThrow(refused(message));
  });
});

test('a file of more than 64 MB is refused', async () => {
  const huge = new Blob([new Uint8Array(65 * 2 ** 20)]);
  await expect(readGroundTruth(huge, 'x.json')).rejects.toEqual(refused(/larger than 64 MB/));
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
  const find = async (...files: ListedFile[]) => (await findGroundTruth([...photos, ...files]))?.path ?? null;

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
