import { afterEach, expect, test } from 'vitest';
import { createTeamMemory, renew } from '../../../src/models/engines/wasm/team.ts';
import { tensorsOf } from '../../../src/models/networks/network.ts';
import { ARCHITECTURES, type ArchitectureName } from '../../../src/models/specs/architectures.ts';
import { type Connection, connect } from '../../../src/workers/connect.ts';
import type { BackboneWorker } from '../../../src/workers/protocol.ts';
import { formulaFileOf } from '../../formula.ts';

let team: Connection<BackboneWorker>[] = [];
afterEach(() => {
  for (const { close } of team) close();
});

/** Workers with a network. */
async function load(
  architecture: ArchitectureName,
  count: number,
  flip = false,
): Promise<Connection<BackboneWorker>[]> {
  team = Array.from({ length: count }, () =>
    connect<BackboneWorker>(
      new Worker(new URL('../../../src/workers/backbone.worker.ts', import.meta.url), { type: 'module' }),
    ),
  );
  const { preprocessing } = ARCHITECTURES[architecture];
  const file = formulaFileOf(tensorsOf(architecture));
  for (const { api } of team) {
    await api.open('wasm');
    await api.load(architecture, file, flip ? { ...preprocessing, flip } : preprocessing, 4);
  }
  return team;
}

const crop = (architecture: ArchitectureName) =>
  Uint8Array.from(
    { length: ARCHITECTURES[architecture].preprocessing.size ** 2 * 3 },
    (_, i) => (i * (7 + (i % 5))) % 256,
  );

// Each family, with squeeze-and-excitation, registers, and sides of 7 that halves do not divide.
test.each([
  ['resnet18', 2],
  ['resnet50', 3],
  ['efficientnet_b0', 2],
  ['tf_efficientnetv2_b0', 2],
  ['mobilenetv3_large_100', 3],
  ['convnext_tiny', 2],
  ['vit_tiny_patch16_224', 2],
  ['vit_small_patch14_reg4_dinov2', 3],
] as const)(
  '%s by a team of %d is bit-identical to that of one worker, and leaves no tensor',
  async (architecture, count) => {
    const workers = await load(architecture, count);
    const pixels = crop(architecture);
    const [first] = workers;
    if (!first) throw new Error('There are no workers.');
    const alone = await first.api.features(pixels, 1);
    const before = await first.api.memory();
    const memory = createTeamMemory();
    for (let pass = 0; pass < 2; pass++) {
      renew(memory);
      const all = await Promise.all(workers.map(({ api }, index) => api.features(pixels, 1, { memory, index, count })));
      for (const features of all) expect(features).toEqual(alone);
    }
    expect(await first.api.memory()).toEqual(before);
  },
);

test('a worker whose team hangs gives up, and computes alone as before', async () => {
  const [worker] = await load('mobilenetv3_small_050', 1);
  const pixels = crop('mobilenetv3_small_050');
  const alone = await worker?.api.features(pixels, 1);
  const before = await worker?.api.memory();
  const share = { memory: createTeamMemory(), index: 0, count: 2 };
  await expect(worker?.api.features(pixels, 1, share)).rejects.toMatchObject({ code: 'aborted' });
  expect(await worker?.api.features(pixels, 1)).toEqual(alone);
  expect(await worker?.api.memory()).toEqual(before);
});
