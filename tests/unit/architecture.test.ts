import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf } from './architecture/imports-of.ts';
import {
  earlyReaches,
  heavyReaches,
  importBreaches,
  importCircles,
  moduleStates,
  numberWriters,
  vagueNames,
} from './architecture/rules.ts';

const root = resolve(import.meta.dirname, '../..');

/** AssemblyScript looks like TypeScript, and is not. */
const ASSEMBLY = 'scripts/build-kernels/assembly/';

/** TypeScript files below these folders, with '/' in their paths. */
function filesBelow(...folders: string[]): Map<string, string> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => !file.startsWith(ASSEMBLY)),
  );
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

const product = filesBelow('src', 'scripts');

test('imports go in one direction, and each package stays in its place', () => {
  expect(importBreaches(product)).toEqual([]);
});

test('no files import one another in a circle, types included', () => {
  expect(importCircles(product)).toEqual([]);
});

test('no module keeps state but for what outlives every data set: contexts and workspaces own it', () => {
  expect(moduleStates(product)).toEqual([]);
});

test('what the page loads leads neither to TensorFlow.js nor to the search index: they run in workers', () => {
  expect(heavyReaches(product, 'src/main.tsx')).toEqual([]);
});

test('what draws, packs and maps loads when it is needed, not with the first screen', () => {
  expect(earlyReaches(product, 'src/main.tsx')).toEqual([]);
});

test('numbers are written for people in one place', () => {
  expect(numberWriters(filesBelow('src'))).toEqual([]);
  const writing = new Map([
    ['src/data/a.ts', "const words = count.toLocaleString('en');"],
    ['src/ui/b.tsx', "const format = new Intl.NumberFormat('de');"],
    ['src/ui/c.tsx', 'const same = name.toLocaleLowerCase();\n// 1,000\n/** 1,000 */ const all = /a{1,100}/;'],
    ['src/ui/d.tsx', 'const view = <p>Drawn 1,000 times</p>;'],
    ['src/figures/e.ts', 'const label = loss.toFixed(2);'],
    ['src/math/f.ts', 'const length = size.toPrecision(4);'],
  ]);
  const found = ['src/data/a.ts', 'src/ui/b.tsx', 'src/ui/d.tsx', 'src/figures/e.ts', 'src/math/f.ts'];
  expect(numberWriters(writing)).toEqual(found);
});

test('whether memory can be shared is asked in one place: that a page is isolated is not enough', () => {
  const asking = [...filesBelow('src')].filter(([, source]) =>
    /crossOriginIsolated|typeof (globalThis\.)?SharedArrayBuffer/.test(source),
  );
  expect(asking.map(([file]) => file)).toEqual(['src/math/shared-memory.ts']);
});

