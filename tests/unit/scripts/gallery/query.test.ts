import { expect, test } from 'vitest';
import { embedOne } from '../../../../scripts/gallery/query.ts';
import { modelDigest } from '../../../../src/heads/model-digest.ts';
import { OWN, type Variant, variantId } from '../../../../src/models/specs/variants.ts';
import type { BackboneName } from '../../../../src/types.ts';

const WEIGHTS = 'resnet50.tv_in1k';
const file = { path: 'shoe.jpg', address: 'query/0' };

/** A page whose features tell by which variant they were made, and whose features key does too. */
function pageOf() {
  const asked: Variant[] = [];
  let embedded = new Float32Array();
  return {
    asked,
    async partModel(architecture: BackboneName, variant: Variant) {
      const weights = variantId(WEIGHTS, variant);
      const preprocessing = {
        size: 224,
        cropPct: 1,
        interpolation: 'bilinear',
        mean: [0, 0, 0],
        std: [1, 1, 1],
      } as const;
      return { architecture, weights, sha256: null, preprocessing, features: weights, dimensions: 2 } as const;
    },
    async embedFiles(_: BackboneName, variant: Variant) {
      asked.push(variant);
      embedded = Float32Array.of(variant.size ?? 0, variant.flip ? 1 : 0);
      return { rows: [{ path: file.path, hash: '', thumbnailBytes: 0 }], dimensions: 2, failures: [] };
    },
    partRows: async () => Buffer.from(embedded.buffer).toString('base64'),
  };
}

const collectionOf = async (variant: Variant, features = variantId(WEIGHTS, variant)) => ({
  manifest: { architecture: 'resnet50', weights: variantId(WEIGHTS, variant), sha256: null, features, head: null },
  digest: await modelDigest(features, null),
});

test.each([OWN, { size: 288, flip: false }, { size: null, flip: true }, { size: 288, flip: true }])(
  'a query is embedded as its collection was: %o',
  async (variant) => {
    const page = pageOf();
    const features = await embedOne(page, await collectionOf(variant), file);
    expect(page.asked).toEqual([variant]);
    expect([...features]).toEqual([variant.size ?? 0, variant.flip ? 1 : 0]);
  },
);

test('a collection of other weights is refused by name and with both digests, and nothing is embedded', async () => {
  const page = pageOf();
  const collection = await collectionOf({ size: 288, flip: false }, 'of other weights');
  const here = await modelDigest(`${WEIGHTS}@288`, null);
  await expect(embedOne(page, collection, file)).rejects.toThrow(
    `The collection is of another model, ${WEIGHTS}@288: its digest is ${collection.digest}, that of ${WEIGHTS}@288 here ${here}.`,
  );
  expect(page.asked).toEqual([]);
});
