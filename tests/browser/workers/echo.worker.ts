import { AppError } from '../../../src/errors.ts';
import { beat } from '../../../src/workers/beat.ts';
import { breathe, openControl } from '../../../src/workers/control.ts';
import type { CallControl } from '../../../src/workers/protocol.ts';
import { move, serve } from '../../../src/workers/serve.ts';

/** A worker that does what the tests of connections need. */
export interface EchoWorker {
  double(values: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  refuse(): Promise<void>;
  throwPlain(): Promise<void>;
  crash(): Promise<void>;
  hang(): Promise<void>;
  /** Works without a pause, and beats. */
  toil(ms: number): Promise<void>;
  count(to: number, control: CallControl): Promise<number>;
}

const api: EchoWorker = {
  async double(values) {
    const doubled = values.map((value) => 2 * value);
    return move(doubled, doubled.buffer);
  },
  async refuse() {
    const cause = new RangeError('Too long.', { cause: 'a number' });
    throw new AppError('weights-refused', 'These weights are not weights.', { cause });
  },
  async throwPlain() {
    throw new TypeError('plain');
  },
  async crash() {
    setTimeout(() => {
      throw new Error('outside any call');
    });
    await new Promise(() => {});
  },
  hang: () => new Promise(() => {}),
  async toil(ms) {
    for (const start = performance.now(); performance.now() - start < ms; ) beat();
  },
  async count(to, control) {
    const worker = openControl<number>(control);
    try {
      for (let i = 1; i <= to; i++) {
        if (worker.signal.aborted) throw worker.signal.reason;
        worker.report(i);
        await breathe();
      }
      return to;
    } finally {
      worker.close();
    }
  },
};
serve(api);
