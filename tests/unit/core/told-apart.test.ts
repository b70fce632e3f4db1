import { describe, expect, test } from 'vitest';
import type { Run, RunMember } from '../../../src/core/run.ts';
import { assertDirection, toldApart } from '../../../src/core/told-apart.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import type { RowBlocks } from '../../../src/storage/embeddings.ts';

const D = 3;
const context = { weights: { label: (id: string) => `Network ${id}` } };

function run(head: RunMember['head'] = 'frozen'): Run {
  const member = {
    weightsId: 'one',
    architecture: 'resnet50',
    featuresKey: 'one',
    dimensions: D,
    head,
  } as const;
  const recipe = defaultRecipe('cosine');
  return { datasetId: 'd', members: [member], combine: null, recipe, loaded: null, rank: 'plain', images: [] };
}

/** Blocks of two rows, each moved away by its taker. */
async function take(rows: readonly number[][], hashes: readonly string[], of = run()) {
  const blocks: RowBlocks = {
    rows: rows.length,
    async *blocks() {
      for (let at = 0; at < rows.length; at += 2) {
        const matrix = normaliseRows(Float32Array.from(rows.slice(at, at + 2).flat()), D);
        yield { matrix, dimensions: D };
        structuredClone(matrix, { transfer: [matrix.buffer] });
      }
    },
  };
  const images = hashes.map((hash) => ({ hash }));
  const looked = toldApart(context, of, images, blocks);
  let taken = 0;
  for await (const { matrix } of looked.blocks()) taken += matrix.length / D;
  return taken;
}

describe('a gallery', () => {
  test.each([
    ['zeros', [0, 0, 0], /^Network one gives 3 different images .*would be 0\)/],
    ['one direction', [1, 2, 3], /^Network one gives 3 different images .*would be 1\)/],
  ])('of %s is refused, and its model named', async (_, row, message) => {
    // Other lengths: features are not normalised.
    const rows = [row, row.map((value) => 2 * value), row.map((value) => value / 3)];
    await expect(take(rows, ['a', 'b', 'c'])).rejects.toMatchObject({
      code: 'weights-refused',
      message: expect.stringMatching(message),
    });
    await expect(take(rows, ['a', 'b', 'c'], run('finetuned'))).rejects.toThrow(/head or its weights/);
  });

  test('may be the images’ own fault: pictures that all look alike', async () => {
    const [member] = run().members;
    if (!member) throw new Error('A run has a member.');
    const rows = [1, 2, 3].map((length) => [length, 0, 0]);
    await expect(take(rows, ['a', 'b', 'c'])).rejects.toThrow(/may all look alike\. If other models .* its weights/);
    // The descriptor has no weights that could be damaged.
    const descriptor = { ...run(), members: [{ ...member, architecture: 'colour-gradient' } as const] };
    await expect(take(rows, ['a', 'b', 'c'], descriptor)).rejects.toThrow(/may all look alike to it: try a network/);
    await expect(take(rows, ['a', 'b', 'c'], descriptor)).rejects.not.toThrow(/weights/);
  });

  test('of the user’s own vectors is no fault of weights', async () => {
    const [member] = run().members;
    if (!member) throw new Error('A run has a member.');
    const own = { ...run(), members: [{ ...member, architecture: 'own-vectors' } as const] };
    const rows = [1, 2, 3].map((length) => [length, 0, 0]);
    await expect(take(rows, ['a', 'b', 'c'], own)).rejects.toThrow(/vectors in the file .*: import others/);
    await expect(take(rows, ['a', 'b', 'c'], own)).rejects.not.toThrow(/weights/);
  });

  test.each([
    [
      'a direction and its opposite',
      [
        [1, 2, 3],
        [-2, -4, -6],
        [3, 6, 9],
      ],
      'one and the same embedding or its opposite',
      '1 or −1',
    ],
    [
      'a direction, its opposite and zeros',
      [
        [0, 0, 0],
        [1, 2, 3],
        [-1, -2, -3],
      ],
      'one and the same embedding, its opposite or none',
      '1, −1 or 0',
    ],
    [
      'one direction and zeros',
      [
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
      'one and the same embedding or none',
      '1 or 0',
    ],
  ])('of %s is refused too: there is one direction, and no order', async (_, rows, what, similarities) => {
    await expect(take(rows, ['a', 'b', 'c'])).rejects.toMatchObject({
      code: 'weights-refused',
      message: expect.stringContaining(`3 different images ${what} (every similarity would be ${similarities})`),
    });
    await expect(take(rows, ['a', 'b', 'c'], run('finetuned'))).rejects.toThrow(/its head or its weights/);
    // Two pictures may be opposites.
    expect(await take(rows, ['a', 'b', 'a'])).toBe(3);
  });

  test('of copies of one picture is as it is, and so is one in which any image differs', async () => {
    expect(
      await take(
        [
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 3],
        ],
        ['a', 'a', 'a'],
      ),
    ).toBe(3);
    expect(await take([[1, 2, 3]], ['a'])).toBe(1);
    expect(
      await take(
        [
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 3.001],
        ],
        ['a', 'b', 'c', 'd'],
      ),
    ).toBe(4);
    expect(
      await take(
        [
          [0, 0, 0],
          [0, 0, 1],
          [0, 1, 0],
        ],
        ['a', 'b', 'c'],
      ),
    ).toBe(3);
  });
});

test('a query without a direction is refused', () => {
  expect(() => assertDirection(context, run(), new Float32Array(D))).toThrow(/similarity would be 0/);
  expect(() => assertDirection(context, run(), Float32Array.of(0, 0, 1))).not.toThrow();
});
