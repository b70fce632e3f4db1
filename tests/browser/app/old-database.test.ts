import * as v from 'valibot';
import { expect, test } from 'vitest';
import { database } from '../../../src/app/context.ts';
import { figuresOfChosen } from '../../../src/app/dashboard/figures/chosen.ts';
import { chooseDashboard } from '../../../src/app/dashboard/load.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { chooseRun } from '../../../src/app/search/answering-run.ts';
import { searchHash } from '../../../src/app/search/query.ts';
import { start } from '../../../src/app/start.ts';
import { english } from '../../../src/metrics/format.ts';
import { migrations } from '../../../src/storage/schema.ts';

const keyPath = v.nullable(v.union([v.string(), v.array(v.string())]));

/** A database as a version of the app left it, written by tests/fixtures/databases/write.ts. */
const fixtureSchema = v.object({
  version: v.number(),
  /** The rows of its table of results, as they were read on the screen. */
  shown: v.array(v.string()),
  stores: v.record(
    v.string(),
    v.object({
      keyPath,
      indexes: v.array(v.object({ name: v.string(), keyPath: v.string() })),
      rows: v.array(v.tuple([v.union([v.string(), v.array(v.union([v.string(), v.number()]))]), v.unknown()])),
    }),
  ),
});
type Fixture = v.InferOutput<typeof fixtureSchema>;

const fixtures = import.meta.glob('../../fixtures/databases/version-*.json', { import: 'default' });

const tagged = v.object({
  $: v.string(),
  base64: v.optional(v.string()),
  /** Size of an array whose numbers were left out. */
  bytes: v.optional(v.number(), 0),
  type: v.optional(v.string(), ''),
  entries: v.optional(v.array(v.tuple([v.unknown(), v.unknown()])), []),
});
const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array } as const;

/** What JSON has no word for, as it was. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if (!('$' in value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
  const { $: kind, base64, bytes, type, entries } = v.parse(tagged, value);
  const content =
    base64 === undefined ? new Uint8Array(bytes) : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (kind === 'Map') return new Map(entries.map(([key, each]) => [key, revived(each)]));
  if (kind === 'Blob') return new Blob([content], { type });
  if (kind === 'ArrayBuffer') return content.buffer;
  const array = Object.entries(ARRAYS).find(([name]) => name === kind)?.[1];
  if (!array) throw new Error(`The fixture has a ${kind}, which is not read here.`);
  return new array(content.buffer);
}

function settled(request: IDBRequest | IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    request.addEventListener('complete', () => resolve());
    request.addEventListener('success', () => resolve());
    request.addEventListener('error', () => reject(request.error));
  });
}

/** Makes the app's database what the fixture holds, by the browser's own functions alone. */
async function write({ version, stores }: Fixture): Promise<void> {
  const opening = indexedDB.open('likeness', version);
  opening.addEventListener('upgradeneeded', () => {
    for (const [name, { keyPath, indexes }] of Object.entries(stores)) {
      const store = opening.result.createObjectStore(name, { keyPath });
      for (const index of indexes) store.createIndex(index.name, index.keyPath);
    }
  });
  await settled(opening);
  const transaction = opening.result.transaction(Object.keys(stores), 'readwrite');
  for (const [name, { keyPath, rows }] of Object.entries(stores)) {
    const store = transaction.objectStore(name);
    for (const [key, value] of rows) store.put(revived(value), ...(keyPath === null ? [key] : []));
  }
  await settled(transaction);
  opening.result.close();
}

const rowsOf = (fixture: Fixture, store: string) =>
  fixture.stores[store]?.rows.map(([, value]) => revived(value)) ?? [];

const storedRun = v.object({
  result: v.object({ test: v.object({ topk: v.record(v.string(), v.number()), mapAtR: v.number(), mrr: v.number() }) }),
});

test.each(Object.entries(fixtures))(
  'a database of an earlier version shows the same data set, results, figures and neighbours: %s',
  async (_, load) => {
    const fixture = v.parse(fixtureSchema, await load());
    expect(fixture.version).toBeLessThanOrEqual(migrations.length);
    await settled(indexedDB.deleteDatabase('likeness'));
    await write(fixture);
    await start();
    const workspace = openedWorkspace();
    const { dataset, images } = workspace.dataset.getState();
    expect(dataset).toMatchObject({ name: 'pictures', counts: { training: 30, query: 9, gallery: 12 } });
    expect(images.map(({ hash }) => hash).sort()).toEqual(
      rowsOf(fixture, 'files')
        .map((file) => v.parse(v.object({ outcome: v.object({ hash: v.string() }) }), file).outcome.hash)
        .sort(),
    );

    // The same results under the same ids, number by number, and as they were read on the screen.
    const { runs } = workspace.comparison.getState();
    expect(runs.map(({ label }) => label)).toEqual(['Colour and gradient, frozen', 'Colour and gradient, fine-tuned']);
    const before = (fixture.stores['runs']?.rows ?? []).map(([key, run]) => {
      const { topk, mapAtR, mrr } = v.parse(storedRun, run).result.test;
      return [key, { topk, mapAtR, mrr }];
    });
    const now = runs.map(({ id, result: { test } }) => [
      [dataset?.id, id],
      { topk: test?.topk, mapAtR: test?.mapAtR, mrr: test?.mrr },
    ]);
    expect(now).toEqual(expect.arrayContaining(before));
    expect(now).toHaveLength(before.length);
    for (const { result } of runs) {
      const figures = [1, 5, 10].map((k) => english.share(result.test?.topk[k] ?? 0));
      expect(fixture.shown.some((row) => figures.every((figure) => row.includes(figure)))).toBe(true);
    }

    // Figures are drawn from the queries that were kept one by one.
    for (const { id, result } of runs) {
      await chooseDashboard(workspace, { a: id });
      const figures = await figuresOfChosen(workspace, new AbortController().signal);
      expect(figures.map((figure) => figure.id)).toEqual(
        expect.arrayContaining([
          'topk-accuracy',
          'similarities-a',
          'relevance-cutoff',
          'class-accuracy',
          'confusion-matrix',
        ]),
      );
      const curve = figures.find((figure) => figure.id === 'topk-accuracy')?.table.rows ?? [];
      for (const k of [1, 5, 10]) expect(curve[k - 1]?.[1]).toBeCloseTo(100 * (result.test?.topk[k] ?? -1), 3);
    }

    // And the gallery is searched by the stored features.
    const frozen = runs.find(({ label }) => label.endsWith('frozen'));
    await chooseRun(workspace, frozen?.id ?? '');
    const kept = fixture.stores['neighbours']?.rows.find(
      ([key]) => Array.isArray(key) && key[1] === frozen?.id && key[2] === 'test',
    )?.[1];
    const { rows, k } = v.parse(v.object({ rows: v.instance(Int32Array), k: v.number() }), revived(kept));
    const [query] = images.filter(({ split }) => split === 'query');
    await searchHash(workspace, query?.hash ?? '');
    const gallery = images.filter(({ split }) => split === 'gallery');
    const { neighbours } = workspace.search.getState();
    expect(neighbours.length).toBeGreaterThan(5);
    expect(neighbours.map(({ image }) => image.path)).toEqual(
      [...rows.subarray(0, Math.min(k, neighbours.length))].map((row) => gallery[row]?.path),
    );
    expect(jobs.store.getState().failures).toEqual([]);
    await database.destroy();
  },
);
