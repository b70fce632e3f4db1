/** Measures what docs/performance.md says: `npm run bench -- --help`. */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { codes } from './bench/codes.ts';
import { compared, comparedLines } from './bench/compare.ts';
import { endToEnd } from './bench/end-to-end.ts';
import { engine } from './bench/engine.ts';
import { extraction } from './bench/extraction.ts';
import { headTraining } from './bench/head-training.ts';
import { kernels } from './bench/kernels.ts';
import { map } from './bench/map.ts';
import type { Measurement } from './bench/measurement.ts';
import { peak } from './bench/peak.ts';
import { rankings } from './bench/rankings.ts';
import { search } from './bench/search.ts';
import { searchTeam } from './bench/search-team.ts';
import { start } from './bench/start.ts';
import { webgpu } from './bench/webgpu.ts';

const measurements: readonly Measurement[] = [
  peak,
  extraction,
  kernels,
  endToEnd,
  search,
  searchTeam,
  codes,
  rankings,
  headTraining,
  start,
  webgpu,
  engine,
  map,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string' },
    with: { type: 'string' },
    rows: { type: 'string', default: '1000,10000' },
    images: { type: 'string', default: '10000' },
    large: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.info(`npm run bench -- [options]

  --only NAMES   some of: ${measurements.map(({ name, about }) => `${name} (${about})`).join(', ')}
  --json FILE    writes every number measured, with machine and versions
  --against FILE compares every number with an earlier file of --json, such as those of docs/bench/
  --rounds N     rounds in turn after a warm-up (default 5)
  --rows LIST    gallery sizes of the search (default 1000,10000; 100000 takes a quarter of an hour with hnswlib-wasm)
  --models LIST  architectures of extraction, webgpu, kernels and end-to-end (default nine, nine, three and two)
  --with LIST    webgpu's candidates (src/models/engines/webgpu/candidates.ts), as a,b+c for one run with a and one with b and c;
                 plain is without any, all with all, each tries every one by itself and together
  --large        head training on 50,000 features, too
  --images N     gallery images of the start (default 10000)
  --quick        without what takes longest: the published hnswlib-wasm, batches of one image, the reloads at scale`);
  process.exit(0);
}

const wanted = values.only?.split(',') ?? measurements.map(({ name }) => name);
const unknown = wanted.filter((name) => !measurements.some((measurement) => measurement.name === name));
if (unknown.length > 0) {
  console.error(`There is no measurement named ${unknown.join(', ')}. See --help.`);
  process.exit(2);
}
const numbers = (text: string) => text.split(',').map(Number);
const options = {
  rounds: Number(values.rounds),
  rows: numbers(values.rows),
  models: values.models?.split(',') ?? null,
  with: values.with ?? null,
  images: Number(values.images),
  large: values.large,
  quick: values.quick,
};
if (![options.rounds, options.images, ...options.rows].every((number) => Number.isInteger(number) && number > 0)) {
  console.error('--rounds, --images and --rows take whole numbers above 0.');
  process.exit(2);
}

const earlier: unknown = values.against ? JSON.parse(await readFile(values.against, 'utf8')) : null;

const machine = {
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  memoryGB: Math.round(totalmem() / 1e9),
  system: `${process.platform} ${release()}`,
  node: process.version,
};
console.info(JSON.stringify(machine));
const results: Record<string, unknown> = { machine };
for (const { name, run } of measurements) {
  if (wanted.includes(name)) results[name] = await run(options, (line) => console.info(`${name}: ${line}`));
}
if (values.json) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
if (values.against) {
  const lines = comparedLines(compared(earlier, results));
  console.info(`${lines.length} numbers differ from ${values.against}, then → now:`);
  for (const line of lines) console.info(line);
}
