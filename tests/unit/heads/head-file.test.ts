import { describe, expect, it } from 'vitest';
import { loadHead, type SavedHead, saveHead, writeSafetensors } from '../../../src/heads/head-file.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';

const random = seededRandom(3);
const { features: dimensions, preprocessing } = ARCHITECTURES.deit_tiny_patch16_224;
const projection = Float32Array.from({ length: 512 * dimensions }, random.gaussian);
const bias = Float32Array.from({ length: 512 }, random.gaussian);
const weight = Float32Array.from({ length: 4 * 512 }, random.gaussian);
const saved: SavedHead = {
  head: { dimensions, projection, bias, classifier: { weight, bias: new Float32Array() } },
  recipe: { ...defaultRecipe('cosine'), seed: 7 },
  classes: ['Äpfel "rot"', '<b>', '__proto__', '梨'],
  calibration: { scales: [12.5], floor: 0.4 },
  backbone: {
    architecture: 'deit_tiny_patch16_224',
    weights: 'deit_tiny_patch16_224.fb_in1k',
    sha256: 'ab'.repeat(32),
    preprocessing,
  },
};

/** A head's file with other metadata or tensors. */
function altered(
  metadata: Record<string, string | undefined>,
  tensors: Parameters<typeof writeSafetensors>[0] = {},
): Blob {
  const texts = {
    format: 'likeness-head',
    version: '1',
    recipe: JSON.stringify(saved.recipe),
    classes: JSON.stringify(saved.classes),
    backbone: JSON.stringify(saved.backbone),
    calibration: JSON.stringify(saved.calibration),
    ...metadata,
  };
  const kept = Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]));
  return writeSafetensors(
    {
      'projection.weight': { shape: [512, dimensions], values: projection },
      'projection.bias': { shape: [512], values: bias },
      'classifier.weight': { shape: [4, 512], values: weight },
      ...tensors,
    },
    Object.fromEntries(kept),
  );
}

describe('a saved head', () => {
  it('comes back as it was', async () => {
    for (const file of [saveHead(saved), altered({})]) {
      const { head, ...rest } = await loadHead(file);
      expect({ ...rest, dimensions: head.dimensions }).toEqual({
        recipe: saved.recipe,
        classes: saved.classes,
        backbone: saved.backbone,
        calibration: saved.calibration,
        dimensions,
      });
      expect(head.classifier).toEqual(saved.head.classifier);
      // toEqual takes seconds for a hundred thousand numbers.
      expect(Buffer.from(head.projection.buffer).equals(Buffer.from(projection.buffer))).toBe(true);
      expect(Buffer.from(head.bias.buffer).equals(Buffer.from(bias.buffer))).toBe(true);
    }
  });

  it('of a linear classifier keeps its bias', async () => {
    const classifier = { weight, bias: Float32Array.of(1, -2, 3, 0.5) };
    const file = saveHead({ ...saved, recipe: defaultRecipe('linear'), head: { ...saved.head, classifier } });
    expect((await loadHead(file)).head.classifier).toEqual(classifier);
  });

  it('of an earlier version has no classifier, and loads without', async () => {
    const { classifier: _, ...bare } = saved.head;
    const { calibration: __, ...rest } = saved;
    const loaded = await loadHead(saveHead({ ...rest, head: bare }));
    expect(loaded.head).not.toHaveProperty('classifier');
    expect(loaded).not.toHaveProperty('calibration');
  });

  it('starts as the format says, its data at a multiple of eight', async () => {
    const bytes = await saveHead(saved).arrayBuffer();
    const headerBytes = Number(new DataView(bytes).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + headerBytes)));
    expect(header).toMatchObject({
      'projection.weight': { dtype: 'F32', shape: [512, dimensions], data_offsets: [0, 2048 * dimensions] },
      'projection.bias': { dtype: 'F32', shape: [512] },
      __metadata__: { format: 'likeness-head' },
    });
    const data = Buffer.from(bytes, 8 + headerBytes);
    const written = [projection, bias, weight].map(({ buffer }) => Buffer.from(buffer));
    expect(data.equals(Buffer.concat(written))).toBe(true);
  });
});

describe('a file that is no head', () => {
  const backbone = (changes: object) => JSON.stringify({ ...saved.backbone, ...changes });
  it.each([
    ['of another program', { format: 'pt' }, 'weights-refused', /not a head saved by Likeness/],
    ['of a later version', { version: '2' }, 'weights-refused', /version is 2/],
    [
      'with a calibration out of bounds',
      { calibration: '{"scales":[100],"floor":0}' },
      'weights-refused',
      /calibration/,
    ],
    ['with more classes than its classifier', { classes: '["a","b"]' }, 'weights-mismatch', /classifier\.weight/],
    ['without a recipe', { recipe: undefined }, 'weights-refused', /recipe cannot be read/],
    ['with a recipe out of bounds', { recipe: '{"epochs": 1e9}' }, 'weights-refused', /its recipe\./],
    ['with metadata that are not JSON', { classes: '[' }, 'weights-refused', /classes cannot be read/],
    ['with a class twice', { classes: '["a","a"]' }, 'weights-refused', /named twice/],
    ['with too many classes', { classes: JSON.stringify(Array(100_001).fill('a')) }, 'weights-refused', /classes/],
    [
      'of an unknown backbone',
      { backbone: backbone({ architecture: 'constructor' }) },
      'weights-refused',
      /architecture/,
    ],
    [
      'of a backbone with other features',
      { backbone: backbone({ architecture: 'resnet50' }) },
      'weights-mismatch',
      /2048/,
    ],
    ['with a hash that is none', { backbone: backbone({ sha256: '../../x' }) }, 'weights-refused', /sha256/],
    [
      'with a normalisation by nothing',
      { backbone: backbone({ preprocessing: { ...preprocessing, std: [0, 1, 1] } }) },
      'weights-refused',
      /preprocessing\.std/,
    ],
  ] as const)('%s is refused', async (_, metadata, code, message) => {
    await expect(loadHead(altered(metadata))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['a tensor of another shape', { 'projection.bias': { shape: [2, 256], values: bias } }, 'weights-mismatch'],
    [
      'a classifier for other embeddings',
      { 'classifier.weight': { shape: [8, 256], values: weight } },
      'weights-mismatch',
    ],
    [
      'a bias that a cosine classifier has not',
      { 'classifier.bias': { shape: [4], values: weight.slice(0, 4) } },
      'weights-refused',
    ],
    ['a tensor too many', { extra: { shape: [512], values: bias } }, 'weights-refused'],
    [
      'a number that is none',
      { 'projection.bias': { shape: [512], values: bias.map(() => Number.NaN) } },
      'weights-refused',
    ],
  ] as const)('%s is refused', async (_, tensors, code) => {
    await expect(loadHead(altered({}, tensors))).rejects.toMatchObject({ code });
  });

  it('cut off, it is refused', async () => {
    const whole = saveHead(saved);
    await expect(loadHead(whole.slice(0, whole.size - 4))).rejects.toMatchObject({ code: 'weights-refused' });
    await expect(loadHead(new Blob(['<html>']))).rejects.toMatchObject({ code: 'weights-refused' });
  });
});

it('a file too short, or of another kind, is refused as a head', async () => {
  await expect(loadHead(new Blob(['short']))).rejects.toMatchObject({
    code: 'weights-refused',
    message: 'This file cannot be used as a head: the file is too short (5 bytes). Nothing was changed.',
  });
});
