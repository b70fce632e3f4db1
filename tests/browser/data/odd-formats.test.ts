import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CropSettings } from '../../../src/workers/protocol.ts';
import { readTar } from '../../tar.ts';
import { startImageWorker } from '../workers/image-worker.ts';

const sharedDir = inject('sharedDir');
const odd = `/@fs${sharedDir}/datasets/odd`;
const SETTINGS: CropSettings = { size: 224, cropPct: 0.875, interpolation: 'bilinear' };

interface Expectation {
  readonly expect: string;
  readonly chromium: { readonly bitmap: string } | null;
}

async function load(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`${odd}/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

describe.skipIf(!sharedDir)('odd files through the image worker (skipped without ../shared)', () => {
  const worker = startImageWorker();
  afterAll(() => worker.close());

  let manifest = new Map<string, Expectation>();
  let tree = new Map<string, Uint8Array<ArrayBuffer>>();
  beforeAll(async () => {
    const listed: Record<string, Expectation> = JSON.parse(new TextDecoder().decode(await load('manifest.json')));
    manifest = new Map(Object.entries(listed));
    tree = new Map(readTar(await load('tree.tar')).map(({ path, bytes }) => [path, bytes]));
  });

  /** Reads every file in one batch and compares each with its expectation. */
  async function check(files: readonly { path: string; bytes: Uint8Array<ArrayBuffer>; expected: Expectation }[]) {
    const blobs = files.map(({ path, bytes }) => new File([bytes], path));
    const outcomes = await worker.api.read(blobs, 96);
    const { failures, pixels } = await worker.api.crops(blobs, SETTINGS);
    const length = 224 * 224 * 3;
    expect(outcomes).toHaveLength(files.length);
    const surprises: string[] = [];
    files.forEach(({ path, bytes, expected }, i) => {
      const outcome = outcomes[i];
      const failure = failures[i];
      const blank = pixels.subarray(i * length, (i + 1) * length).every((value) => value === 0);
      if (!outcome || outcome.ok !== (failure === null) || outcome.ok === blank) {
        surprises.push(`${path}: read and crops disagree: ${outcome?.ok}, ${failure}`);
      } else if (outcome.ok) {
        const size = `${outcome.width}x${outcome.height}`;
        if (expected.expect === 'reject') surprises.push(`${path}: decoded`);
        if (size !== expected.chromium?.bitmap) surprises.push(`${path}: ${size}`);
      } else {
        if (expected.expect === 'decode') surprises.push(`${path}: ${outcome.reason}`);
        if (outcome.reason !== failure || !/^[A-Z].*\.$/.test(outcome.reason)) surprises.push(`${path}: ${failure}`);
        if (outcome.kind !== (bytes.length === 0 ? 'empty-file' : 'undecodable')) surprises.push(outcome.kind);
      }
    });
    expect(surprises).toEqual([]);
  }

  it('every entry of formats/ gets what the manifest says', async () => {
    const paths = [...manifest.keys()].filter((path) => path.startsWith('formats/'));
    expect(paths.length).toBeGreaterThanOrEqual(30);
    const files = paths.map(async (path) => ({
      path,
      bytes: await load(path),
      expected: manifest.get(path) ?? { expect: 'missing', chromium: null },
    }));
    await check(await Promise.all(files));
  });

  it('every candidate of tree.tar gets what the manifest says (names to ignore never reach the worker)', async () => {
    const candidates = [...manifest].filter(([path, { expect }]) => path.startsWith('tree/') && expect !== 'ignore');
    expect(candidates.length).toBeGreaterThanOrEqual(60);
    const missing = candidates.filter(([path]) => !tree.has(path)).map(([path]) => path);
    expect(missing).toEqual([]);
    await check(candidates.map(([path, expected]) => ({ path, bytes: tree.get(path) ?? new Uint8Array(), expected })));
  });

  it('turned photos are shown upright: their crops equal the straight one’s', async () => {
    const names = ['baseline', ...[3, 5, 6, 8].map((orientation) => `exif_orientation_${orientation}`)];
    const blobs = await Promise.all(names.map(async (name) => new Blob([await load(`formats/${name}.jpg`)])));
    const { pixels } = await worker.api.crops(blobs, SETTINGS);
    const length = 224 * 224 * 3;
    const straight = pixels.subarray(0, length);
    for (let i = 1; i < names.length; i += 1) {
      const turned = pixels.subarray(i * length, (i + 1) * length);
      const total = straight.reduce((sum, value, at) => sum + Math.abs(value - (turned[at] ?? 0)), 0);
      // Saved as JPEG twice; not turned, the mean difference is about sixty.
      expect(total / length, names[i]).toBeLessThan(2);
    }
  });

  it('other encodings of the straight photo show it: CMYK, progressive, with a profile, WebP, AVIF', async () => {
    const names = ['baseline.jpg', 'progressive.jpg', 'cmyk.jpg', 'icc_srgb.jpg', 'lossy.webp', 'photo.avif'];
    const blobs = await Promise.all(names.map(async (name) => new Blob([await load(`formats/${name}`)])));
    const { pixels } = await worker.api.crops(blobs, SETTINGS);
    const length = 224 * 224 * 3;
    const straight = pixels.subarray(0, length);
    for (let i = 1; i < names.length; i += 1) {
      const other = pixels.subarray(i * length, (i + 1) * length);
      const total = straight.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0);
      expect(total / length, names[i]).toBeLessThan(6);
    }
  });

  it('no place, camera or time gets from a photo into its thumbnail', async () => {
    const bytes = await load('formats/exif_gps.jpg');
    const [outcome] = await worker.api.read([new Blob([bytes])], 96);
    if (!outcome?.ok) throw new Error(outcome?.reason);
    const text = (of: Uint8Array) => new TextDecoder('latin1').decode(of);
    expect(text(bytes)).toContain('Exif');
    expect(text(new Uint8Array(await outcome.thumbnail.arrayBuffer()))).not.toMatch(/Exif|GPS|photoshop|xmp/i);
  });

  it('names the format that the browser refuses', async () => {
    const blobs = await Promise.all(
      ['photo.tiff', 'photo.jp2', 'vector.svg'].map(async (name) => new Blob([await load(`formats/${name}`)])),
    );
    const { failures } = await worker.api.crops(blobs, SETTINGS);
    expect(failures[0]).toMatch(/cannot decode TIFF/);
    expect(failures[1]).toMatch(/cannot decode JPEG 2000/);
    expect(failures[2]).toMatch(/SVG file is a drawing/);
  });
});

it('an SVG runs no script and fetches nothing', async () => {
  const channel = new BroadcastChannel('svg-script');
  const heard: unknown[] = [];
  channel.onmessage = (event) => heard.push(event.data);
  const outside = new URL('/svg-was-here.png', location.href).href;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"
    onload="new BroadcastChannel('svg-script').postMessage('onload')">
    <script>new BroadcastChannel('svg-script').postMessage('script')</script><image href="${outside}"/></svg>`;
  const worker = startImageWorker();
  const disguises = ['image/svg+xml', 'image/png', ''].map((type) => new Blob([svg], { type }));
  const outcomes = await worker.api.read(disguises, 96);
  expect(outcomes.map((outcome) => !outcome.ok && outcome.reason)).toEqual(
    new Array(3).fill(expect.stringMatching(/SVG file is a drawing/)),
  );
  worker.close();
  // What a script has sent before arrives before this.
  new BroadcastChannel('svg-script').postMessage('end');
  await expect.poll(() => heard).toEqual(['end']);
  expect(performance.getEntriesByName(outside)).toEqual([]);
});
