import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line of the project that runs. */
export interface Running {
  readonly ended: Promise<Finished>;
  /** Ends it at once, as a scheduler that has lost its patience does. */
  kill(): void;
}

/** Starts `scripts/<name>.ts`; `watch` sees standard error as it comes. */
export function start(
  name: string,
  args: readonly string[],
  { env = {}, watch = () => {} }: { env?: Readonly<Record<string, string>>; watch?: (stderr: string) => void } = {},
): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    watch(stderr);
  });
  const ended = new Promise<Finished>((done, fail) => {
    child.on('error', fail);
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
  return { ended, kill: () => child.kill('SIGKILL') };
}

export const run = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  start(name, args, { env }).ended;
