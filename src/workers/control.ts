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
