import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type BackboneRequest, openBackbone } from '../../../src/core/backbones.ts';
import { type Extractable, type ExtractionResult, extractFeatures } from '../../../src/core/extract.ts';
import { readFiles } from '../../../src/core/read.ts';
import { createPool } from '../../../src/core/worker-pool.ts';
import { COLOUR_GRADIENT } from '../../../src/models/colour-gradient.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { getFeatures, putFeatures, storedHashes } from '../../../src/storage/features.ts';
import type { StoredFile } from '../../../src/storage/schema.ts';
import type { Preprocessing } from '../../../src/types.ts';
import type { ImageWorker } from '../../../src/workers/protocol.ts';
import fixture from '../../fixtures/parity/formula_efficientnet_b0.json';
import { formulaFile } from '../../formula.ts';
import { relativeError } from '../models/parity.ts';
import { type FaultPlan, plan } from '../workers/faults.ts';

/** Short beside the minute that a worker has: where one falls silent. Elsewhere one that is slow, as on a busy machine, must not count as hung. */
const SHORT_SILENCE_MS = 4000;
const KEY = 'features';
const POISON = 'rgb(255, 0, 255)';

afterEach(() => {
  vi.restoreAllMocks();
});

async function picture(colour: string, type?: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(40, 30);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  context.fillStyle = colour;
  context.fillRect(0, 0, 40, 30);
  context.fillStyle = 'black';
  context.fillRect(25, 12, 10, 10);
  const blob = await canvas.convertToBlob();
  return type ? new Blob([blob], { type }) : blob;
}

function extractable(name: string, blob: Blob): Extractable {
  return { hash: name, path: `${name}.png`, open: async () => blob };
}

async function pictures(count: number, ...bad: number[]): Promise<Extractable[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) =>
      extractable(`${i}`, await picture(bad.includes(i) ? POISON : `rgb(${i * 20}, ${200 - i * 9}, ${i * 5})`)),
    ),
  );
}

function freshDatabase() {
  const name = `likeness-test-${crypto.randomUUID()}`;
  const database = openDatabase(name);
  onTestFinished(() => {
    database.close();
    indexedDB.deleteDatabase(name);
  });
  return database;
}

/** Image workers, each with the next of the plans; those after the last do nothing wrong. */
function imageWorkers(...plans: FaultPlan[]) {
  const pool = createPool<ImageWorker>(2, () =>
    plan(
      new Worker(new URL('../workers/faulty-image.worker.ts', import.meta.url), { type: 'module' }),
      plans.shift() ?? {},
    ),
  );
  onTestFinished(() => pool.close());
  return pool;
}

const descriptor: BackboneRequest = {
  backbone: 'colour-gradient',
  file: null,
  weightBytes: 0,
  preprocessing: COLOUR_GRADIENT.preprocessing,
  choice: 'wasm',
  workers: 2,
  onChange: () => {},
};

/** `always`: the plan of every worker; else each takes the next one. */
async function backbone(
  request: BackboneRequest,
  plans: readonly FaultPlan[] | { readonly always: FaultPlan } = [],
  silenceMs?: number,
) {
  let made = 0;
  const spawn = () => {
    const faults = 'always' in plans ? plans.always : (plans[made] ?? {});
    made++;
    return plan(
      new Worker(new URL('../workers/faulty-backbone.worker.ts', import.meta.url), { type: 'module' }),
      faults,
    );
  };
  const pool = await openBackbone(request, { spawn, silenceMs });
  onTestFinished(() => pool.close());
  return { pool, made: () => made };
}

type Pool = Awaited<ReturnType<typeof backbone>>['pool'];

/** Extracts into a database of its own, or goes on in one. */
async function extract(images: readonly Extractable[], pool: Pool, request: BackboneRequest, into = freshDatabase()) {
  const workers = { images: imageWorkers(), backbone: pool };
  const signal = new AbortController().signal;
  const stored = await storedHashes(into, KEY);
  const missing = images.filter(({ hash }) => !stored.has(hash));
  const result: ExtractionResult = await extractFeatures(
    missing,
    (rows) => putFeatures(into, KEY, rows),
    request.preprocessing,
    workers,
    signal,
    () => {},
  );
  return { result, rows: await rowsOf(into, images), database: into };
}

