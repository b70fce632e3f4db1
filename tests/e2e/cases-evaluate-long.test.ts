import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Arguments, readArguments } from '../../scripts/evaluate/arguments.ts';
import { type Browser, launchBrowser } from '../../scripts/evaluate/browser.ts';
import { evaluateOn } from '../../scripts/evaluate/evaluation.ts';
import { automatedUrl } from '../../scripts/evaluate/likeness-page.ts';
import { startServer } from '../../scripts/server/static-server.ts';
import { readTar } from '../tar.ts';
import { temporaryFolder } from './browser-session.ts';

/** The handed folders through `npm run evaluate`: what each prints, and whether it ends with 0 or, thrown here, with 1. */

const root = resolve(import.meta.dirname, '../..');
const noModels = join(root, 'tests/e2e/no-models');

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Unpacks a case. */
async function unpack(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const archive = await readFile(join(root, 'tests/fixtures/cases', `${name}.tar`));
  for (const { path, bytes } of readTar(new Uint8Array(archive))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return join(folder, name);
}

interface Evaluated {
  /** Lines on standard error. */
  readonly said: string;
  /** Why it ends with 1; null where it ends with 0. */
  readonly failed: string | null;
  /** Queries that count in the first run's test figures; null where it has none. */
  readonly queries: number | null;
}

/** In one browser, at an origin of its own each time: nothing of another data set is stored there. */
async function evaluate(dataDir: string, more: readonly string[] = []): Promise<Evaluated> {
  const out = join(await temporaryFolder(), 'report.json');
  const given = ['--data', dataDir, '--models', 'colour-gradient', '--out', out, ...more];
  const args = readArguments(given);
  if (args === 'help') throw new Error('Help was asked for.');
  return ended(args);
}

async function ended(args: Arguments): Promise<Evaluated> {
  const server = await startServer({ distDir: join(root, 'dist'), modelsDir: noModels, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const lines: string[] = [];
  const progress = { say: (line: string) => void lines.push(line), during: <T>(work: Promise<T>) => work };
  const said = () => lines.join('\n');
  await browser.page.goto(automatedUrl(server.url));
  try {
    const [run] = await evaluateOn(browser.page, args, progress);
    return { said: said(), failed: null, queries: run?.test?.queries ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { said: said(), failed: error.message, queries: null };
  }
}

interface Case {
  readonly folder: string;
  readonly more?: readonly string[];
  /** Classes, training, query and gallery images, as it says them. */
  readonly counts: readonly [classes: number, training: number, query: number, gallery: number];
  /** Queries of the test figures: those that have an answer. */
  readonly queries: number | null;
  /** What it says besides, and why it ends with 1. */
  readonly says?: RegExp;
  readonly fails?: RegExp;
}

const undecided = /“test” \(\d+ images\).* no part yet/;

test.each<Case>([
  {
    folder: 'class-names-differ/photos',
    counts: [9, 15, 6, 9],
    queries: null,
    says: /different classes/,
    fails: /^No query’s class is in the gallery/,
  },
  { folder: 'csv-image-id-label/split', counts: [3, 15, 6, 9], queries: 6 },
  { folder: 'decomposed-names/files', counts: [3, 15, 6, 9], queries: 6 },
  {
    folder: 'doubled-folders/sets',
    counts: [3, 15, 0, 0],
    queries: null,
    says: /“test_set” \(6 images\) has no part yet/,
  },
  { folder: 'doubled-folders/sets', more: ['--gallery', 'test_set'], counts: [3, 15, 0, 6], queries: 6 },
  { folder: 'figures-control-char/vt', counts: [3, 0, 6, 9], queries: 6 },
  { folder: 'figures-control-char/nul', counts: [3, 0, 6, 9], queries: 6 },
  { folder: 'ground-truth-paths/photos', counts: [3, 15, 6, 9], queries: 6 },
  {
    folder: 'identity-in-file-name/reid',
    counts: [0, 0, 6, 10],
    queries: null,
    says: /seem to begin with the class: that gives 3 classes/,
  },
  {
    folder: 'identity-in-file-name/reid',
    more: ['--name-classes', 'auto'],
    counts: [3, 15, 6, 10],
    queries: 6,
  },
  { folder: 'image-with-other-ending/photos', counts: [1, 0, 0, 6], queries: 6 },
  { folder: 'numbered-classes/photos', counts: [12, 24, 12, 12], queries: 12 },
  { folder: 'refused-ground-truth/semicolon', counts: [3, 15, 6, 9], queries: 6 },
  {
    folder: 'refused-ground-truth/broken',
    counts: [3, 15, 6, 9],
    queries: null,
    fails: /ground_truth\.json: .*not valid JSON \(line 1, column 28/,
  },
  { folder: 'same-size-replaced/rep', counts: [2, 0, 2, 6], queries: 2 },
  { folder: 'train-valid-test/photos', counts: [3, 18, 0, 0], queries: null, says: undecided },
  {
    folder: 'train-valid-test/photos',
    more: ['--queries', 'test', '--gallery', 'valid'],
    counts: [3, 18, 9, 6],
    queries: 9,
  },
  // Folders of archives, which are opened where nothing lies beside them.
  {
    folder: 'archives-not-zip/nested',
    counts: [0, 0, 0, 0],
    queries: null,
    says: undecided,
    fails: /^No image takes part/,
  },
  { folder: 'zip-backslashes', counts: [3, 15, 6, 9], queries: 6 },
  { folder: 'zip-shift-jis', counts: [3, 15, 6, 9], queries: 6, says: /read as Shift-JIS/ },
])('$folder', async ({ folder, more, counts, queries, says = /^/, fails }) => {
  const [name = ''] = folder.split('/');
  const evaluated = await evaluate(join(await unpack(name), '..', folder), more);
  const [classes, training, query, gallery] = counts;
  expect(evaluated.said).toContain(
    `${classes} classes; ${training} training, ${query} query, ${gallery} gallery images`.replace(
      /^1 classes/,
      '1 class',
    ),
  );
  expect(evaluated.said).toMatch(says);
  expect(evaluated.failed).toEqual(fails ? expect.stringMatching(fails) : null);
  expect(evaluated.queries).toBe(queries);
  expect(evaluated.said).not.toContain('The page reports an error');
});

test('a folder of links ends with 1 and says that browsers leave them out', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'photos/gallery/cat'), { recursive: true });
  await writeFile(join(folder, 'real.png'), '');
  await symlink(join(folder, 'real.png'), join(folder, 'photos/gallery/cat/0.png'));
  expect((await evaluate(join(folder, 'photos'))).failed).toMatch(/Browsers leave out links/);
});
