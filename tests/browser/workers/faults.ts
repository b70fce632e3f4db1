import * as v from 'valibot';

/** What a worker of the tests does wrong; the first message that it gets. */
const faultPlan = v.object({
  /** What becomes of a call that brings something poisonous. */
  poison: v.optional(v.picklist(['hang', 'throw', 'close'])),
  /** The graphics device is lost during this call of `features`, counted from 1. */
  loseAt: v.optional(v.number()),
  /** More images at once than this are too much for the graphics card's memory. */
  mostImages: v.optional(v.number()),
  /** The graphics card computes wrong numbers. */
  wrong: v.optional(v.boolean()),
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
  type: v.literal('APPLY'),
  path: v.array(v.string()),
  argumentList: v.array(v.object({ value: v.unknown() })),
});

/** Sees every call before the worker does. Import before the worker's own script. */
export function seeCalls(see: (method: string, parameters: readonly unknown[], event: Event) => void): void {
  addEventListener('message', (event) => {
    const first = v.safeParse(planSchema, event.data);
    if (first.success) planned.faults = first.output.faults;
    const call = v.safeParse(callSchema, event.data);
    if (!call.success) return;
    const { path, argumentList } = call.output;
    see(
      path[0] ?? '',
      argumentList.map(({ value }) => value),
      event,
    );
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
