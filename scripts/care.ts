/**
 * How much of planted trouble is found: copies, wrong labels and foreign images in a copy of a folder.
 *
 *   npx tsx scripts/care.ts FOLDER [--models-dir DIR] [--model NAME] [--seed N] [--features DIR]
 *
 *   npx tsx scripts/care.ts FOLDER --features DIR --labels-alone [--model NAME]
 *
 * FOLDER has training/<class>/ and test/gallery/. --features names what `npm run evaluate -- --features` wrote of it: then
 * only what was planted is embedded. --labels-alone plants nothing but wrong labels, with ten seeds, which needs no browser.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { careFindings, type Findings } from '../src/care/findings.ts';
import { correlationOfCrops } from '../src/care/same-picture.ts';
import { seededRandom } from '../src/math/random.ts';
import { normaliseRows } from '../src/math/vectors.ts';
import { greyPictures } from './care/grey.ts';
import { type Planted, plant } from './care/plant.ts';
import { readArguments } from './evaluate/arguments.ts';
import { launchBrowser } from './evaluate/browser.ts';
import { evaluate } from './evaluate/evaluation.ts';
import { progressOn } from './evaluate/progress.ts';

const EMPTY = new Float32Array();
const SEEDS = 10;
const COUNTS = { duplicates: 20, mislabelled: 20, foreign: 10 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'models-dir': { type: 'string' },
    model: { type: 'string', default: 'resnet50' },
    seed: { type: 'string', default: '0' },
    features: { type: 'string' },
    'labels-alone': { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Name the folder of images.');
if (values['labels-alone']) {
  if (values.features === undefined) throw new Error('--labels-alone needs --features.');
  await labelsAlone(resolve(folder), resolve(values.features));
  process.exit();
}
const work = await mkdtemp(join(tmpdir(), 'likeness-care-'));
try {
  await trial(resolve(folder), join(work, 'data'));
} finally {
  await rm(work, { recursive: true, force: true });
}

async function trial(from: string, data: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    const planted = await plant(from, data, COUNTS, Number(values.seed), browser.page);
    const paths = (await readdir(data, { recursive: true })).filter((path) => /\.(jpe?g|png|webp)$/i.test(path)).sort();
    const features = await featuresOf(data, paths, planted);
    const labels = paths.map((path) => (path.startsWith('training/') ? dirname(path) : null));
    const classes = [...new Set(labels.filter((label) => label !== null))];
    const codes = Int32Array.from(labels, (label) => (label === null ? -1 : classes.indexOf(label)));
    const {
      pairs: near,
      suspects,
      outliers,
    } = found(careFindings(features.matrix, features.dimensions, codes, classes.length, 0));
    const grey = await greyPictures(browser.page, data, paths);
    const pairs = near
      .map(({ a, b }) => ({ a, b, correlation: correlationOfCrops(grey[a] ?? EMPTY, grey[b] ?? EMPTY) }))
      .sort((one, other) => other.correlation - one.correlation);
    const copies = new Set(planted.duplicates.map((pair) => [...pair].sort().join(' ')));
    const isCopy = ({ a, b }: (typeof pairs)[number]) => copies.has([paths[a], paths[b]].sort().join(' '));
    const among = (count: number, list: readonly { readonly row: number }[], wanted: readonly string[]) =>
      list.slice(0, count).filter(({ row }) => wanted.includes(paths[row] ?? '')).length;
    console.log(`${paths.length} images, ${values.model}, seed ${values.seed}`);
    console.log(`near-duplicates: ${pairs.slice(0, 20).filter(isCopy).length} of 20 among the first 20`);
    console.log(`wrong labels:    ${among(20, suspects, planted.mislabelled)} of 20 among the first 20`);
    console.log(`foreign images:  ${among(10, outliers, planted.foreign)} of 10 among the first 10`);
    const alike = (copy: boolean) =>
      pairs.filter((pair) => isCopy(pair) === copy).map(({ correlation }) => correlation);
    console.log(
      `correlation of the least planted copy ${Math.min(...alike(true)).toFixed(3)}, of the most alike other pair ${Math.max(...alike(false)).toFixed(3)}`,
    );
  } finally {
    await browser.close();
  }
}

/** Of the training images as they are, 20 get a random other class: how many of them are among the first 20 suspects. */
async function labelsAlone(from: string, features: string): Promise<void> {
  const rows = new Map<string, Float32Array>();
  await readFeatures(features, rows);
  const paths = (await readdir(join(from, 'training'), { recursive: true })).filter((path) => rows.has(basename(path)));
  const { matrix, dimensions } = matrixOf(paths.sort().map((path) => rows.get(basename(path)) ?? EMPTY));
  const classes = [...new Set(paths.map(dirname))];
  const right = Int32Array.from(paths, (path) => classes.indexOf(dirname(path)));
  const counts: number[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = seededRandom(seed);
    const wrong = random.shuffle([...right.keys()]).slice(0, COUNTS.mislabelled);
    const labels = right.slice();
    for (const row of wrong) {
      labels[row] = ((right[row] ?? 0) + 1 + random.below(classes.length - 1)) % classes.length;
    }
    const { suspects } = found(careFindings(matrix, dimensions, labels, classes.length, 0));
    counts.push(suspects.slice(0, COUNTS.mislabelled).filter(({ row }) => wrong.includes(row)).length);
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / SEEDS;
  console.log(`${paths.length} training images, ${values.model}`);
  console.log(
    `wrong labels by themselves: ${counts.join(', ')} of 20 among the first 20; ${mean.toFixed(1)} on average`,
  );
}

function found(steps: ReturnType<typeof careFindings>): Findings {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Unit rows. */
function matrixOf(rows: readonly Float32Array[]) {
  const dimensions = rows[0]?.length ?? 0;
  const matrix = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    matrix.set(row, i * dimensions);
  });
  return { matrix: normaliseRows(matrix, dimensions), dimensions };
}

