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

/** Runs computations step by step, one after another, until one of its signals is aborted. */
export interface Stepper {
  readonly signal: AbortSignal;
  /** Runs a computation to its end, letting messages in between; it ends with the reason of the aborted signal. */
  steps<R>(steps: Generator<number, R>): Promise<R>;
}

export function stepper(signals: readonly AbortSignal[], report: (done: number) => void): Stepper {
  const signal = AbortSignal.any([...signals]);
  // Kept from one computation to the next: hundreds of short ones must let messages in as well.
  let last = performance.now();
  return {
    signal,
    async steps(steps) {
      for (;;) {
        // Thrown into the computation, so that it can free what it holds.
        const step = signal.aborted ? steps.throw(signal.reason) : steps.next();
        if (step.done) return step.value;
        if (performance.now() - last < STRETCH_MS) continue;
        report(step.value);
        await breathe();
        last = performance.now();
      }
    },
  };
}
