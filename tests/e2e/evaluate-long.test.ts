import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { runResultSchema } from '../../src/exports/report.ts';
import { decodeNpy } from '../decode-npy.ts';
import { temporaryFolder } from './browser-session.ts';
import { type Colour, encodePng } from './png.ts';

const root = resolve(import.meta.dirname, '../..');

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line; `watch` sees standard error as it comes. */
function runner(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  watch: (stderr: string, interrupt: () => void) => void = () => {},
): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/evaluate.ts', ...args], {
      cwd: root,
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      watch(stderr, () => child.kill('SIGINT'));
    });
    child.on('error', fail);
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
}

/** Three kinds of picture that any sensible descriptor tells apart, each a little different from the next one of its kind. */
const kinds: Readonly<Record<string, (x: number, y: number) => Colour>> = {
  stripes: (x) => (x % 16 < 8 ? [200, 30, 30] : [250, 220, 200]),
  // The names of classes are just names.
  ['__proto__']: (x, y) => ((x - 32) ** 2 + (y - 32) ** 2 < 400 ? [20, 40, 220] : [220, 230, 255]),
  '<b>plain & simple': () => [40, 160, 60],
};

const picture = (kind: (x: number, y: number) => Colour, number: number) =>
  encodePng(64 + number, 64, (x, y) => {
    const [red, green, blue] = kind(x + number, y);
    return [Math.min(255, red + 2 * number), green, Math.min(255, blue + number)];
  });

const perClass = { training: 3, query: 2, gallery: 4 };
const folderOf = { training: 'training', query: 'test/query', gallery: 'test/gallery' };
const splits = ['training', 'query', 'gallery'] as const;

/** Writes the data set; `labelled`: query and gallery in class folders. Returns each split's files in path order. */
async function writeDataset(folder: string, labelled: boolean): Promise<Record<(typeof splits)[number], string[]>> {
  const files: Record<(typeof splits)[number], string[]> = { training: [], query: [], gallery: [] };
  let number = 0;
  for (const split of splits) {
    for (const [i, [name, kind]] of Object.entries(kinds).entries()) {
      for (let copy = 0; copy < perClass[split]; copy++) {
        const file = labelled || split === 'training' ? `${name}/${copy}.png` : `kind${i}-${copy}.png`;
        const path = join(folder, folderOf[split], file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, picture(kind, number++));
        files[split].push(file);
      }
    }
    files[split].sort();
  }
  return files;
}

const reportSchema = v.object({
  version: v.literal(1),
  dataset: v.object({
    classes: v.number(),
    training: v.number(),
    query: v.number(),
    gallery: v.number(),
    problems: v.array(v.object({ kind: v.string(), severity: v.string(), path: v.string() })),
  }),
  environment: v.object({
    backend: v.nullable(v.string()),
    adapter: v.nullable(v.string()),
    userAgent: v.string(),
    workers: v.number(),
  }),
  runs: v.array(runResultSchema),
});

async function json<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
  return v.parse(schema, JSON.parse(await readFile(path, 'utf8')));
}

/** A written matrix as rows by file name. */
async function matrix(folder: string, name: string): Promise<{ files: string[]; rows: Map<string, Float32Array> }> {
  const files = await json(join(folder, `${name}.json`), v.array(v.string()));
  const { shape, data } = decodeNpy(await readFile(join(folder, `${name}.npy`)));
  const [n = 0, dimensions = 0] = shape;
  expect(n).toBe(files.length);
  const rows = files.map((file, i) => [file, data.subarray(i * dimensions, (i + 1) * dimensions)] as const);
  return { files, rows: new Map(rows) };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);