/** Unit rows in the order of the paths. Features are named by their files, which `plant` keeps in the names it makes. */
async function featuresOf(data: string, paths: readonly string[], planted: Planted) {
  const rows = new Map<string, Float32Array>();
  const made = join(work, 'features');
  if (values.features === undefined) {
    await embed(data, made);
    await readFeatures(made, rows);
  } else {
    await readFeatures(resolve(values.features), rows);
    const added = join(work, 'added');
    await mkdir(join(added, 'gallery'), { recursive: true });
    for (const path of [...planted.duplicates.map(([, copy]) => copy), ...planted.foreign]) {
      await cp(join(data, path), join(added, 'gallery', basename(path)));
    }
    await embed(added, made);
    await readFeatures(made, rows);
  }
  const all = paths.map((path) => {
    const row = rows.get(basename(path)) ?? rows.get(basename(path).replace(/^img_91\d\d_/, ''));
    if (!row) throw new Error(`There are no features of ${path}.`);
    return row;
  });
  return matrixOf(all);
}

async function embed(data: string, features: string): Promise<void> {
  const folders = values['models-dir'] === undefined ? [] : ['--models-dir', values['models-dir']];
  const args = readArguments([
    ...['--data', data, '--models', values.model, '--out', join(work, 'report.json'), '--features', features],
    ...folders,
  ]);
  if (args === 'help') return;
  await evaluate(args, progressOn(process.stderr), new AbortController().signal);
}

/** By the files' last names, which must all differ. */
async function readFeatures(from: string, rows: Map<string, Float32Array>): Promise<void> {
  for (const split of ['training', 'query', 'gallery']) {
    const files: string[] = JSON.parse(await readFile(join(from, `${values.model}.${split}.json`), 'utf8'));
    const bytes = await readFile(join(from, `${values.model}.${split}.npy`));
    const start = 10 + bytes.readUInt16LE(8);
    const all = new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
    const dimensions = all.length / Math.max(1, files.length);
    files.forEach((file, i) => {
      rows.set(basename(file), all.subarray(i * dimensions, (i + 1) * dimensions));
    });
  }
}
