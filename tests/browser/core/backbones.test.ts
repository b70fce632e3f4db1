import { expect, onTestFinished, test } from 'vitest';
import { createBackbones } from '../../../src/core/backbones.ts';
import type { UsableWeights } from '../../../src/core/weights-catalogue.ts';
import { createWorkers } from '../../../src/core/workers.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { COLOUR_GRADIENT } from '../../../src/models/colour-gradient.ts';

const { preprocessing, features } = COLOUR_GRADIENT;
const [descriptor] = BACKBONES.filter(({ origin }) => origin === 'built-in');
if (!descriptor) throw new Error('There is no descriptor.');
const weights = descriptor;
const crop = Uint8Array.from({ length: preprocessing.size ** 2 * 3 }, (_, i) => (i * 11) % 256);

/** The descriptor, each time under another key: nothing has to be downloaded. */
const under = (featuresKey: string): UsableWeights => ({
  weights,
  featuresKey,
  preprocessing,
  cached: null,
});

function opened() {
  const backbones = createBackbones(createWorkers(), { chosen: () => ({ engine: 'wasm', workers: 1 }), onEngine() {} });
  onTestFinished(() => backbones.close());
  return backbones;
}

test('a backbone that is worked with goes on when another is asked for, and is closed after its work', async () => {
  const backbones = opened();
  const pool = await backbones.use(under('embedding'), async (embedding) => {
    const before = await embedding.features(crop, 1);
    const asked = await backbones.use(under('query'), (query) => query.features(crop, 1));
    expect(asked).toHaveLength(features);
    expect(await embedding.features(crop, 1)).toEqual(before);
    return embedding;
  });
  await expect.poll(() => pool.features(crop, 1).catch((error) => error.code)).toBe('engine-unavailable');
});

test('a backbone stays loaded for the next query, until another one is asked for', async () => {
  const backbones = opened();
  const first = await backbones.use(under('one'), async (pool) => pool);
  expect(await backbones.use(under('one'), async (pool) => pool)).toBe(first);
  await backbones.use(under('two'), async () => {});
  await expect.poll(() => first.features(crop, 1).catch((error) => error.code)).toBe('engine-unavailable');
});

test('closing ends what is worked with too: another engine may have been chosen', async () => {
  const backbones = opened();
  const work = backbones.use(under('one'), async (pool) => {
    backbones.close();
    await expect.poll(() => pool.features(crop, 1).catch((error) => error.code)).toBe('engine-unavailable');
    return pool;
  });
  const closed = await work;
  expect(await backbones.use(under('one'), async (pool) => pool)).not.toBe(closed);
});
