import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { BlobReader, configure, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Download, Page } from 'playwright';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../../scripts/evaluate/browser.ts';
import { parseCsv } from '../../src/data/csv.ts';
import { METRICS } from '../../src/metrics/registry.ts';
import { decodeNpy } from '../decode-npy.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { KINDS, type WrittenKinds, writeKinds } from './kinds.ts';

configure({ useWebWorkers: false });

/** Everything that was saved, by the button that saved it. */
const saved = new Map<string, { readonly name: string; readonly bytes: Buffer }>();
let files: WrittenKinds;

const BUTTONS = [
  'Save report',
  'Save LaTeX',
  'Save Markdown',
  'Save CSV',
  'Save figures',
  'Save ranking as JSON',
  'Save ranking as CSV',
  'Save embeddings',
  'Save for the projector',
  'Save bundle',
] as const;

async function save(page: Page, button: string): Promise<void> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const download: Download = await downloading;
  saved.set(button, { name: download.suggestedFilename(), bytes: await readFile(await download.path()) });
}

function bytesOf(button: (typeof BUTTONS)[number]): Buffer {
  const bytes = saved.get(button)?.bytes;
  if (!bytes) throw new Error(`“${button}” saved nothing.`);
  return bytes;
}

const textOf = (button: (typeof BUTTONS)[number]): string => bytesOf(button).toString('utf8');

async function entriesOf(button: (typeof BUTTONS)[number]): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(bytesOf(button))])));
  const entries = new Map<string, Uint8Array>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) entries.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  return entries;
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

const bundleScores = v.nullable(
  v.object({
    queries: v.number(),
    skipped: v.number(),
    metrics: v.record(v.string(), v.object({ value: v.number(), interval: v.tuple([v.number(), v.number()]) })),
  }),
);
const bundleRuns = v.object({
  version: v.literal(2),
  runs: v.array(v.object({ folder: v.string(), test: bundleScores, validation: bundleScores })),
});

test('each button of the export tab saves its file', async () => {
  const data = join(await temporaryFolder(), 'kinds');
  files = await writeKinds(data, 2);
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(data);
  await page.getByRole('heading', { name: 'Images per class' }).waitFor();
  await page
    .getByRole('link', { name: /Comparison/ })
    .first()
    .click();
  // Enough to be another model; how good it is does not matter here.
  await compareDescriptor(page, 8);
  await page.goto(`${page.url().split('#')[0]}#/dashboard?tab=export`);
  for (const button of BUTTONS) await save(page, button);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(errors).toEqual([]);
  expect([...saved.values()].map(({ name }) => name.slice(0, 6))).toEqual(BUTTONS.map(() => 'kinds '));
}, 900_000);

test('the ranking names every query, labelled or not, and k gallery files; both formats agree', () => {
  const rankings = v.parse(v.record(v.string(), v.array(v.string())), JSON.parse(textOf('Save ranking as JSON')));
  expect(Object.keys(rankings).sort()).toEqual([...files.query].sort());
  const gallery = new Set(files.gallery);
  for (const ranked of Object.values(rankings)) {
    expect(new Set(ranked).size).toBe(10);
    expect(ranked.filter((file) => !gallery.has(file))).toEqual([]);
  }
  const [header, ...lines] = [...parseCsv(textOf('Save ranking as CSV'))].map(({ fields }) => fields);
  expect(header).toEqual(['query', 'rank', 'gallery', 'similarity']);
  expect(lines.map(([query, rank, file]) => [query, rank, file])).toEqual(
    Object.entries(rankings).flatMap(([query, ranked]) => ranked.map((file, i) => [query, String(i + 1), file])),
  );
  for (const query of files.query) {
    const similarities = lines.filter(([asked]) => asked === query).map(([, , , similarity]) => Number(similarity));
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  }
});

