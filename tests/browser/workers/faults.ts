import * as v from 'valibot';
import type { ErrorCode } from '../../../src/errors.ts';

/** What a worker of the tests does wrong; the first message that it gets. */
const faultPlan = v.object({
  /** What becomes of a call that brings something poisonous. */
  poison: v.optional(v.picklist(['hang', 'throw', 'close'])),
  /** What becomes of a crop that it is to compute as the second of a team. */
  inTeam: v.optional(v.picklist(['hang', 'throw', 'close'])),
  /** This call of `features`, counted from 1, ends with the loss of the graphics device. */
  loseAt: v.optional(v.number()),
  /** More images at once than this are too much for the graphics card's memory. */
  mostImages: v.optional(v.number()),
  /** The engine WebGPU cannot be opened, for this reason. */
  refuse: v.optional(v.string()),
});
export type FaultPlan = v.InferOutput<typeof faultPlan>;

/** To be sent before anything else. */
export function plan(worker: Worker, faults: FaultPlan): Worker {
  worker.postMessage({ faults });
  return worker;
}

/** The plan of this worker, which is empty until it has come. */
export const planned: { faults: FaultPlan } = { faults: {} };
const planSchema = v.object({ faults: faultPlan });

/** A call as comlink sends it. */
const callSchema = v.object({
  id: v.string(),
  type: v.literal('APPLY'),
  path: v.array(v.string()),
  argumentList: v.array(v.object({ value: v.unknown() })),
});

/** A call on its way to the worker. */
export interface SeenCall {
  readonly method: string;
  readonly parameters: readonly unknown[];
  readonly event: Event;
  /** Answers in the worker's place, as errors travel (workers/errors-across.ts). */
  refuse(code: ErrorCode, message: string): void;
  /** Puts another value in a parameter's place. */
  change(at: number, value: unknown): void;
}

/** Sees every call before the worker does. Import before the worker's own script. */
export function seeCalls(see: (call: SeenCall) => void): void {
  addEventListener('message', (event) => {
    const first = v.safeParse(planSchema, event.data);
    if (first.success) planned.faults = first.output.faults;
    const call = v.safeParse(callSchema, event.data);
    if (!call.success) return;
    const { id, path, argumentList } = call.output;
    see({
      method: path[0] ?? '',
      parameters: argumentList.map(({ value }) => value),
      event,
      refuse(code, message) {
        event.stopImmediatePropagation();
        postMessage({ id, type: 'HANDLER', name: 'throw', value: { code, message, stack: undefined, causes: [] } });
      },
      change: (at, value) => {
        event.data.argumentList[at].value = value;
      },
    });
  });
}

/** The call is never answered. */
export function fail(how: NonNullable<FaultPlan['poison']>, event: Event): void {
  event.stopImmediatePropagation();
  if (how === 'throw') {
    setTimeout(() => {
      throw new Error('poisoned');
    });
  }
  if (how === 'close') close();
}
