import { posix } from 'node:path';
import { type Import, importsOf, stateOf } from './imports-of.ts';

/** Source texts by path from the project's root. */
export type Sources = ReadonlyMap<string, string>;

/** What every file may import. */
const forAll = ['src/types.ts', 'src/errors.ts', 'src/events.ts', 'src/names.ts', 'src/numerals.ts'];

/** What the files of a place may import besides those and their own place. */
const belowCore = [
  'workers/connect',
  'storage',
  'data',
  'models',
  'heads',
  'search',
  'metrics',
  'care',
  'math',
  'exports',
];
const directions: Readonly<Record<string, readonly string[]>> = {
  math: [],
  // The names of the architectures are the keys of their specs, which import nothing.
  types: ['models/specs/architecture', 'models/specs/architectures'],
  data: ['math'],
  models: ['math'],
  heads: ['math', 'data', 'models'],
  search: ['math'],
  metrics: ['math'],
  care: ['math'],
  storage: ['heads', 'data/file-bytes', 'data/choices', 'data/ground-truth'],
  exports: ['metrics', 'math', 'search/backends', 'search/rankings'],
  figures: ['metrics', 'math'],
  worker: ['data', 'models', 'heads', 'search', 'metrics', 'care', 'math', 'workers'],
  workers: [],
  core: [...belowCore, 'figures'],
  jobs: [],
  app: ['core', 'jobs', 'figures', ...belowCore],
  'service-worker': [],
  // From core/ the screens read what names and orders runs, which computes nothing.
  ui: [
    'app',
    'figures',
    'metrics',
    'core/look',
    'core/model-pairs',
    'core/plan',
    'core/result-rows',
    'core/run-choice',
    'core/run-name',
  ],
  main: ['ui', 'app'],
  scripts: [
    'exports',
    'app/automation/automation-types',
    'core/setbacks',
    'data/demo/hands',
    'data/demo/composition',
    'data/demo/drawings',
    'data/choices',
    'data/derive-images',
    'data/file-name-classes',
    'data/find-ground-truth',
    'data/ground-truth',
    'data/listing',
    'data/npy',
    'data/order',
    'data/read-labels',
    'data/sift',
    'data/table-text',
    'service-worker/version',
    'heads',
    'models/specs/preprocessing',
    'models/specs/variants',
    'search/backends',
    'search/backends/engine-client',
    'search/rankings',
    'metrics',
    'care',
    'math',
  ],
};