test('embeddings are unit rows, as many as file names', async () => {
  const entries = await entriesOf('Save embeddings');
  const splits = ['training', 'query', 'gallery'];
  const names = [...entries.keys()];
  expect(names.map((name) => name.split('.').slice(-2).join('.'))).toEqual(
    splits.flatMap((split) => [`${split}.json`, `${split}.npy`]),
  );
  for (let i = 0; i < names.length; i += 2) {
    const rows = v.parse(v.array(v.string()), JSON.parse(text(entries.get(names[i] ?? ''))));
    const { shape, data } = decodeNpy(entries.get(names[i + 1] ?? '') ?? new Uint8Array());
    const [n = 0, dimensions = 0] = shape;
    expect([n, shape.length]).toEqual([rows.length, 2]);
    for (let row = 0; row < n; row++) {
      const length = data.subarray(row * dimensions, (row + 1) * dimensions).reduce((sum, x) => sum + x * x, 0);
      expect(length).toBeCloseTo(1, 4);
    }
    if (i === 2) expect(rows).toEqual([...files.query].sort());
  }
});

test('the projector gets as many vectors as metadata, and a sprite of their thumbnails', async () => {
  const entries = await entriesOf('Save for the projector');
  expect([...entries.keys()]).toEqual([
    'vectors.tsv',
    'metadata.tsv',
    'sprite.png',
    'projector_config.pbtxt',
    'README.txt',
  ]);
  const images = files.query.length + files.gallery.length;
  const vectors = text(entries.get('vectors.tsv')).trimEnd().split('\n');
  expect(vectors).toHaveLength(images);
  const widths = new Set(vectors.map((line) => line.split('\t').length));
  expect(widths.size).toBe(1);
  expect(vectors.flatMap((line) => line.split('\t')).every((value) => Number.isFinite(Number(value)))).toBe(true);
  const [header, ...metadata] = text(entries.get('metadata.tsv')).trimEnd().split('\n');
  expect(header).toBe('file\tclass\tsplit');
  expect(metadata.map((line) => line.split('\t')[0])).toEqual(
    [[...files.query].sort(), [...files.gallery].sort()].flat(),
  );
  const sprite = Buffer.from(entries.get('sprite.png') ?? []);
  const columns = Math.ceil(Math.sqrt(images));
  expect([sprite.readUInt32BE(16), sprite.readUInt32BE(20)]).toEqual([columns * 64, Math.ceil(images / columns) * 64]);
});

test('figures come as SVG, PNG and CSV', async () => {
  const entries = await entriesOf('Save figures');
  const names = [...entries.keys()];
  expect(names.length).toBeGreaterThanOrEqual(3);
  expect(names.length % 3).toBe(0);
  for (const name of names) {
    const bytes = entries.get(name) ?? new Uint8Array();
    if (name.endsWith('.svg')) expect(text(bytes)).toMatch(/^<svg .*<\/svg>$/s);
    else if (name.endsWith('.png')) expect([...bytes.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    else expect([...parseCsv(text(bytes))].length).toBeGreaterThan(1);
  }
});

test('the tables have a line a run and split; LaTeX compiles where there is one', async ({ skip }) => {
  const lines = [...parseCsv(textOf('Save CSV'))].map(({ fields }) => fields);
  const [head = -1, split = -1] = ['head', 'split'].map((name) => lines[0]?.indexOf(name));
  expect(lines.map((fields) => [fields[head], fields[split]])).toEqual([
    ['head', 'split'],
    ['frozen', 'test'],
    ['frozen', 'validation'],
    ['fine-tuned (cosine, epochs 8)', 'test'],
    ['fine-tuned (cosine, epochs 8)', 'validation'],
  ]);
  const queries = lines[0]?.indexOf('queries') ?? -1;
  expect(lines[1]?.slice(queries, queries + 2)).toEqual(['14', '2']);
  expect(textOf('Save Markdown').match(/^\| Colour and gradient \|/gm)).toHaveLength(4);
  if (spawnSync('pdflatex', ['--version']).status !== 0) skip('There is no pdflatex here.');
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'results.tex'), textOf('Save LaTeX'));
  const document = '\\documentclass{article}\\begin{document}\\input{results}\\end{document}';
  await writeFile(join(folder, 'paper.tex'), document);
  const made = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex'], { cwd: folder });
  expect([made.status, made.status === 0 ? '' : made.stdout.toString()]).toEqual([0, '']);
});

