import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recomputeScript } from '../../../src/exports/bundle/bundle.ts';
import { encodeNpy } from '../../../src/exports/npy.ts';
import type { RunResult } from '../../../src/exports/report.ts';
import { classPosteriors } from '../../../src/heads/posterior.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { similaritySource } from '../../../src/math/similarity.ts';
import { exactTopK } from '../../../src/math/topk.ts';
import { normaliseRows } from '../../../src/math/vectors.ts';
import { metricsAt } from '../../../src/metrics/registry.ts';
import { score } from '../../../src/metrics/scores.ts';
import { plainClasses } from '../../../src/search/classes/plain.ts';
import { rankWhole } from '../../../src/search/ranked-by.ts';
import { RANKING_NAMES, rankingNamed } from '../../../src/search/rankings.ts';
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

const random = seededRandom(9);
const rows = (count: number, length: number) =>
  normaliseRows(
    Float32Array.from({ length: count * length }, () => random.gaussian()),
    length,
  );
const names = ['lime', 'pear', 'fig', 'kiwi', null];
const labels = (count: number) => Array.from({ length: count }, () => names[random.below(names.length)] ?? null);
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const run = () => execFileSync(python ?? '', [join(folder, 'recompute.py')]).toString();

/** Writes a bundle of one run without its results. */
function writeBundle(query: Float32Array, gallery: Float32Array, queryLabels: Names, galleryLabels: Names): void {
  const at = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  const [asked, searched] = [at(0, queryLabels.length), at(queryLabels.length, galleryLabels.length)];
  mkdirSync(join(folder, 'runs/a'), { recursive: true });
  write('recompute.py', recomputeScript(metricsAt(KS)));
  write('images.json', JSON.stringify([...queryLabels, ...galleryLabels].map((name) => ({ class: name }))));
  write('runs/a/rows.json', JSON.stringify({ test: { query: asked, gallery: searched }, validation: null }));
  write('runs/a/test.query.npy', encodeNpy(query, [queryLabels.length, DIMENSIONS]));
  write('runs/a/test.gallery.npy', encodeNpy(gallery, [galleryLabels.length, DIMENSIONS]));
}
type Names = readonly (string | null)[];

test.skipIf(python === undefined).each(RANKING_NAMES.flatMap((rank) => [false, true].map((open) => ({ rank, open }))))(
  'it ranks as the app does by $rank, in an open gallery: $open (needs NumPy)',
  ({ rank, open }) => {
    const CLASSES = 7;
    const [query, gallery] = [rows(40, DIMENSIONS), rows(70, DIMENSIONS)];
    const [queryLabels, galleryLabels] = [labels(40), labels(70)];
    const cosines = (count: number) =>
      Float32Array.from({ length: count * 2 * CLASSES }, () => 2 * random.uniform() - 1);
    // Two members.
    const [ofQueries, ofGallery] = [cosines(40), cosines(70)];
    const posterior: RunResult['posterior'] = { scales: [11.5, 8], floor: 0.7, images: 12, open };
    const settings = { scales: posterior.scales, floor: open ? posterior.floor : null };
    const by = {
      ranking: rankingNamed(rank),
      classes: CLASSES,
      queries: classPosteriors(ofQueries, CLASSES, settings),
      gallery: classPosteriors(ofGallery, CLASSES, settings),
      kernel: plainClasses,
    };
    const rankings = finish(rankWhole(similaritySource(gallery, query, DIMENSIONS), by, 70)).result;
    const test = score({ rankings, queryLabels, galleryLabels, ks: KS, seed: 0 });
    writeBundle(query, gallery, queryLabels, galleryLabels);
    write('runs/a/test.query.classes.npy', encodeNpy(ofQueries, [40, 2 * CLASSES]));
    write('runs/a/test.gallery.classes.npy', encodeNpy(ofGallery, [70, 2 * CLASSES]));
    const results = (other: Partial<Record<string, unknown>> = {}) =>
      JSON.stringify({ version: 2, runs: [{ folder: 'a', test, validation: null, rank, posterior, ...other }] });
    write('results.json', results());
    expect(run()).toContain('The table agrees');
    // Another ranking, or another temperature, is seen.
    write('results.json', results({ rank: rank === 'plain' ? 'class' : 'plain' }));
    expect(run).toThrow();
    if (!rankingNamed(rank).usesClasses) return;
    write('results.json', results({ posterior: { ...posterior, scales: [4, 4] } }));
    expect(run).toThrow();
  },
);

test.skipIf(python === undefined)(
  'its definitions in NumPy give what the app computes, for every metric (needs NumPy)',
  () => {
    const [query, gallery] = [rows(40, DIMENSIONS), rows(70, DIMENSIONS)];
    const [queryLabels, galleryLabels] = [labels(40), labels(70)];
    const rankings = finish(exactTopK(gallery, query, DIMENSIONS, 70)).result;
    const test = score({ rankings, queryLabels, galleryLabels, ks: KS, seed: 0 });
    writeBundle(query, gallery, queryLabels, galleryLabels);
    const results = JSON.stringify({ version: 2, runs: [{ folder: 'a', test, validation: null }] });
    write('results.json', results);
    const printed = run();
    expect(printed).toContain('The table agrees');
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
