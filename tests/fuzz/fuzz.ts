/** `npm run fuzz`: damaged files for every reader of files, new ones each time. Exit 0 where nothing was found, 1, 2. */
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { fuzzCase } from './case.ts';

const USAGE = 'Usage: npm run fuzz -- [--minutes N] [--seed N] [--case N]   (--case runs that one alone)';
/** No file here takes a tenth of a second to read on a quiet machine. */
const HANG_MS = 20_000;
/** Loading all readers is no reading: on a busy machine it takes longer than any file. */
const LOADING_MS = 60_000;
const HEAP_MEGABYTES = 512;
/** After this many, more of them say nothing new. */
const MAX_FAULTS = 20;

const message = v.variant('kind', [
  v.object({ kind: v.literal('begin'), number: v.number() }),
  v.object({ kind: v.literal('fault'), number: v.number(), fault: v.string() }),
]);

function readNumber(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} takes a number, not "${text}".`);
  return Number(text);
}

function readArguments() {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, case: { type: 'string' } },
  });
  return {
    minutes: readNumber(values.minutes, 'minutes') ?? 10,
    seed: readNumber(values.seed, 'seed') ?? randomInt(2 ** 31),
    only: readNumber(values.case, 'case'),
  };
}

function parsed() {
  try {
    return readArguments();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const { minutes, seed, only } = parsed();
const faults: string[] = [];

async function found(number: number, fault: string): Promise<void> {
  const { target, bytes } = fuzzCase(seed, number);
  const file = join(tmpdir(), `likeness-fuzz-${seed}-${number}`);
  await writeFile(file, bytes);
  const line = `${target}: ${fault}\n  again: npm run fuzz -- --seed ${seed} --case ${number}   (the file: ${file})`;
  faults.push(line);
  console.error(line);
}

/** Runs cases from `from` on until `until`, or until one of them brings the process to its end. Resolves to the next. */
function runCases(from: number, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let number = from;
    let started = performance.now() + LOADING_MS;
    const child = fork(new URL('./cases.ts', import.meta.url), [String(seed), String(from)], {
      execArgv: [...process.execArgv, `--max-old-space-size=${HEAP_MEGABYTES}`],
    });
    const end = (fault: string | null) => {
      clearInterval(watch);
      child.removeAllListeners();
      child.kill('SIGKILL');
      if (fault === null) resolve(number + 1);
      else found(number, fault).then(() => resolve(number + 1), reject);
    };
    const watch = setInterval(() => {
      if (performance.now() - started > HANG_MS) end(`took more than ${HANG_MS / 1000} s`);
      else if (Date.now() > until || faults.length >= MAX_FAULTS) end(null);
    }, 250);
    child.on('message', (raw) => {
      const said = v.parse(message, raw);
      number = said.number;
      started = performance.now();
      if (said.kind === 'fault') void found(said.number, said.fault);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => end(`ended its process (${signal ?? code})`));
  });
}

console.log(`Seed ${seed}, ${only === null ? `${minutes} minutes` : `case ${only}`}.`);
let next = 0;
if (only === null) {
  const until = Date.now() + minutes * 60_000;
  while (Date.now() < until && faults.length < MAX_FAULTS) next = await runCases(next, until);
} else {
  const fault = await fuzzCase(seed, only).run();
  if (fault !== null) await found(only, fault);
  next = 1;
}
console.log(`${next} files read, ${faults.length} faults found.`);
process.exitCode = faults.length === 0 ? 0 : 1;