test('the report opens without any request, in both themes without an accessibility violation', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'report.html');
  await writeFile(path, bytesOf('Save report'));
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const { page } = browser;
  const asked: string[] = [];
  await page.route('**', (route) => {
    const url = route.request().url();
    if (url === `file://${path}`) return route.continue();
    if (!url.startsWith('data:')) asked.push(url);
    return url.startsWith('data:') ? route.continue() : route.abort();
  });
  const errors: string[] = [];
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`file://${path}`);
  const words = await page.locator('main').innerText();
  expect(words).toContain('14 queries (2 left out');
  expect(words).toContain('ground_truth.csv');
  expect(await page.locator('figure svg').count()).toBeGreaterThan(0);
  expect(await page.locator('b', { hasText: 'bold' }).count()).toBe(0);
  const pictures = await page
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)));
  expect(pictures.length).toBeGreaterThan(4);
  expect(Math.min(...pictures)).toBeGreaterThan(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  }
  expect(asked).toEqual([]);
  expect(errors).toEqual([]);
});

test('the bundle recomputes every figure with NumPy alone', async ({ skip }) => {
  const entries = await entriesOf('Save bundle');
  const { runs } = v.parse(bundleRuns, JSON.parse(text(entries.get('results.json'))));
  expect([...entries.keys()]).toEqual([
    ...['README.md', 'recompute.py', 'results.json', 'images.json', 'dataset.json', 'weights.json', 'settings.json'],
    ...runs.flatMap((run) => [
      `runs/${run.folder}/rows.json`,
      ...['test', 'validation'].flatMap((split) =>
        ['query', 'gallery'].map((part) => `runs/${run.folder}/${split}.${part}.npy`),
      ),
    ]),
  ]);
  expect(runs.map((run) => [run.folder, run.test?.queries, run.test?.skipped])).toEqual([
    ['colour-gradient.frozen', 14, 2],
    ['colour-gradient.finetuned.cosine.seed0', 14, 2],
  ]);
  // Figures that could be wrong: neither all nor none of the neighbours are right.
  for (const run of runs) {
    expect(Object.keys(run.test?.metrics ?? {})).toEqual(METRICS.map(({ key }) => key));
    for (const key of ['top1', 'precision5', 'mapAtR', 'rPrecision', 'mrr']) {
      expect(run.test?.metrics[key]?.value).toBeGreaterThan(0);
      expect(run.test?.metrics[key]?.value).toBeLessThan(1);
    }
  }
  const classes = new Set(
    v
      .parse(v.array(v.object({ class: v.nullable(v.string()) })), JSON.parse(text(entries.get('images.json'))))
      .map((image) => image.class),
  );
  expect(classes).toEqual(new Set([...KINDS, null]));
  const python = ['/usr/bin/python3', 'python3'].find(
    (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
  );
  if (python === undefined) return skip('No python3 here has NumPy.');

  const folder = await temporaryFolder();
  for (const [name, bytes] of entries) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  for (const options of [[], ['--exact']]) {
    const printed = execFileSync(python, [join(folder, 'recompute.py'), folder, ...options]).toString();
    expect(printed).toContain('All 4 tables agree');
    expect(printed.match(/difference/g)).toHaveLength(4 * (2 + METRICS.length));
  }
  // One that does not agree is seen.
  const path = join(folder, 'results.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace(/("mrr": \{\s*"value": )[\d.]+/, '$10.123'));
  const refused = spawnSync(python, [join(folder, 'recompute.py'), folder]);
  expect([refused.status, refused.stdout.toString()]).toEqual([1, expect.stringContaining('DIFFERS')]);
});
