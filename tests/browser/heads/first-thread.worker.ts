/** The first of two threads, in a worker, since a page must not wait. Its second is the app's. */
import { expose } from 'comlink';
import { type Call, openSecondThread, type SharedKernels } from '../../../src/heads/second-thread.ts';
import relaxed from '../../../src/heads/shared-relaxed.wasm?url&no-inline';
import simd from '../../../src/heads/shared-simd.wasm?url&no-inline';
import { fetchModule, kernelsOf } from '../../../src/models/engines/wasm/binary.ts';

/** Four numbers' update by Adam: values, gradients, first and second moments lie 256 bytes apart. */
const UPDATE: Call = ['adam', 0, 256, 512, 768, 4, 0.5, 1, 0];
const BUSY_MS = 20;

interface Opened {
  readonly values: Float32Array;
  /** The channels that were sent to the second thread. */
  readonly channels: readonly SharedArrayBuffer[];
  /** Has `theirs` done while the first thread is busy, and says who did it. */
  readonly run: (theirs: Call) => 'first' | 'second';
  /** The same, again and again until the second thread does it. */
  readonly runBySecond: (theirs: Call) => Promise<void>;
}

async function open(send: (work: SharedKernels) => void): Promise<Opened> {
  const module = await fetchModule('best', { relaxed, simd });
  if (!module) throw new Error('This browser has no SIMD.');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const values = new Float32Array(memory.buffer);
  values.fill(1, 64, 68);
  const real = kernelsOf(module)(memory);
  let byFirst = false;
  // What the first thread does itself is a product that only takes time.
  const kernels = (name: string) => {
    if (name !== 'multiply') {
      byFirst = true;
      return real(name);
    }
    return () => {
      const start = performance.now();
      while (performance.now() - start < BUSY_MS);
    };
  };
  const channels: SharedArrayBuffer[] = [];
  const runBoth = openSecondThread((work) => {
    channels.push(work.channel);
    send(work);
  })(module, memory, kernels);
  const run = (theirs: Call) => {
    byFirst = false;
    runBoth([['multiply']], [theirs]);
    return byFirst ? 'first' : 'second';
  };
  const runBySecond = async (theirs: Call) => {
    while (run(theirs) === 'first') await new Promise((resolve) => setTimeout(resolve));
  };
  return { values, channels, run, runBySecond };
}

const worker = () =>
  new Worker(new URL('../../../src/workers/kernels.worker.ts', import.meta.url), { type: 'module', name: 'kernels' });

const api = {
  /** Nobody hears what is sent. */
  async alone() {
    const { values, channels, run } = await open(() => {});
    const by = [run(UPDATE), run(UPDATE)];
    return { by, sent: channels.length, value: values[0] };
  },

  /** The second thread works, goes away when nothing is offered, and comes back. */
  async together() {
    const second = worker();
    try {
      const { channels, runBySecond } = await open((work) => second.postMessage(work));
      await runBySecond(UPDATE);
      const sent = channels.length;
      const [state] = channels.map((channel) => new Int32Array(channel, 0, 1));
      while (state && Atomics.load(state, 0) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await runBySecond(UPDATE);
      return [sent, channels.length];
    } finally {
      second.terminate();
    }
  },

  /** The second thread comes after the only work is done, goes away again, and is called once more. */
  async tooLate() {
    const second = worker();
    try {
      const { channels, run, runBySecond } = await open((work) => second.postMessage(work));
      run(UPDATE);
      const [state] = channels.map((channel) => new Int32Array(channel, 0, 1));
      const sent = channels.length;
      const called = state && Atomics.load(state, 0);
      for (const is of [(now: number) => now !== called, (now: number) => now === 0]) {
        while (state && !is(Atomics.load(state, 0))) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await runBySecond(UPDATE);
      return [sent, channels.length];
    } finally {
      second.terminate();
    }
  },

  /** An update far beyond the memory's end ends the second thread. Resolves to what the first throws. */
  async failing() {
    const second = worker();
    second.addEventListener('error', (event) => event.preventDefault());
    try {
      const { runBySecond } = await open((work) => second.postMessage(work));
      await runBySecond(UPDATE);
      await runBySecond(['adam', 1e9, 1e9, 1e9, 1e9, 4, 0.5, 1, 0]);
      return null;
    } catch (error) {
      return String(error);
    } finally {
      second.terminate();
    }
  },
};
export type FirstThread = typeof api;

expose(api);