async function rowsOf(database: ReturnType<typeof freshDatabase>, images: readonly Extractable[]) {
  const stored = await storedHashes(database, KEY);
  const rows = new Map<string, Float32Array>();
  for (const { hash } of images) {
    if (!stored.has(hash)) continue;
    const dimensions = await database.read(
      async (connection) => (await connection.get('features', [KEY, hash]))?.length,
    );
    rows.set(hash, (await getFeatures(database, KEY, [hash], dimensions ?? 0)).matrix);
  }
  return rows;
}

describe('one image that is poison', () => {
  test.each(['throw', 'close', 'hang'] as const)(
    'to the backbone worker (%s) alone has no features',
    async (poison) => {
      const [images, calm] = [await pictures(9, 5), await backbone(descriptor)];
      const undisturbed = await extract(images, calm.pool, descriptor);
      expect(undisturbed.rows.size).toBe(9);
      const { pool } = await backbone(
        descriptor,
        { always: { poison } },
        // Where it throws, the browser says so.
        poison === 'throw' ? undefined : SHORT_SILENCE_MS,
      );
      const { rows, result } = await extract(images, pool, descriptor);
      expect(result.failures).toEqual([{ path: '5.png', reason: expect.stringContaining('background worker') }]);
      undisturbed.rows.delete('5');
      expect(rows).toEqual(undisturbed.rows);
    },
  );

  test('to the image worker is listed as undecodable, and the others are read', async () => {
    const blobs = await Promise.all(
      Array.from({ length: 10 }, (_, i) => picture(`rgb(0, ${i * 20}, 90)`, i === 4 ? 'image/x-poison' : undefined)),
    );
    const files = blobs.map((blob, i) => ({ path: `${i}.png`, bytes: blob.size, open: async () => blob }));
    const pool = imageWorkers(...Array.from({ length: 20 }, () => ({ poison: 'throw' as const })));
    const stored: StoredFile[] = [];
    const signal = new AbortController().signal;
    await readFiles('d', files, new Map(), freshDatabase(), pool, signal, (outcomes) => stored.push(...outcomes));
    stored.sort((a, b) => Number.parseInt(a.path, 10) - Number.parseInt(b.path, 10));
    expect(stored.map(({ outcome }) => outcome?.ok)).toEqual(blobs.map((_, i) => i !== 4));
    expect(stored[4]?.outcome).toMatchObject({ kind: 'undecodable', reason: expect.stringContaining('twice') });
  });
});

test('a worker that dies once costs nothing', async () => {
  const images = await pictures(9, 2);
  const { pool, made } = await backbone(descriptor, [{ poison: 'throw' }]);
  const { rows, result } = await extract(images, pool, descriptor);
  expect(result.failures).toEqual([]);
  expect(rows.size).toBe(9);
  expect(made()).toBeGreaterThanOrEqual(2);
});

