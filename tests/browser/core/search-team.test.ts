import { expect, onTestFinished, test, vi } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { openGallery } from '../../../src/core/gallery.ts';
import { wholeBlock } from '../../../src/core/run-blocks.ts';
import { type Judged, judge, type Ranked, rankAll } from '../../../src/core/score.ts';
import { createSearchClient, type SearchClient } from '../../../src/core/search-client.ts';
import { createSearchTeam } from '../../../src/core/search-team.ts';
import { AppError } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/math/random.ts';
import type { RankingName } from '../../../src/search/rankings.ts';

const [D, ROWS, QUERIES, WORKERS] = [48, 2500, 701, 3];
const never = new AbortController().signal;
const labels = (count: number, of: number) =>
  Array.from({ length: count }, (_, i) => (i % 97 === 5 ? null : `class ${i % of}`));
const queryLabels = labels(QUERIES, 41);
const galleryLabels = labels(ROWS, 41);
const gallery = clusters(ROWS, D);
const CLASSES = 12;
const cosinesOf = (rows: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: rows * CLASSES }, () => 2 * random.uniform() - 1);
};

/** The gallery's worker; it holds the gallery of every test. */
const alone = createSearchClient();
const opened = openGallery(
  { search: alone },
  'g',
  wholeBlock(ROWS, async () => ({ matrix: gallery.slice(), dimensions: D })),
  {
    name: 'classes',
    settings: { scales: [9], floor: 0.2 },
    rows: wholeBlock(ROWS, async () => ({ matrix: cosinesOf(ROWS, 1), dimensions: CLASSES })),
  },
);

/** What ends a guest when it is asked. */
type Fault = 'dies' | null;

/** A team of three around that worker, which even a few queries are worth, and what its guests were asked; `onAsked` hears how many calls there were. */
function team(
  fault: Fault = null,
  onAsked: (times: number) => void = () => {},
): { readonly search: SearchClient; readonly asked: string[] } {
  const cores = vi.spyOn(Navigator.prototype, 'hardwareConcurrency', 'get').mockReturnValue(WORKERS);
  onTestFinished(() => cores.mockRestore());
  const asked: string[] = [];
  const guests: Worker[] = [];
  onTestFinished(() => {
    for (const guest of guests) guest.terminate();
  });
  const spawn = () => {
    const worker = new Worker(new URL('../../../src/workers/search.worker.ts', import.meta.url), { type: 'module' });
    const send = worker.postMessage.bind(worker);
    worker.postMessage = (message: unknown, moved?: unknown) => {
      const path: unknown = Object(message).path;
      const method = Array.isArray(path) ? String(path[0]) : '';
      send(message, Array.isArray(moved) ? moved : []);
      if (!method.endsWith('Passing')) return;
      asked.push(method);
      onAsked(asked.length);
      if (fault !== 'dies') return;
      worker.terminate();
      worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    };
    guests.push(worker);
    return worker;
  };
  return { search: { ...alone, team: createSearchTeam(spawn, 0) }, asked };
}

type Case = 'own' | RankingName;

const ranked = (own: boolean, ranking: RankingName = 'plain'): Ranked => ({
  key: 'g',
  index: 'exact',
  queries: {
    matrix: own ? gallery.slice(0, QUERIES * D) : clusters(QUERIES, D, { seed: 4, spread: 3 }),
    dimensions: D,
  },
  by: ranking === 'plain' ? null : { ranking, classes: { matrix: cosinesOf(QUERIES, 2), dimensions: CLASSES } },
  own: own ? Int32Array.from({ length: QUERIES }, (_, i) => i) : null,
});

async function judged(search: SearchClient, which: Case = 'plain', signal = never): Promise<Judged> {
  await opened;
  const own = which === 'own';
  const labelled = own ? galleryLabels.slice(0, QUERIES) : queryLabels;
  return judge({ search }, ranked(own, own ? 'plain' : which), labelled, galleryLabels, [1, 10], signal);
}

test.each(['plain', 'own', 'class', 'cover'] as const)(
  'a team judges queries as one worker does, bit for bit (%s)',
  async (which) => {
    const { search, asked } = team();
    const result = await judged(search, which);
    expect(result).toEqual(await judged(alone, which));
    expect(result.scores?.gallery).toBe(galleryLabels.length);
    expect(asked).toEqual(['measurePassing', 'measurePassing']);
  },
);

test.each([false, true])(
  'a team ranks queries as one worker does, bit for bit (within the gallery: %s)',
  async (own) => {
    const { search, asked } = team();
    await opened;
    expect(await rankAll({ search }, ranked(own), 12, never)).toEqual(
      await rankAll({ search: alone }, ranked(own), 12, never),
    );
    expect(asked).toEqual(['rankPassing', 'rankPassing']);
  },
);

test('where a guest dies, the worker that holds the gallery answers all queries, now and later', async () => {
  const { search, asked } = team('dies');
  const truth = await judged(alone);
  expect(await judged(search)).toEqual(truth);
  expect(asked).toEqual(['measurePassing', 'measurePassing']);
  expect(await judged(search)).toEqual(truth);
  expect(asked).toHaveLength(2);
});

test('cancelled, a team stops, and can be asked again', async () => {
  const controller = new AbortController();
  // In the moment in which both guests are asked: later they may be done.
  const { search, asked } = team(null, (times) => {
    if (times === 2) controller.abort();
  });
  await expect(judged(search, 'plain', controller.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(await judged(search)).toEqual(await judged(alone));
  expect(asked).toHaveLength(4);
});

test('where the worker that holds the gallery fails, its guests wait for it no longer', async () => {
  const { search } = team();
  const guest = vi.fn();
  const failing = search.team.ask({
    ...{ queries: 500, products: 1, signal: never },
    holder: async () => {
      throw new AppError('worker-failed', 'It died.');
    },
    guest: (api, [from, to], share) => {
      guest();
      return api.rankPassing({ rows: ROWS, dimensions: D }, gallery.slice(from * D, to * D), 3, null, share);
    },
  });
  await expect(failing).rejects.toMatchObject({ code: 'worker-failed', message: 'It died.' });
  expect(guest).toHaveBeenCalledTimes(2);
  expect(await judged(search)).toEqual(await judged(alone));
});

test('few queries, two calls at a time, and a page without shared memory get one worker', async () => {
  const { search, asked } = team();
  const some = { ...ranked(false), queries: { matrix: clusters(99, D, { seed: 4 }), dimensions: D } };
  await opened;
  await rankAll({ search }, some, 5, never);
  expect(asked).toEqual([]);
  await Promise.all([judged(search), judged(search)]);
  expect(asked).toHaveLength(2);
  vi.stubGlobal('SharedArrayBuffer', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  await judged(search);
  expect(asked).toHaveLength(2);
});
