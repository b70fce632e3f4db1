import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recomputeScript } from '../../../src/exports/bundle/bundle.ts';
import { encodeNpy } from '../../../src/exports/npy.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { metricsAt } from '../../../src/metrics/registry.ts';
import { score } from '../../../src/metrics/scores.ts';
import { finish } from '../math/finish.ts';

const KS = [1, 3, 5, 10];
const DIMENSIONS = 6;
const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);

test('the bundle’s script has every metric of the registry, and none is left out of it', () => {
  const script = recomputeScript(metricsAt(KS));
  for (const { key, python: expression } of metricsAt(KS)) {
    expect(script).toContain(`(${JSON.stringify(key)}, `);
    expect(script).toContain(`lambda right, first, r: ${expression}),`);
  }
  expect(recomputeScript([])).toContain('METRICS = [\n]');
});

test.skipIf(python === undefined)(
  'its definitions in NumPy give what the app computes, for every metric (needs NumPy)',
  () => {
    const random = seededRandom(9);
    const rows = (count: number) =>
      normaliseRows(
        Float32Array.from({ length: count * DIMENSIONS }, () => random.gaussian()),
        DIMENSIONS,
      );
    const names = ['lime', 'pear', 'fig', 'kiwi', null];
    const labels = (count: number) => Array.from({ length: count }, () => names[random.below(names.length)] ?? null);
    const [query, gallery] = [rows(40), rows(70)];
    const [queryLabels, galleryLabels] = [labels(40), labels(70)];
    const rankings = finish(exactTopK(gallery, query, DIMENSIONS, 70)).result;
    const test = score({ rankings, queryLabels, galleryLabels, ks: KS, seed: 0 });
    const images = [...queryLabels, ...galleryLabels].map((name) => ({ class: name }));
    const at = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
    const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
    mkdirSync(join(folder, 'runs/a'), { recursive: true });
    write('recompute.py', recomputeScript(metricsAt(KS)));
    write('images.json', JSON.stringify(images));
    write('runs/a/rows.json', JSON.stringify({ test: { query: at(0, 40), gallery: at(40, 70) }, validation: null }));
    write('runs/a/test.query.npy', encodeNpy(query, [40, DIMENSIONS]));
    write('runs/a/test.gallery.npy', encodeNpy(gallery, [70, DIMENSIONS]));
    const results = JSON.stringify({ version: 2, runs: [{ folder: 'a', test, validation: null }] });
    write('results.json', results);
    const run = () => execFileSync(python ?? '', [join(folder, 'recompute.py')]).toString();
    const printed = run();
    expect(printed).toContain('All 1 tables agree');
    for (const { key } of metricsAt(KS)) expect(printed).toMatch(new RegExp(`^ {2}${key} `, 'm'));
    // Any one of them that differs is seen.
    for (const { key } of metricsAt(KS)) {
      const changed = new RegExp(`"${key}":\\{"value":[\\d.]+`);
      expect(results).toMatch(changed);
      write('results.json', results.replace(changed, `"${key}":{"value":0.123`));
      expect(run).toThrow();
    }
  },
);
