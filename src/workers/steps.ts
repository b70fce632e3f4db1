import { breathe, openControl, type WorkerControl } from './control.ts';
import type { CallControl } from './protocol.ts';

/** Longest stretch, in milliseconds, without letting messages in; a block that takes longer is one stretch. */
const STRETCH_MS = 10;

/** Opens a call's control for as long as the call lasts. */
export async function controlledBy<R>(
  control: CallControl,
  call: (worker: WorkerControl<number>) => Promise<R>,
): Promise<R> {
  const worker = openControl<number>(control);
  try {
    return await call(worker);
  } finally {
    worker.close();
  }
}

/** Runs a computation step by step, letting messages in between; it ends with the reason of the first signal aborted. */
export async function inSteps<R>(
  steps: Generator<number, R>,
  signals: readonly AbortSignal[],
  report: (done: number) => void,
): Promise<R> {
  let last = performance.now();
  for (;;) {
    const stop = signals.find(({ aborted }) => aborted);
    // Thrown into the computation, so that it can free what it holds.
    const step = stop ? steps.throw(stop.reason) : steps.next();
    if (step.done) return step.value;
    if (performance.now() - last < STRETCH_MS) continue;
    report(step.value);
    await breathe();
    last = performance.now();
  }
}