test('no test is tried again until it passes: what is uncertain is measured again within it', () => {
  const trying = [...filesBelow('tests')].filter(([, source]) => /\bretry(: |\()\d/.test(source));
  expect(trying.map(([file]) => file)).toEqual([]);
});

test('no file has a name that says nothing', () => {
  expect(vagueNames([...product.keys(), ...filesBelow('tests').keys()])).toEqual([]);
});

/** Each is said by a term of the field, or plainly; `'begun'` alone is a stored value. */
const REPLACED =
  /\b(the person|anew|begun|made-up|to the last bit|what became of|(not|cannot) to be had|owes an answer|whoever|so many|perceptrons?|panelled|gathering convolutions?|normedConvolution|DESIGN(\.md)? §)\b/i;

test('words that were replaced do not come back', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  const texts = new Map(product);
  for (const file of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages])
    texts.set(file, readFileSync(join(root, file), 'utf8'));
  // A licence is quoted as it is.
  texts.delete('scripts/notices/licence-texts.ts');
  const found = [...texts].flatMap(([file, text]) => {
    const word = REPLACED.exec(text.replaceAll(/['`]begun['`]/g, ''))?.[0];
    return word === undefined ? [] : [`${file}: ${word}`];
  });
  expect(found).toEqual([]);
});

test('finds every kind of import, and nothing in comments and texts', () => {
  const source = `
    // import './comment.ts'
    import './effect.ts';
    import type { A } from './a.ts';
    import { type B, b } from './b.ts';
    import { type C } from './c.ts';
    export * from './d.ts';
    export type { E } from './e.ts';
    type F = import('./f.ts').F;
    const g = await import('./g.ts');
    new Worker(new URL('./h.worker.ts', import.meta.url), { type: 'module' });
    const text = "import './text.ts'";
    const view = <div>import x from './view.ts'</div>;`;
  expect(importsOf('x.tsx', source).map(({ specifier, kind }) => `${kind} ${specifier}`)).toEqual([
    'static ./effect.ts',
    'type ./a.ts',
    'static ./b.ts',
    'type ./c.ts',
    'static ./d.ts',
    'type ./e.ts',
    'type ./f.ts',
    'dynamic ./g.ts',
    'worker ./h.worker.ts',
  ]);
});

test.each([
  ['src/math/topk.ts', "import '../data/zip.ts'"],
  ['src/storage/datasets.ts', "import '../core/extract.ts'"],
  ['src/ui/data/DataScreen.tsx', "import '../../storage/datasets.ts'"],
  ['src/ui/data/DataScreen.tsx', "const x = () => import('../../core/extract.ts')"],
  ['src/app/search/search.ts', "import { useStore } from 'zustand'"],
  ['src/ui/search/Results.tsx', "import { useStore } from 'zustand'"],
  ['src/ui/search/Results.tsx', "import { createStore } from 'zustand/vanilla'"],
  ['src/ui/use-store.ts', "export { useStore } from 'zustand'"],
  ['src/app/search/search.ts', "import type { Q } from '../../ui/query.ts'"],
  ['src/app/search/search.ts', "new Worker(new URL('../../workers/search.worker.ts', import.meta.url))"],
  ['src/core/extract.ts', "import * as tf from '@tensorflow/tfjs'"],
  ['src/core/extract.ts', "import '../workers/backbone.worker.ts'"],
  ['src/core/extract.ts', "import '../workers/control.ts'"],
  ['src/core/extract.ts', "import '../workers/weights-api.ts'"],
  ['src/workers/connect.ts', "import './weights-api.ts'"],
  ['src/core/extract.ts', "import { openDB } from 'idb'"],
  ['src/models/vit.ts', "import '../workers/control.ts'"],
  ['src/models/vit.ts', "import 'left-pad'"],
  ['src/workers/search.worker.ts', "import '../storage/datasets.ts'"],
  ['src/heads/project.ts', "import 'hnswlib-wasm/lib/hnswlib.mjs'"],
  ['src/workers/protocol.ts', "import { Hnsw } from '../search/hnsw.ts'"],
  ['src/exports/npy.ts', "import '../../tests/decode-npy.ts'"],
  ['src/jobs/jobs.ts', "import { database } from '../storage/database.ts'"],
  ['src/jobs/jobs.ts', "import type { Job } from '../app/jobs/jobs.ts'"],
  ['src/jobs/jobs.ts', "import { useStore } from 'zustand'"],
  ['src/core/extract.ts', "import { createJobs } from '../jobs/jobs.ts'"],
])('refuses in %s: %s', (path, source) => {
  expect(importBreaches(new Map([[path, source]]))).toHaveLength(1);
});

test.each([
  ['src/workers/search.worker.ts', "import '../search/exact.ts'; import './serve.ts'; import '../errors.ts'"],
  ['src/data/crop.ts', "import type { Crops } from '../workers/protocol.ts'"],
  ['src/workers/protocol.ts', "import type { Hnsw } from '../search/hnsw.ts'"],
  ['src/core/pool.ts', "new Worker(new URL('../workers/search.worker.ts', import.meta.url))"],
  ['src/core/pool.ts', "import { connect } from '../workers/connect.ts'"],
  ['src/app/search/search.ts', "import { createStore } from 'zustand/vanilla'"],
])('allows in %s: %s', (path, source) => {
  expect(importBreaches(new Map([[path, source]]))).toEqual([]);
});

test('finds circles of any length, through types and later loading, but not through workers', () => {
  const sources = new Map([
    ['src/a.ts', "import './b.ts'"],
    ['src/b.ts', "import type { C } from './c.ts'; new Worker(new URL('./d.worker.ts', import.meta.url))"],
    ['src/c.ts', "const a = () => import('./a.ts')"],
    ['src/d.worker.ts', "import './b.ts'"],
    ['src/e.ts', "import './a.ts'; import './f.ts'"],
    ['src/f.ts', "import './c.ts'"],
    ['src/g.ts', "import './g.ts'"],
  ]);
  expect(importCircles(sources)).toEqual(['src/a.ts ↔ src/b.ts ↔ src/c.ts', 'src/g.ts']);
});

test.each([
  ['src/core/a.ts', 'let newest = 0;', 1],
  ['src/core/a.ts', 'export const known = new Map<string, number>();', 1],
  ['src/core/a.ts', 'const kept = new WeakMap<object, string>();', 1],
  ['src/core/a.ts', 'const training = lazyWorker(() => new Worker(address));', 1],
  ['src/app/search/a.ts', 'export const store = createStore<State>()(() => ({ a: 1 }));', 1],
  ['src/app/settings/a.ts', 'export const store = createStore<State>()(() => ({ a: 1 }));', 0],
  ['src/core/a.ts', "const KINDS = new Set(['a']); const createA = () => new Map(); const LABELS = { a: 'A' };", 0],
  ['src/core/a.ts', 'export function create() { let held = new Map(); return () => held; }', 0],
])('in %s: %s keeps %i', (path, source, count) => {
  expect(moduleStates(new Map([[path, source]]))).toHaveLength(count);
});

test('sees TensorFlow.js through other files, but not through types or into workers', () => {
  const sources = new Map([
    ['src/main.tsx', "import './a.ts'; import type { T } from './typed.ts'"],
    ['src/a.ts', "const b = () => import('./b.ts'); new Worker(new URL('./w.worker.ts', import.meta.url))"],
    ['src/b.ts', "import '@tensorflow/tfjs'"],
    ['src/typed.ts', "import '@tensorflow/tfjs'"],
    ['src/w.worker.ts', "import '@tensorflow/tfjs'"],
  ]);
  expect(heavyReaches(sources, 'src/main.tsx')).toEqual(['src/main.tsx → src/a.ts → src/b.ts → @tensorflow/tfjs']);
});

test('sees what is loaded at once, but not what is loaded later', () => {
  const sources = new Map([
    ['src/main.tsx', "import './a.ts'; const later = () => import('./b.ts')"],
    ['src/a.ts', "import { plot } from '@observablehq/plot'"],
    ['src/b.ts', "import '@zip.js/zip.js'"],
  ]);
  expect(earlyReaches(sources, 'src/main.tsx')).toEqual(['src/main.tsx → src/a.ts → @observablehq/plot']);
});

test('knows vague names', () => {
  expect(vagueNames(['src/utils/a.ts', 'src/data/zip-helpers.ts', 'src/common.ts'])).toHaveLength(3);
  expect(vagueNames(['src/data/uncommon.ts', 'src/metrics/labels.ts'])).toEqual([]);
});
