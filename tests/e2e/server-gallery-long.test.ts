import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, inject, onTestFinished, test } from 'vitest';
import { engineAt } from '../../scripts/gallery/connection.ts';
import { listShards, partsOf, readPart } from '../../scripts/gallery/feature-folder.ts';
import { engineRoute } from '../../scripts/server/engine-route.ts';
import { pgliteEngine } from '../pglite-engine.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { run } from './command-line.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { begin, untilDone } from './journey.ts';
import { chooseModel, importVectors, link, neighbours, searchBy } from './search-screen.ts';
import { writePictures } from './three-classes.ts';
import { writeVectors } from './vectors-elsewhere.ts';

/** The server has the gallery of the first; the last are vectors that were imported. */
const MODELS = ['Colour and gradient, frozen', 'fine-tuned', 'elsewhere, frozen'] as const;
const INDEXES = ['server', 'exact', 'server', 'auto', 'hnsw', 'codes'] as const;
const QUERIES = 4;
const STEPS = 60;
/** Longer than the tab waits for the server. */
const PATIENT = { timeout: 120_000 };

interface Choices {
  model: (typeof MODELS)[number];
  index: (typeof INDEXES)[number];
  query: number;
}

test('whatever is chosen in whatever order, fast or slow, the last choice is answered', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  await writePictures(data);
  const features = join(folder, 'features');
  const embedding = ['--data', data, '--models', 'colour-gradient', '--backend', 'wasm', '--features', features];
  expect((await run('evaluate', [...embedding, '--shard', '0/1'])).status).toBe(0);
  const engine = await pgliteEngine();
  onTestFinished(() => engine.close());
  const pushing = ['push', '--features', features, '--splits', 'gallery'];
  expect((await run('gallery', pushing, { LIKENESS_ENGINE: engine.url })).status).toBe(0);

  const { route, close } = engineRoute(engineAt(engine.url, 'environment'));
  onTestFinished(() => close().catch(() => {}));
  const { page, errors } = await openApp({ routes: { engine: route } });
  await begin(page, 'read', data);
  await untilDone(page, 'read');
  await link(page, 'Comparison').click();
  await compareDescriptor(page, 4);
  await importVectors(page, await writeVectors(folder, await otherVectors(features)), /elsewhere/i);
  await link(page, 'Search').click();

  const answers = new Map<string, readonly (string | null)[]>();
  const isNew = async () => {
    const shown = await neighbours(page);
    return shown.length === 10 && ![...answers.values()].some((seen) => same(seen, shown));
  };
  await choose(page, { model: MODELS[0], index: 'exact' });
  const answering = page.getByRole('combobox', { name: 'Model' }).locator('option:checked');
  await expect.poll(() => answering.textContent(), PATIENT).toContain(MODELS[0]);
  await choose(page, { query: 0 });
  let asked = 0;
  for (const model of MODELS) {
    // One choice at a time, so that what is new is its answer.
    await choose(page, { model });
    for (let i = 0; i < QUERIES; i++) {
      if (i > 0) await choose(page, { query: ++asked % QUERIES });
      await page.getByTitle(/^(Embedded|Searched).* by exact search/).waitFor();
      await expect.poll(isNew, PATIENT).toBe(true);
      answers.set(`${model} ${asked % QUERIES}`, await neighbours(page));
    }
  }

  const random = seeded(inject('propertySeed') ?? Date.now());
  const now: Choices = { model: 'elsewhere, frozen', index: 'exact', query: asked % QUERIES };
  const steps: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    // One at a time, or several before the first is answered.
    const together = random(2) === 0 ? 1 : 2 + random(5);
    for (let i = 0; i < together; i++) {
      const choice = (
        [{ model: pick(MODELS, random) }, { index: pick(INDEXES, random) }, { query: random(QUERIES) }] as const
      )[random(3)];
      Object.assign(now, choice);
      steps.push(JSON.stringify(choice));
      await choose(page, choice ?? {});
    }
    await answered(page, now, (answers.get(`${now.model} ${now.query}`) ?? []).slice(0, NEAREST), steps);
  }

  await choose(page, { model: MODELS[0], index: 'server' });
  for (const efSearch of ['16', '128']) {
    const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get('ef') === efSearch, PATIENT);
    await page.getByLabel('efSearch').selectOption(efSearch);
    const answer = await (await asked).response();
    expect(answer?.status()).toBe(200);
  }
  await answered(
    page,
    { ...now, model: MODELS[0], index: 'server' },
    (answers.get(`${MODELS[0]} ${now.query}`) ?? []).slice(0, NEAREST),
    steps,
  );
  // A thumbnail may leave the screen before it is drawn.
  expect(errors.filter((error) => !error.includes('ERR_FILE_NOT_FOUND'))).toEqual([]);
}, 1_200_000);

/** Which of many at right angles to the query stand behind them, the server chooses otherwise. */
const NEAREST = 5;
const nearest = async (page: Page) => (await neighbours(page)).slice(0, NEAREST);

const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((one, i) => one === b[i]);

async function choose(page: Page, { model, index, query }: Partial<Choices>): Promise<void> {
  if (model) await chooseModel(page, model);
  if (index) await searchBy(page, index);
  if (query !== undefined)
    await page
      .getByRole('button', { name: /, class plain/ })
      .nth(query)
      .click();
}

/** The screen says what the last choices come to. */
async function answered(
  page: Page,
  { model, index }: Choices,
  expected: readonly (string | null)[],
  steps: readonly string[],
): Promise<void> {
  const refused = index === 'server' && model !== MODELS[0];
  const how = index === 'server' ? /of the server’s gallery/ : /by (exact search|HNSW|exact search over 8-bit codes)/i;
  const isAnswered = async () => {
    const alerts = await page.getByRole('alert').allTextContents();
    const isRefused = alerts.some((text) =>
      /its digest is [0-9a-f]{64}, that of the chosen model [0-9a-f]{64}/.test(text),
    );
    if (refused || alerts.length > 0) return refused && isRefused;
    return (await page.getByTitle(how).count()) > 0 && same(await nearest(page), expected);
  };
  try {
    await expect.poll(isAnswered, PATIENT).toBe(true);
  } catch (cause) {
    const shown = await page.locator('body').innerText();
    const found = (await nearest(page)).join('\n');
    const wanted = expected.join('\n');
    throw new Error(`After ${steps.join(', ')}\nwanted:\n${wanted}\nfound:\n${found}\nThe page shows:\n${shown}`, {
      cause,
    });
  }
}

/** Of the same images, whose order they change. */
async function otherVectors(features: string): Promise<Map<string, Float32Array>> {
  const rows = new Map<string, Float32Array>();
  for (const shard of (await listShards(features, 'colour-gradient')).shards) {
    for (let number = 0; number < partsOf(shard.manifest); number++) {
      const part = await readPart(shard, number);
      for (const [i, { path }] of (part?.rows ?? []).entries()) {
        rows.set(
          path,
          ((await part?.features(i, i + 1)) ?? new Float32Array()).map((value) => value ** 3),
        );
      }
    }
  }
  return rows;
}

/** Whole numbers below a bound, the same for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(from: readonly T[], random: (below: number) => number): T {
  const one = from[random(from.length)];
  if (one === undefined) throw new Error('There is nothing to pick from.');
  return one;
}
