import { beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { type Engine, openEngine } from '../../../src/models/engines/engine.ts';
import { loadExtractor } from '../../../src/models/extractor.ts';
import { tensorsOf } from '../../../src/models/networks/network.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import type { Preprocessing } from '../../../src/types.ts';
import { formulaFileOf } from '../../formula.ts';
import { relativeError } from './parity.ts';

const ARCHITECTURE = 'deit_tiny_patch16_224';
const { preprocessing, features: WIDTH } = ARCHITECTURES[ARCHITECTURE];
const file = formulaFileOf(tensorsOf(ARCHITECTURE));
const crops = (n: number) => Uint8Array.from({ length: n * 224 * 224 * 3 }, (_, i) => (i * 13) % 251);

let wasm: Engine;
beforeAll(async () => {
  wasm = await openEngine('wasm');
});

const load = (engine: Engine, changed: Partial<Preprocessing> = {}) =>
  loadExtractor(engine, ARCHITECTURE, file, { ...preprocessing, ...changed }, 3);

test('a batch that is filled up to its fixed shape gives the same rows', async () => {
  const plain = await load(wasm);
  const padded = await load({ ...wasm, kind: 'webgpu' });
  for (const n of [1, 2, 3]) {
    const features = await padded.features(crops(n), n);
    expect(features).toHaveLength(n * WIDTH);
    expect(relativeError(features, await plain.features(crops(n), n))).toBeLessThan(1e-6);
  }
  plain.dispose();
  padded.dispose();
});

test('numbers that are not finite are never features', async () => {
  const extractor = await load(wasm, { std: [1e-40, 1e-40, 1e-40] });
  await expect(extractor.features(crops(1), 1)).rejects.toMatchObject({ code: 'not-finite' });
  extractor.dispose();
});

test('a lost engine ends the call', async () => {
  const lost = Promise.reject(new AppError('engine-lost', 'The graphics device was lost.'));
  lost.catch(() => {});
  const extractor = await load({ ...wasm, lost });
  await expect(extractor.features(crops(1), 1)).rejects.toMatchObject({ code: 'engine-lost' });
  extractor.dispose();
});
