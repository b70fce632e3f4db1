/**
 * What the evaluation of a ranking by class costs beside the plain one's, and what it adds to a query, in one Node process, in turn,
 * by the processor's time alone: `npx tsx tests/bench/rankings-in-node.ts ROUNDS DIMENSIONS`. For machines on which other programs run: their
 * time is not in it.
 */
import { readFileSync } from 'node:fs';
import { clusters } from '../../scripts/bench/clusters.ts';
import { posteriors } from '../../src/heads/posterior.ts';
import { seededRandom } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { emptyRankings } from '../../src/math/topk.ts';
import { measureExact } from '../../src/metrics/exact.ts';
import { summarise } from '../../src/metrics/scores.ts';
import { simdClasses } from '../../src/search/classes/simd.ts';
import { othersKeys } from '../../src/search/ranked-by.ts';
import { RANKING_NAMES, rankingNamed } from '../../src/search/rankings.ts';
import { roomIn } from '../../src/search/simd/kernel.ts';
import { hold } from '../hold.ts';
import { finish } from '../unit/math/finish.ts';
import { freshInstance } from '../unit/search/simd.ts';

const [rounds = 30, D = 1536] = process.argv.slice(2).map(Number);
const binary = readFileSync(new URL('../../src/search/classes/classes.wasm', import.meta.url));
const kernel = simdClasses(new WebAssembly.Module(binary));
/** A small data set; embedded by three networks unless told. */
const [QUERIES, ROWS, CLASSES] = [182, 648, 36];
const labelsOf = (count: number) => Int32Array.from({ length: count }, (_, row) => Math.floor((row * CLASSES) / count));
const labels = { query: labelsOf(QUERIES), gallery: labelsOf(ROWS) };

/** About what a head says of photos: 0.6 to the own class, around 0 to the others. */
function posteriorsOf(own: Int32Array, seed: number): Float32Array {
  const random = seededRandom(seed);
  const cosines = Float32Array.from(
    { length: own.length * CLASSES },
    (_, i) => (own[Math.floor(i / CLASSES)] === i % CLASSES ? 0.6 : 0) + 0.16 * (random.uniform() - 0.5),
  );
  return posteriors(cosines, CLASSES, 12);
}

const gallery = clusters(ROWS, D, { classes: CLASSES });
const queries = clusters(QUERIES, D, { classes: CLASSES, seed: 5 });
const held = hold(roomIn(freshInstance, ROWS, D), gallery);
const [ofQueries, ofGallery] = [posteriorsOf(labels.query, 2), posteriorsOf(labels.gallery, 1)];

/** As the search worker does it (workers/search-api.ts). */
function judge(name: (typeof RANKING_NAMES)[number]): number {
  const used = process.cpuUsage();
  const by = { ranking: rankingNamed(name), classes: CLASSES, queries: ofQueries, gallery: ofGallery, kernel };
  const keysOf =
    name === 'plain'
      ? null
      : (query: number, similarities: Float32Array, keys: Float64Array) =>
          othersKeys(by, query, -1, similarities, keys);
  const neighbours = emptyRankings(QUERIES, 100);
  const { result } = finish(measureExact(held.similarities(queries), labels, [1, 5, 10], neighbours, keysOf, null));
  summarise(result, labels.query, { seed: 0 });
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
}

const times = new Map(RANKING_NAMES.map((name) => [name, [] as number[]]));
for (let round = 0; round < rounds + 5; round++) {
  for (const name of RANKING_NAMES) {
    const time = judge(name);
    // The first rounds are compiled in.
    if (round >= 5) times.get(name)?.push(time);
  }
}
const plain = median(times.get('plain') ?? []);
for (const [name, values] of times) {
  console.info(`${name}: ${median(values).toFixed(1)} ms, × ${(median(values) / plain).toFixed(2)}`);
}

/** A gallery that is ranked whole, and the thousand candidates of one with many classes. */
for (const [rows, classes] of [
  [10_000, 36],
  [1000, 1000],
] as const) {
  const of = (count: number, seed: number) => {
    const random = seededRandom(seed);
    const cosines = (own: number) =>
      Float32Array.from({ length: classes }, (_, c) => (c === own ? 0.6 : 0) + 0.16 * (random.uniform() - 0.5));
    return Array.from({ length: count }, (_, row) =>
      posteriors(cosines(Math.floor((row * classes) / count)), classes, 12),
    );
  };
  const all = new Float32Array(rows * classes);
  of(rows, 1).forEach((row, at) => {
    all.set(row, at * classes);
  });
  const asked = of(QUERIES, 2);
  const random = seededRandom(3);
  const similarities = Float32Array.from({ length: rows }, () => random.uniform());
  const keys = new Float64Array(rows);
  for (const name of RANKING_NAMES) {
    const spent = asked.map((query) => {
      const used = process.cpuUsage();
      rankingNamed(name).keys({ similarities, query, gallery: all }, keys, kernel);
      const { user, system } = process.cpuUsage(used);
      return (user + system) / 1000;
    });
    // The first half is compiled in.
    const late = median(spent.slice(QUERIES / 2));
    console.info(`${rows} images, ${classes} classes: ${name} takes ${late.toFixed(2)} ms a query`);
  }
}
