import { expect, onTestFinished, test, vi } from 'vitest';
import { type BackbonePool, openBackbone } from '../../../src/core/backbones.ts';
import { tensorsOf, wasmBytesOf } from '../../../src/models/networks/network.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import { formulaFileOf } from '../../formula.ts';
import { type FaultPlan, plan } from '../workers/faults.ts';

const ARCHITECTURE = 'mobilenetv3_small_050';
const { preprocessing } = ARCHITECTURES[ARCHITECTURE];
const file = formulaFileOf(tensorsOf(ARCHITECTURE));
const crop = Uint8Array.from({ length: preprocessing.size ** 2 * 3 }, (_, i) => (i * 11) % 256);

interface Watched {
  readonly pool: BackbonePool;
  /** How many workers each crop that was sent to one was for. */
  readonly asked: () => readonly number[];
}

/** Two workers, and what they are asked; with faults, the tests' own. */
async function open(faults: FaultPlan | null = null): Promise<Watched> {
  const asked: number[] = [];
  const spawn = () => {
    const worker = faults
      ? plan(new Worker(new URL('../workers/faulty-backbone.worker.ts', import.meta.url), { type: 'module' }), faults)
      : new Worker(new URL('../../../src/workers/backbone.worker.ts', import.meta.url), { type: 'module' });
    const send = worker.postMessage.bind(worker);
    worker.postMessage = (message: unknown, moved?: unknown) => {
      const call = message as { path?: string[]; argumentList?: { value: unknown }[] };
      if (call.path?.[0] === 'features') {
        const share = call.argumentList?.[2]?.value;
        asked.push(typeof share === 'object' && share !== null ? Number(Reflect.get(share, 'count')) : 1);
      }
      send(message, Array.isArray(moved) ? moved : []);
    };
    return worker;
  };
  const pool = await openBackbone(
    {
      ...{ backbone: ARCHITECTURE, file, weightBytes: wasmBytesOf(ARCHITECTURE), preprocessing },
      ...{ choice: 'wasm', workers: 2, onChange: () => {} },
    },
    { spawn, silenceMs: undefined },
  );
  onTestFinished(() => pool.close());
  return { pool, asked: () => asked };
}

/** Until a crop has been given to a team. */
async function untilTogether({ pool, asked }: Watched): Promise<Float32Array> {
  let features = new Float32Array();
  await vi.waitUntil(
    async () => {
      features = await pool.features(crop, 1);
      return asked().includes(2);
    },
    { timeout: 60_000, interval: 50 },
  );
  return features;
}

test('the first image waits for one worker, later ones are computed by all, to the same bits', async () => {
  const watched = await open();
  const { pool, asked } = watched;
  const alone = await pool.features(crop, 1);
  expect(asked()).toEqual([1]);
  expect(await untilTogether(watched)).toEqual(alone);
  expect(asked().slice(-2)).toEqual([2, 2]);
  // A batch, and an image beside another, are work for one worker each.
  const sent = asked().length;
  await Promise.all([pool.features(new Uint8Array([...crop, ...crop]), 2), pool.features(crop, 1)]);
  expect(asked().slice(sent)).toEqual([1, 1]);
});

test('where one of a team dies, one worker computes the image, and all after it', async () => {
  const watched = await open({ inTeam: 'throw' });
  const { pool, asked } = watched;
  const alone = await pool.features(crop, 1);
  expect(await untilTogether(watched)).toEqual(alone);
  const sent = asked().length;
  expect(asked().slice(-3)).toEqual([2, 2, 1]);
  expect(await pool.features(crop, 1)).toEqual(alone);
  expect(asked().slice(sent)).toEqual([1]);
});

test('where a page is isolated and has no shared memory, one worker computes each image', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  const { pool, asked } = await open();
  for (let image = 0; image < 4; image++) await pool.features(crop, 1);
  expect(asked()).toEqual([1, 1, 1, 1]);
});