test('evaluates a dropped folder: report, rankings, embeddings and features agree', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'shapes');
  const files = await writeDataset(data, true);
  await writeFile(join(data, 'training/stripes/broken.png'), 'not a picture');
  const out = join(folder, 'made/r.json');
  const { status, stdout, stderr } = await runner([
    ...['--data', data, '--models', 'colour-gradient', '--heads', 'frozen', '--out', out, '--k', '1,4,10'],
    ...[
      '--rankings',
      join(folder, 'rankings.json'),
      '--embeddings',
      join(folder, 'e'),
      '--features',
      join(folder, 'f'),
    ],
  ]);
  expect(stderr).toContain('Reading');
  expect([status, stdout]).toEqual([0, expect.stringContaining('colour-gradient.frozen')]);

  const report = await json(out, reportSchema);
  expect(report.dataset).toMatchObject({ classes: 3, training: 9, query: 6, gallery: 12 });
  expect(report.dataset.problems).toContainEqual(
    expect.objectContaining({ severity: 'skipped', path: expect.stringContaining('broken.png') }),
  );
  expect(report.environment.userAgent).toContain('Chrome');
  const [run] = report.runs;
  expect(report.runs).toHaveLength(1);
  expect(run).toMatchObject({ model: 'colour-gradient', head: 'frozen', weights: ['colour-gradient'], seed: 0 });
  expect(run?.test).toMatchObject({ queries: 6, skipped: 0, topk: { '1': 1, '4': 1, '10': 1 }, mapAtR: 1, mrr: 1 });
  expect(run?.test?.ci95['10']).toEqual([expect.closeTo(0.6097, 4), 1]);

  const embeddings = { query: new Map<string, Float32Array>(), gallery: new Map<string, Float32Array>() };
  for (const split of splits) {
    const { files: names, rows } = await matrix(join(folder, 'e'), `colour-gradient.frozen.${split}`);
    const raw = await matrix(join(folder, 'f'), `colour-gradient.${split}`);
    expect(names).toEqual(files[split]);
    expect(raw.files).toEqual(files[split]);
    for (const [file, row] of rows) {
      const features = raw.rows.get(file) ?? new Float32Array();
      expect(dot(row, row)).toBeCloseTo(1, 5);
      expect(dot(row, features)).toBeCloseTo(Math.sqrt(dot(features, features)), 4);
    }
    if (split !== 'training') embeddings[split] = rows;
  }

  const rankings = await json(join(folder, 'rankings.json'), v.record(v.string(), v.array(v.string())));
  const ranked = Object.entries(rankings);
  // Object.entries leaves nothing out here: `__proto__/0.png` is no special key.
  expect(ranked.map(([query]) => query).sort()).toEqual(files.query);
  for (const [query, gallery] of ranked) {
    const asked = embeddings.query.get(query) ?? new Float32Array();
    const similarities = gallery.map((file) => dot(asked, embeddings.gallery.get(file) ?? new Float32Array()));
    const all = [...embeddings.gallery.values()].map((row) => dot(asked, row)).sort((a, b) => b - a);
    expect(gallery).toHaveLength(10);
    similarities.forEach((similarity, i) => {
      expect(similarity).toBeCloseTo(all[i] ?? Number.NaN, 5);
    });
  }
});

test('takes labels from a file, limits every split, and searches by HNSW', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'shapes');
  const files = await writeDataset(data, false);
  const names = Object.keys(kinds);
  const labels = (['query', 'gallery'] as const).flatMap((split) =>
    files[split].map((file) => `${split},${file},${names[Number(file[4])]}`),
  );
  const groundTruth = join(folder, 'labels.csv');
  await writeFile(groundTruth, ['split,file,class', ...labels].join('\n'));
  const args = ['--data', data, '--models', 'colour-gradient', '--index', 'hnsw', '--limit', '5'];

  const withLabels = join(folder, 'with.json');
  const first = await runner([...args, '--out', withLabels, '--ground-truth', groundTruth]);
  expect([first.status, first.stderr]).toEqual([0, expect.any(String)]);
  const report = await json(withLabels, reportSchema);
  expect(report.dataset).toMatchObject({ training: 5, query: 5, gallery: 5 });
  // By path, the first five of the gallery are kind 0 four times and kind 1 once; of the five queries, one is of kind 2.
  expect(report.runs[0]?.test).toMatchObject({ queries: 4, skipped: 1, topk: { '1': 1 } });

  const without = join(folder, 'without.json');
  const second = await runner([...args, '--out', without]);
  expect(second.status).toBe(0);
  expect((await json(without, reportSchema)).runs[0]?.test).toBeNull();
  expect(second.stdout).toContain('–');
});