// A real network, small by its input: convolutions take any size.
const preprocessing: Preprocessing = {
  size: 32,
  cropPct: 1,
  interpolation: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
let file: Blob | null = null;
function network(change: Partial<BackboneRequest> = {}): BackboneRequest & { readonly heard: string[] } {
  file ??= formulaFile(fixture);
  const heard: string[] = [];
  const onChange: BackboneRequest['onChange'] = ({ message }, { kind }) => heard.push(`${kind}: ${message}`);
  return {
    backbone: 'efficientnet_b0',
    file,
    weightBytes: 2e7,
    preprocessing,
    choice: 'webgpu',
    workers: 1,
    onChange,
    ...change,
    heard,
  };
}

function expectSame(rows: ReadonlyMap<string, Float32Array>, expected: ReadonlyMap<string, Float32Array>): void {
  expect([...rows.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [hash, row] of rows)
    expect(relativeError(row, expected.get(hash) ?? new Float32Array())).toBeLessThan(1e-4);
}

let calmRows: ReadonlyMap<string, Float32Array> | null = null;
/** What becomes of the network's three pictures where nothing fails; computed once. */
async function calmly(images: readonly Extractable[]): Promise<ReadonlyMap<string, Float32Array>> {
  if (calmRows) return calmRows;
  const request = network({ choice: 'wasm' });
  const { rows } = await extract(images, (await backbone(request)).pool, request);
  expect(rows.size).toBe(3);
  calmRows = rows;
  return rows;
}

/** The page believes in a real card. */
function pretendCard(): void {
  const info = { vendor: 'test', architecture: 'card', device: '', description: 'Test card', isFallbackAdapter: false };
  // biome-ignore lint/suspicious/noExplicitAny: a whole adapter cannot be made here.
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue({ info } as any);
}

describe('the graphics device', () => {
  test('lost once, it is opened again, the batch is repeated, and that is said', async () => {
    const images = await pictures(3);
    const request = network();
    const { pool, made } = await backbone(request, [{ loseAt: 2 }]);
    const { rows, result } = await extract(images, pool, request);
    expect(result.failures).toEqual([]);
    expectSame(rows, await calmly(images));
    expect([made(), pool.engine.kind]).toEqual([2, 'webgpu']);
    expect(request.heard).toEqual([
      expect.stringMatching(/^webgpu: The graphics device was lost\. It was opened again/),
    ]);
  });

  test('lost three times in a row, it ends with a question; what was computed is kept, and WASM computes the rest', async () => {
    const images = await pictures(3);
    const request = network();
    const { pool } = await backbone(request, [{ loseAt: 2 }, { loseAt: 1 }, { loseAt: 1 }]);
    const database = freshDatabase();
    await expect(extract(images, pool, request, database)).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('3 times in a row'),
    });
    const before = await rowsOf(database, images);
    expect(before.size).toBeGreaterThanOrEqual(1);
    expect(before.size).toBeLessThan(3);
    const onWasm = network({ choice: 'wasm' });
    const { rows } = await extract(images, (await backbone(onWasm)).pool, onWasm, database);
    expectSame(rows, await calmly(images));
    for (const [hash, row] of before) expect(rows.get(hash)).toEqual(row);
  });

  test('short of memory, it gets smaller batches, in the end none: WASM goes on, and all of it is said', async () => {
    pretendCard();
    const images = await pictures(3);
    const request = network({ choice: 'auto' });
    const { pool } = await backbone(request, { always: { mostImages: 0 } });
    expect(pool.engine).toMatchObject({ kind: 'webgpu', reason: null });
    const { rows, result } = await extract(images, pool, request);
    expect(result.failures).toEqual([]);
    expectSame(rows, await calmly(images));
    expect(pool.engine).toMatchObject({ kind: 'wasm', reason: expect.stringContaining('memory') });
    expect(request.heard.map((sentence) => /now gets \d+|WASM goes on/.exec(sentence)?.[0])).toEqual([
      ...[16, 8, 4, 2, 1].map((batch) => `now gets ${batch}`),
      'WASM goes on',
    ]);
  });

  test('that computes wrong numbers is not used, and that is said', async () => {
    pretendCard();
    const images = await pictures(3);
    const request = network({ choice: 'auto' });
    const wrong = 'The webgpu engine computes wrong numbers on this machine and is not used.';
    const { pool } = await backbone(request, { always: { refuse: wrong } });
    expect(pool.engine).toMatchObject({ kind: 'wasm', reason: expect.stringContaining('wrong numbers') });
    expect(request.heard).toEqual([expect.stringMatching(/^wasm: .*wrong numbers.* WASM goes on/)]);
    expectSame((await extract(images, pool, request)).rows, await calmly(images));
  });

  test('that is not there is named', async () => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    const { pool } = await backbone(network({ choice: 'auto' }));
    expect(pool.engine).toMatchObject({ kind: 'wasm', reason: 'The browser found no graphics adapter for WebGPU.' });
    await expect(backbone(network())).rejects.toMatchObject({ code: 'engine-unavailable' });
  });
});
