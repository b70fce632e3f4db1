import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDigest } from '../../src/heads/model-digest.ts';
import { median } from '../../src/math/statistics.ts';
import { type EngineCollection, engineClient, rowsOf } from '../../src/search/backends/engine-client.ts';
import { dropCollection, findCollection } from '../gallery/collection.ts';
import { connected, engineAt } from '../gallery/connection.ts';
import { imagesDigest, openShard, shardPath, writePart } from '../gallery/feature-folder.ts';
import { push } from '../gallery/push.ts';
import { searchCollection } from '../gallery/search.ts';
import { engineRoute } from '../server/engine-route.ts';
import { startServer } from '../server/static-server.ts';
import { clusters } from './clusters.ts';
import type { Measurement } from './measurement.ts';

const DIMENSIONS = 512;
const PART_ROWS = 4096;
const QUERIES = 200;
/** As a search for ten asks it (search/backends/engine-client.ts). */
const ROWS_ASKED = 26;
const EF_SEARCH = 64;

/** No real model: its collection is made and dropped here. */
const model = {
  architecture: 'colour-gradient',
  weights: 'bench',
  sha256: null,
  preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  features: `bench of ${DIMENSIONS} numbers`,
  dimensions: DIMENSIONS,
} as const;

/** In milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/**
 * PostgreSQL with pgvector, at LIKENESS_ENGINE or else PGlite in a process of its own: what a push takes, and what the app's own server
 * adds to a search.
 */
export const engine: Measurement = {
  name: 'engine',
  about: 'a gallery in PostgreSQL: LIKENESS_ENGINE, else PGlite',
  async run({ rows: sizes }, tell) {
    const given = process.env['LIKENESS_ENGINE'];
    const pglite = given === undefined ? await startPglite() : null;
    const rows = Math.max(...sizes);
    const at = engineAt(given ?? pglite?.url ?? '', 'environment');
    tell(pglite ? 'PGlite' : at.shown);
    const featuresDir = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
    try {
      await writeFeatures(featuresDir, rows);
      const options = { featuresDir, architecture: 'colour-gradient', head: null, half: false } as const;
      const how = { splits: ['gallery'], connections: 3, distributed: false, indexMemory: '1GB', index: true } as const;
      const pushed = await push(at, { ...options, ...how }, () => {});
      const rowsPerSecond = pushed.sent / pushed.seconds;
      tell(`${rows} rows: ${rowsPerSecond.toFixed(0)} rows/s pushed, index in ${pushed.indexSeconds?.toFixed(0)} s`);
      const searched = await searches(at, featuresDir, tell);
      await connected(at, async (client) => dropCollection(client, pushed.collection));
      return { rows, rowsPerSecond, indexSeconds: pushed.indexSeconds, ...searched };
    } finally {
      await rm(featuresDir, { recursive: true });
      pglite?.close();
    }
  },
};

/** In a process of its own, so that it takes no time from the server that is measured beside it. */
function startPglite(): Promise<{ readonly url: string; close(): void }> {
  const script = join(import.meta.dirname, '../../tests/bench/pglite-in-node.ts');
  const child = spawn('npx', ['tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`PGlite ended with ${code} before it was there.`)));
    child.stdout.once('data', (line: Buffer) => {
      resolve({ url: line.toString().trim(), close: () => child.stdin.end() });
    });
  });
}

/** Unit rows in clusters, as one shard. */
async function writeFeatures(featuresDir: string, rows: number): Promise<void> {
  const matrix = clusters(rows, DIMENSIONS, { classes: 400 });
  const images = Array.from({ length: rows }, (_, i) => ({
    path: `${i}.jpg`,
    split: 'gallery' as const,
    className: `${Math.floor((i * 400) / rows)}`,
  }));
  const dataset = { images: rows, digest: imagesDigest(images) };
  const manifest = {
    version: 1,
    model,
    half: false,
    shard: 0,
    of: 1,
    images: rows,
    partRows: PART_ROWS,
    dataset,
  } as const;
  const shard = await openShard(shardPath(featuresDir, model.architecture, 0, 1), manifest);
  const thumbnail = new Uint8Array(5000).map((_, i) => (i * 31) % 251);
  for (let from = 0; from < rows; from += PART_ROWS) {
    const some = images.slice(from, from + PART_ROWS);
    await writePart(shard, {
      part: { version: 1, part: from / PART_ROWS, rows: some.length, images: imagesDigest(some), failures: [] },
      rows: some.map((image, i) => ({
        path: image.path,
        class: image.className,
        split: image.split,
        hash: (from + i).toString(16).padStart(64, '0'),
        thumbnail: thumbnail.length,
      })),
      features: [matrix.subarray(from * DIMENSIONS, (from + some.length) * DIMENSIONS)],
      thumbnails: some.map(() => thumbnail),
    });
  }
}