test('scores a run by every ranking, and cannot choose the best where nothing can be validated', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'shapes');
  await writeDataset(data, true);
  const out = join(folder, 'r.json');
  const ranked = await runner([
    ...['--data', data, '--models', 'colour-gradient', '--rank', 'plain,class,cover', '--open', 'on', '--out', out],
    ...['--rankings', join(folder, 'rankings.json'), '--embeddings', join(folder, 'e')],
  ]);
  expect([ranked.status, ranked.stdout]).toEqual([0, expect.stringContaining('colour-gradient.frozen.cover')]);
  const { runs } = await json(out, reportSchema);
  expect(runs.map(({ rank, posterior }) => [rank, posterior])).toEqual([
    ['plain', null],
    // Three images a class are too few to be divided: the usual scale, and nothing is a stranger.
    ['class', { scales: [12], floor: -1, images: 0, open: true }],
    ['cover', { scales: [12], floor: -1, images: 0, open: true }],
  ]);
  for (const { test } of runs) expect(test?.topk['1']).toBe(1);
  const orderOf = (name: string) => json(join(folder, `rankings.colour-gradient.frozen${name}.json`), v.unknown());
  expect(await orderOf('.cover')).not.toEqual(await orderOf('.class'));
  // They share the embeddings.
  expect((await readdir(join(folder, 'e'))).sort()).toEqual(
    ['gallery', 'query', 'training'].flatMap((split) => [
      `colour-gradient.frozen.${split}.json`,
      `colour-gradient.frozen.${split}.npy`,
    ]),
  );

  const models = join(folder, 'models');
  await mkdir(models);
  const best = await runner([
    '--data',
    data,
    '--models',
    'best',
    '--models-dir',
    models,
    '--out',
    join(folder, 'b.json'),
  ]);
  expect([best.status, best.stderr]).toEqual([
    1,
    expect.stringMatching(/Failed: .*four images that it takes to validate/),
  ]);
});

test('ends with 2 and the way to the options when asked for what it does not know', async () => {
  const folder = await temporaryFolder();
  const args = ['--data', folder, '--models', 'colour-gradient', '--out', join(folder, 'r.json')];
  for (const wrong of [['--fast'], ['--heads', 'thawed']]) {
    const { status, stdout, stderr } = await runner([...args, ...wrong]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--help lists the options.');
  }
  expect(await readdir(folder)).toEqual([]);
});

test('ends with 1 and the reason when there is no image, or the weights are refused', async () => {
  const folder = await temporaryFolder();
  const out = join(folder, 'r.json');
  const empty = join(folder, 'nothing');
  await mkdir(empty);
  const nothing = await runner(['--data', empty, '--models', 'colour-gradient', '--out', out]);
  expect([nothing.status, nothing.stderr]).toEqual([1, expect.stringMatching(/Failed: .*nothing/i)]);

  const data = join(folder, 'shapes');
  await writeDataset(data, true);
  const weights = join(folder, 'models/resnet50.broken');
  await mkdir(weights, { recursive: true });
  const preprocessing = { input_size: [3, 224, 224], crop_pct: 0.95, interpolation: 'bicubic' };
  const colours = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const config = { architecture: 'resnet50', num_features: 2048, pretrained_cfg: { ...preprocessing, ...colours } };
  await writeFile(join(weights, 'config.json'), JSON.stringify(config));
  await writeFile(join(weights, 'model.safetensors'), '<!doctype html><title>Not found</title>');
  const models = ['--models', 'resnet50', '--models-dir', join(folder, 'models')];
  const refused = await runner(['--data', data, ...models, '--out', out]);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringMatching(/Failed: .*web page/)]);
  expect(existsSync(out)).toBe(false);
});

test('ends with 1 where a ground truth is refused, and says what the figures hang on', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'shapes');
  await writeDataset(data, false);
  await writeFile(join(data, 'ground_truth.json'), '{"query": {"kind0-0.png": "stripes",}}');
  const args = ['--data', data, '--models', 'colour-gradient', '--out', join(folder, 'r.json')];
  const refused = await runner(args);
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/Failed: .*ground_truth\.json: .*not valid JSON/),
  ]);
  expect(existsSync(join(folder, 'r.json'))).toBe(false);

  // Another one by hand takes its place; here one whose classes the gallery has not.
  const labels = join(folder, 'labels.csv');
  await writeFile(labels, Buffer.from('\ufefffile;class\nkind0-0.png;caf\u00e9\n', 'utf16le'));
  const { status, stderr } = await runner([...args, '--ground-truth', labels]);
  expect(status).toBe(0);
  expect(stderr).toContain('The ground truth does not name it.');
});

test('an interruption closes the browser and takes its profile away', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'shapes');
  const profiles = join(folder, 'profiles');
  await writeDataset(data, true);
  await mkdir(profiles);
  const args = ['--data', data, '--models', 'colour-gradient', '--out', join(folder, 'r.json')];
  let interrupted = false;
  const { status, stderr } = await runner(args, { TMPDIR: profiles }, (said, interrupt) => {
    if (interrupted || !said.includes('Reading')) return;
    interrupted = true;
    interrupt();
  });
  expect([status, stderr]).toEqual([130, expect.stringContaining('Interrupted.')]);
  expect((await readdir(profiles)).filter((name) => name.startsWith('likeness-'))).toEqual([]);
  expect(existsSync(join(folder, 'r.json'))).toBe(false);
});
