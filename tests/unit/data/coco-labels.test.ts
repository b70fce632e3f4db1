import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createThinner, readCocoLabels } from '../../../src/data/coco-labels.ts';
import { allSteps } from '../../../src/data/ground-truth.ts';
import { readLabelsOf } from '../../../src/data/read-labels.ts';

const coco = (images: number, points: number) => ({
  info: { description: 'an "odd" one, {[', url: '\\' },
  images: Array.from({ length: images }, (_, id) => ({
    license: 1,
    file_name: `${id}.jpg`,
    coco_url: 'http://a,b',
    id,
  })),
  annotations: Array.from({ length: images }, (_, id) => ({
    segmentation: [Array.from({ length: points }, (_, at) => at + 0.25)],
    caption: 'a "{" and a \\',
    image_id: id,
    attributes: { id: 7, category_id: 'none' },
    category_id: id % 2,
    id,
  })),
  categories: [
    { supercategory: 'animal', id: 0, name: 'cat "}"' },
    { id: 1, name: 'dog' },
  ],
});

function thin(text: string, length: number): string {
  const { push } = createThinner();
  let kept = '';
  for (let at = 0; at < text.length; at += length) kept += push(text.slice(at, at + length));
  return kept;
}

describe('a thinned COCO file', () => {
  test.each([0, 2])('says the same, however it is cut into parts (indented by %i)', (indent) => {
    const text = JSON.stringify(coco(5, 40), null, indent);
    const whole = allSteps(readCocoLabels(text));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (length) => {
        const kept = thin(text, length);
        expect(kept.length).toBeLessThan(text.length / 2);
        expect(allSteps(readCocoLabels(kept))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('that is cut off is still refused', () => {
    const text = JSON.stringify(coco(5, 40));
    for (const end of [text.length - 1, text.length - 40, Math.floor(text.length / 2)]) {
      expect(() => allSteps(readCocoLabels(thin(text.slice(0, end), 64)))).toThrow(/not valid JSON/);
    }
  });

  test('of 80 MB is read, and the image of each label found', async () => {
    const { annotations, ...rest } = coco(4, 1);
    const outline = `[[${'12.25,'.repeat(3_500_000)}1]]`;
    const all = annotations.map((one) => JSON.stringify({ ...one, segmentation: 0 }).replace(':0,', `:${outline},`));
    const file = new Blob([`${JSON.stringify(rest).slice(0, -1)},"annotations":[`, all.join(','), ']}']);
    expect(file.size).toBeGreaterThan(80e6);
    const paths = ['s/0.jpg', 's/1.jpg', 's/2.jpg', 's/3.jpg'];
    const { truth } = await readLabelsOf(file, 's/instances.json', paths);
    const { files, codes } = truth.labels.any;
    expect(files.map((path, at) => [path, truth.classes[codes[at] ?? -1]])).toEqual([
      ['0.jpg', 'cat "}"'],
      ['1.jpg', 'dog'],
      ['2.jpg', 'cat "}"'],
      ['3.jpg', 'dog'],
    ]);
  });
});
