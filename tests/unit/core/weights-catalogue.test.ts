import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { createWeightsCatalogue } from '../../../src/core/weights-catalogue.ts';
import { createWorkers } from '../../../src/core/workers.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import { fromFile } from '../../../src/models/weights/records.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import type { CachedWeights } from '../../../src/types.ts';

const ID = 'deit_tiny_patch16_224.fb_in1k';
const ARCHITECTURE = 'deit_tiny_patch16_224';

/** None is asked anything: what is cached is told to the catalogue. */
const workers = createWorkers();

const cachedAs = (how: Pick<CachedWeights, 'from'> & Partial<CachedWeights>): CachedWeights => ({
  id: ID,
  architecture: ARCHITECTURE,
  bytes: 11_448_352,
  sha256: 'a'.repeat(64),
  preprocessing: ARCHITECTURES[ARCHITECTURE].preprocessing,
  cachedAt: 1,
  ...how,
});

async function listedWith(cached: CachedWeights) {
  const database = openDatabase(`weights-catalogue-${cached.from}`);
  const catalogue = createWeightsCatalogue(database, workers);
  await catalogue.add(cached);
  const listed = catalogue.find(ID);
  catalogue.forget(ID);
  const after = catalogue.find(ID);
  database.close();
  return { listed, after };
}

const ofHub = { label: 'DeiT-Tiny', bytes: 22_880_000, origin: 'hub', repository: `timm/${ID}`, revision: 'main' };

test('a file that the user brought is listed as one, with its own size, also under the name of weights of the hub', async () => {
  const { listed, after } = await listedWith(cachedAs({ from: fromFile(`${ID}/model.safetensors`) }));
  const unknown = { licence: null, repository: null, revision: null };
  expect(listed).toMatchObject({ label: 'DeiT-Tiny', bytes: 11_448_352, origin: 'local', ...unknown });
  // Deleted, it can be had from the hub again.
  expect(after).toMatchObject(ofHub);
});

test('what came from the hub is listed as from there', async () => {
  const hub = { repository: `timm/${ID}`, revision: 'main', licence: 'apache-2.0' };
  const { listed } = await listedWith(cachedAs({ from: `huggingface.co/timm/${ID} (main)`, hub }));
  expect(listed).toMatchObject(ofHub);
});