/** Which places, or files, may import a package; one that is not listed may be imported nowhere. */
const packages: readonly (readonly [name: RegExp, places: readonly string[]])[] = [
  [/^@tensorflow\//, ['data', 'models', 'heads', 'worker']],
  [/^(react|react-dom|@mantine\/\w+|@tanstack\/react-virtual|@tabler\/icons-react|wouter)(\/|$)/, ['ui', 'main']],
  [/^@observablehq\/plot$/, ['figures', 'ui']],
  [/^(idb|fake-indexeddb)(\/|$)/, ['storage']],
  [/^hnswlib-wasm(\/|$)/, ['search']],
  [/^zustand\/vanilla$/, ['jobs', 'app']],
  [/^comlink$/, ['workers', 'core']],
  [/^hash-wasm$/, ['data', 'models']],
  [/^virtual:demo-drawings$/, ['data']],
  [/^@zip\.js\//, ['data', 'exports']],
  [
    /^valibot$/,
    ['data', 'models', 'heads', 'search', 'storage', 'exports', 'core', 'jobs', 'app', 'workers', 'scripts'],
  ],
  [/^(node:|vite$|vitest\/node$|playwright$|pg$|pg-copy-streams$)/, ['scripts']],
  [/^hyparquet-writer$/, ['exports']],
  [/^hyparquet$/, ['data']],
];

/** Runs in workers alone, since it is heavy: nothing that the page itself loads may lead there. */
const forWorkersOnly = /^(@tensorflow\/|hnswlib-wasm)|\.worker\.ts$/;

/** Loaded when it is needed: nothing that the page loads at its start may lead there. */
const forLater = /^(hyparquet(-writer)?$|@observablehq\/plot|@zip\.js\/|fake-indexeddb)/;

/** What both threads use to speak with each other; every other file of src/workers runs in a worker. */
const wire = /^src\/workers\/(beat|connect|control|errors-across|protocol|serve|silence)\.ts$/;

/** The place of a file: its folder below src, but `worker` for what runs in one, `main` for main.tsx. */
function placeOf(path: string): string {
  if (path.startsWith('src/workers/') && !wire.test(path)) return 'worker';
  if (path.startsWith('scripts/')) return 'scripts';
  const [, top = '', ...rest] = path.split('/');
  return rest.length > 0 ? top : top.replace(/\.tsx?$/, '');
}

/** Each breach of the import rules as one line. */
export function importBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  for (const [path, source] of sources) {
    for (const found of importsOf(path, source)) {
      const allowed = found.specifier.startsWith('.') ? mayReach(path, found) : mayUse(path, found.specifier);
      if (!allowed) breaches.push(`${path} must not import ${found.specifier}`);
    }
  }
  return breaches;
}

function mayUse(path: string, specifier: string): boolean {
  return packages.some(
    ([name, places]) => name.test(specifier) && (places.includes(placeOf(path)) || places.includes(path)),
  );
}

function mayReach(path: string, { specifier, kind }: Import): boolean {
  const target = targetOf(path, specifier);
  if (!/^(src|scripts)\//.test(target)) return target === 'package.json';
  if (/\.(css|svg|png)$/.test(target)) return ['ui', 'main'].includes(placeOf(path));
  if (target.endsWith('.wasm')) return placeOf(path) === 'worker';
  // Workers are started by core/, but for a worker's own second thread, which ends with it.
  if (kind === 'worker')
    return target.endsWith('.worker.ts') && (placeOf(path) === 'core' || path.endsWith('.worker.ts'));
  if (target.endsWith('.worker.ts')) return false;
  if (forAll.includes(target)) return true;
  if (/^src\/workers\/(training-|analysis-|map-)?protocol\.ts$/.test(target) && kind === 'type') return true;
  // The protocol speaks of what the workers hand on, in types alone.
  const from = path === 'src/workers/protocol.ts' && kind === 'type' ? 'worker' : placeOf(path);
  const to = placeOf(target);
  if (from === to) return true;
  const module = target.slice('src/'.length).replace(/\.tsx?$/, '');
  return (directions[from] ?? []).some((allowed) => allowed === to || allowed === module);
}

const targetOf = (path: string, specifier: string) => posix.join(posix.dirname(path), specifier.replace(/\?\w+$/, ''));

/** Ways by which what `entry` loads into its own thread reaches something for workers, one a line. */
export function heavyReaches(sources: Sources, entry: string): string[] {
  return reachesOf(sources, entry, forWorkersOnly, ['static', 'dynamic']);
}

/** Ways by which what `entry` loads at once reaches something that can wait, one a line. */
export function earlyReaches(sources: Sources, entry: string): string[] {
  return reachesOf(sources, entry, forLater, ['static']);
}

function reachesOf(sources: Sources, entry: string, heavy: RegExp, kinds: readonly Import['kind'][]): string[] {
  const reaches: string[] = [];
  const via = new Map([[entry, entry]]);
  for (const [path, way] of via) {
    for (const { specifier, kind } of importsOf(path, sources.get(path) ?? '')) {
      if (!kinds.includes(kind)) continue;
      if (heavy.test(specifier)) reaches.push(`${way} → ${specifier}`);
      const target = specifier.startsWith('.') ? targetOf(path, specifier) : null;
      if (target && sources.has(target) && !via.has(target)) via.set(target, `${way} → ${target}`);
    }
  }
  return reaches;
}

/** Files that import one another in a circle, types included, a circle a line; what runs in another thread is none's import. */
export function importCircles(sources: Sources): string[] {
  const targets = new Map(
    [...sources].map(([path, source]) => {
      const inside = importsOf(path, source).filter(
        ({ specifier, kind }) => specifier.startsWith('.') && kind !== 'worker',
      );
      const reached = inside.map(({ specifier }) => targetOf(path, specifier)).filter((target) => sources.has(target));
      return [path, new Set(reached)] as const;
    }),
  );
  // Tarjan 1972: the files that reach each other, found on one walk.
  const order = new Map<string, number>();
  const open: string[] = [];
  const circles: string[] = [];
  function visit(path: string): number {
    const first = order.size;
    let lowest = first;
    order.set(path, first);
    open.push(path);
    for (const target of targets.get(path) ?? []) {
      if (!order.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, order.get(target) ?? lowest);
    }
    if (lowest === first) {
      const group = open.splice(open.indexOf(path));
      if (group.length > 1 || targets.get(path)?.has(path)) circles.push(group.sort().join(' ↔ '));
    }
    return lowest;
  }
  for (const path of sources.keys()) if (!order.has(path)) visit(path);
  return circles;
}

/**
 * What in app/ outlives a data set: settings, jobs, what the page works with and how fast, the list of data sets and their
 * dropped files.
 */
const outlivesDatasets =
  /^src\/app\/(settings|jobs)\/|^src\/app\/(context|engine|opened|started|dataset\/(dataset-list|readable-files)|models\/rates)\.ts$/;

/** State at module level, where a Context or a Workspace should own it, one name a line. */
export function moduleStates(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    if (
      !/^src\/(app|core|storage|exports|metrics|math|jobs|figures|care|heads|search)\//.test(path) ||
      outlivesDatasets.test(path)
    )
      return [];
    return stateOf(path, source).map((name) => `${path} keeps ${name}`);
  });
}

/** Where numbers are written for people: all others hand them on, so that none is in another language than the rest. */
const writers = [
  'src/metrics/format.ts',
  'src/numerals.ts',
  // As programs read them: in an address, and in a table for the projector.
  'src/ui/search/search-address.ts',
  'src/exports/projector.ts',
];

/** By a format of their own, with digits behind an English point, or as "1,000" in a text; `{1,100}` is a pattern's. */
const WRITES_NUMBERS =
  /\.to(LocaleString|Fixed|Precision|Exponential)\(|new Intl\.NumberFormat\(|\b\d{1,3},\d{3}\b(?!\})/;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** Files besides those that write numbers for people. */
export function numberWriters(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    !writers.includes(path) && WRITES_NUMBERS.test(source.replace(COMMENTS, '')) ? [path] : [],
  );
}

/** Names that say nothing. */
export function vagueNames(paths: Iterable<string>): string[] {
  return [...paths].filter((path) => /(^|[/-])(utils?|helpers?|managers?|common|misc)(\/|\.|-|$)/i.test(path));
}
