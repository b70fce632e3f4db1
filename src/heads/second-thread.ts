import { AppError } from '../errors.ts';
import { type Kernels, kernelsOf } from '../models/engines/wasm/binary.ts';

/** Kernels that a second thread is asked for. */
const NAMES = ['multiply', 'pack', 'packTurned', 'adam'] as const;

/** A kernel and its arguments. */
export type Call = readonly [name: (typeof NAMES)[number], ...numbers: number[]];

/** What the second thread works on: the messages that its worker gets. */
export interface SharedKernels {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Through which the two threads hand over one piece of work after another. */
  readonly channel: SharedArrayBuffer;
}

/** Runs two lists of calls on one memory at once, which write to different places. */
export type RunBoth = (mine: readonly Call[], theirs: readonly Call[]) => void;

/** Of the channel's first number. */
const AWAY = 0;
/** A message was sent to it, and it has not come yet. */
const CALLED = 1;
const WAITING = 2;
const OFFERED = 3;
const TAKEN = 4;
const DONE = 5;
/** The second thread failed, or works on something else by now. */
const OVER = 6;

const CALLS_FROM = 8;
const CHANNEL_BYTES = 1024;

/** Looks at the state before a thread sleeps: some hundredths of a millisecond, about what it takes to be woken. */
const LOOKS = 4000;
/** Milliseconds that a thread sleeps before it checks again without being woken. */
const SLEEP_MS = 250;
/** Milliseconds without an offer after which the second thread receives messages again. */
const IDLE_MS = 1000;
/** How long a piece of work may take: many times what the largest does on a machine that is taken by others. */
const PATIENCE_MS = 20_000;

/** State and calls of a channel. */
function openChannel(channel: SharedArrayBuffer): { readonly state: Int32Array; readonly calls: Float64Array } {
  return { state: new Int32Array(channel, 0, 1), calls: new Float64Array(channel, CALLS_FROM) };
}

/** Waits until the state is another than `seen`, at most for a moment. */
function awaitChange(state: Int32Array, seen: number): void {
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(state, 0) !== seen) return;
  Atomics.wait(state, 0, seen, SLEEP_MS);
}

function tell(state: Int32Array, value: number): void {
  Atomics.store(state, 0, value);
  Atomics.notify(state, 0);
}

function runAll(calls: readonly Call[], kernels: Kernels): void {
  for (const [name, ...numbers] of calls) kernels(name)(...numbers);
}

/** Writes calls as count, then kernel, number of arguments and arguments of each. */
function writeCalls(calls: readonly Call[], to: Float64Array): void {
  let at = 0;
  to[at++] = calls.length;
  for (const [name, ...numbers] of calls) {
    to[at++] = NAMES.indexOf(name);
    to[at++] = numbers.length;
    to.set(numbers, at);
    at += numbers.length;
  }
}

function readCalls(from: Float64Array): Call[] {
  let at = 1;
  return Array.from({ length: from[0] ?? 0 }, (): Call => {
    const name = NAMES[from[at++] ?? -1];
    const count = from[at++] ?? 0;
    if (name === undefined) throw new AppError('internal', 'The second thread was asked for a kernel that it lacks.');
    at += count;
    return [name, ...from.subarray(at - count, at)];
  });
}

/**
 * The first thread's side: opens work on a memory that both share. What the second has not started when the first is done with
 * its own, the first does too: a second thread that is late, away or dead costs nothing, so that on a machine whose cores
 * are taken two are not slower than one. `send` sends to the second thread's worker. Ends what was opened before.
 * `RunBoth` throws AppError 'worker-failed' where the second thread failed in the middle of a piece.
 */
export function openSecondThread(
  send: (work: SharedKernels) => void,
): (module: WebAssembly.Module, memory: WebAssembly.Memory, kernels: Kernels) => RunBoth {
  let before: Int32Array | null = null;
  return (module, memory, kernels) => {
    if (before) tell(before, OVER);
    const channel = new SharedArrayBuffer(CHANNEL_BYTES);
    const { state, calls } = openChannel(channel);
    before = state;
    return (mine, theirs) => {
      if (theirs.length === 0) return runAll(mine, kernels);
      if (Atomics.compareExchange(state, 0, AWAY, CALLED) === AWAY) send({ module, memory, channel });
      let offered = Atomics.load(state, 0) === WAITING;
      if (offered) {
        writeCalls(theirs, calls);
        // It may have gone away meanwhile.
        offered = Atomics.compareExchange(state, 0, WAITING, OFFERED) === WAITING;
        Atomics.notify(state, 0);
      }
      runAll(mine, kernels);
      if (!offered || Atomics.compareExchange(state, 0, OFFERED, WAITING) === OFFERED) return runAll(theirs, kernels);
      const start = performance.now();
      while (Atomics.load(state, 0) === TAKEN && performance.now() - start < PATIENCE_MS) awaitChange(state, TAKEN);
      if (Atomics.compareExchange(state, 0, DONE, WAITING) !== DONE) {
        tell(state, OVER);
        throw new AppError('worker-failed', 'The second thread of the training ended in the middle of its work.');
      }
    };
  };
}

/** The second thread's side: works until nothing was offered for a second, or the first thread works on something else. */
export function serveSecondThread({ module, memory, channel }: SharedKernels): void {
  const { state, calls } = openChannel(channel);
  if (Atomics.compareExchange(state, 0, CALLED, WAITING) !== CALLED) return;
  const kernels = kernelsOf(module)(memory);
  let last = performance.now();
  for (;;) {
    const seen = Atomics.load(state, 0);
    if (seen === OVER) return;
    if (seen === OFFERED && Atomics.compareExchange(state, 0, OFFERED, TAKEN) === OFFERED) {
      try {
        runAll(readCalls(calls), kernels);
      } catch (error) {
        tell(state, OVER);
        throw error;
      }
      last = performance.now();
      tell(state, DONE);
    } else if (seen === WAITING && performance.now() - last > IDLE_MS) {
      if (Atomics.compareExchange(state, 0, WAITING, AWAY) === WAITING) return;
    } else awaitChange(state, seen);
  }
}