async function searches(at: ReturnType<typeof engineAt>, folder: string, tell: (line: string) => void) {
  const matrix = clusters(QUERIES, DIMENSIONS, { classes: 400, seed: 1 });
  const queries = Array.from({ length: QUERIES }, (_, i) => matrix.slice(i * DIMENSIONS, (i + 1) * DIMENSIONS));
  const digest = await modelDigest(model.features, null);
  const route = engineRoute(at);
  const server = await startServer({
    distDir: folder,
    modelsDir: folder,
    port: 0,
    host: '127.0.0.1',
    routes: { engine: route.route },
  });
  try {
    const client = engineClient(server.url);
    const signal = new AbortController().signal;
    const collection = (await client.collections(signal)).find((one) => one.digest === digest);
    if (!collection) throw new Error('The bench’s collection is not there.');
    const search = { k: ROWS_ASKED - 16, efSearch: EF_SEARCH, exact: false };
    const asked = `${server.url}engine/${digest}/search?rows=${ROWS_ASKED}&ef=${EF_SEARCH}`;
    const agent = new Agent({ keepAlive: true });
    const alone: number[] = [];
    const through: number[] = [];
    const byFetch: number[] = [];
    await connected(at, async (connection) => {
      const pushed = await findCollection(connection, digest);
      // Turn by turn, so that whatever else the machine does falls on both; the first round warms up.
      for (const round of [0, 1]) {
        for (const query of queries) {
          const first = performance.now();
          await searchCollection(connection, pushed, { vector: query, limit: ROWS_ASKED, ef: EF_SEARCH, exact: false });
          const second = performance.now();
          const body = await answered(asked, query, agent);
          if (rowsOf(body, DIMENSIONS).length !== ROWS_ASKED) throw new Error('The server told other rows.');
          const third = performance.now();
          await client.search(collection, query, digest, search, signal);
          if (round === 0) continue;
          alone.push(second - first);
          through.push(third - second);
          byFetch.push(performance.now() - third);
        }
      }
    });
    agent.destroy();
    const recall = await recallOf(client, collection, queries, digest);
    const [engineMs, serverMs, clientMs] = [latency(alone), latency(through), latency(byFetch)];
    const say = ({ p50, p99 }: Latency) => `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    tell(`engine alone ${say(engineMs)}; through the app's server ${say(serverMs)}`);
    tell(`by the tab's client, in Node, with cosines in float64 ${say(clientMs)}; recall@10 ${recall.toFixed(4)}`);
    return { engineMs, serverMs, clientMs, recall };
  } finally {
    await server.close();
    await route.close();
  }
}

/** By the plainest client there is: Node's fetch, which the tab's client uses here, takes as long as the server. */
function answered(url: string, vector: Float32Array<ArrayBuffer>, agent: Agent): Promise<ArrayBuffer> {
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': vector.byteLength };
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST', headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => resolve(Uint8Array.from(Buffer.concat(pieces)).buffer));
    });
    asked.on('error', reject);
    asked.end(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
  });
}

function recallOf(
  client: ReturnType<typeof engineClient>,
  collection: EngineCollection,
  queries: readonly Float32Array<ArrayBuffer>[],
  digest: string,
) {
  const search = { k: 10, efSearch: EF_SEARCH };
  return client.recall(collection, queries.slice(0, 50), digest, search, new AbortController().signal);
}

function latency(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: median(times), p99: sorted[Math.min(sorted.length - 1, Math.floor(0.99 * sorted.length))] ?? 0 };
}
