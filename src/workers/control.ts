import { aborted } from '../errors.ts';
import { beat } from './beat.ts';
import type { CallControl } from './protocol.ts';

/** The worker's half of a call's control: reports progress, hears of cancellation. */
export interface WorkerControl<P> {
  readonly signal: AbortSignal;
  /** `moved`: buffers of the progress that are transferred, not copied. */
  report(progress: P, moved?: ArrayBuffer[]): void;
  close(): void;
}

/** The last message: what was reported before has arrived when this has. */
export const END_OF_PROGRESS = 'end';

/** Opens the worker's half. Close it when the call ends. */
export function openControl<P>({ port }: CallControl): WorkerControl<P> {
  const controller = new AbortController();
  port.onmessage = () => controller.abort(aborted());
  return {
    signal: controller.signal,
    report(progress, moved = []) {
      beat();
      port.postMessage({ progress }, moved);
    },
    close() {
      port.postMessage(END_OF_PROGRESS);
      port.close();
    },
  };
}

/** One for all breaths: making a channel takes longer than its message. */
let channel: MessageChannel | null = null;
const breathing: (() => void)[] = [];

/** Lets messages in (a cancellation, say) between two pieces of synchronous work. */
export function breathe(): Promise<void> {
  beat();
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => breathing.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    breathing.push(resolve);
    port2.postMessage(null);
  });
}

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
