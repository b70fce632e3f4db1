import { spawn } from 'node:child_process';
import type { Measurement } from './measurement.ts';

/** tests/bench/head-training.bench.ts, in Vitest's browser. */
export const headTraining: Measurement = {
  name: 'head-training',
  about: 'milliseconds an epoch of head training on WASM',
  run: (_, tell) =>
    new Promise((resolve, reject) => {
      const bench = spawn('npx', ['vitest', 'run', '--project', 'bench'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      bench.stdout.on('data', (data: Buffer) => {
        output += data.toString();
      });
      bench.on('error', reject);
      bench.on('exit', (code) => {
        const lines = output.split('\n').filter((line) => line.includes('ms an epoch'));
        for (const line of lines) tell(line);
        if (code === 0) resolve(lines);
        else reject(new Error(`The bench of head training ended with ${code}.\n${output}`));
      });
    }),
};
