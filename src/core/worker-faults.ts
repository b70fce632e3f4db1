import { AppError, aborted, type ErrorCode, toAppError } from '../errors.ts';

/** After these a worker is in no state to be trusted: another one takes its place. */
const SPOILING: ReadonlySet<ErrorCode> = new Set(['worker-failed', 'internal', 'engine-lost', 'engine-memory']);

/** Whether the worker that ended with this should be replaced, whether or not its job is tried again. */
export function spoilsWorker(error: unknown): boolean {
  return SPOILING.has(toAppError(error).code);
}

/** Whether what was handed to the worker may be at fault: it died, hung, threw something unforeseen, or gave no numbers. */
export function mayBeInput(error: unknown): boolean {
  const { code } = toAppError(error);
  return code === 'worker-failed' || code === 'internal' || code === 'not-finite';
}

export type Outcome<R> =
  | { readonly ok: true; readonly value: R }
  /** The item cannot be worked on: alone, it has failed twice. */
  | { readonly ok: false; readonly error: AppError };

/**
 * Works on items together, results in their order. Where the worker fails, it is repeated once; where it fails again,
 * the items are halved until the one at fault stands alone and has failed twice by itself: so it takes no other down,
 * and bad luck alone blames none. `work` gives one result an item, and asks for a new worker by itself.
 * Throws AppError 'aborted', and whatever else `work` throws that no item can be blamed for.
 */
export async function separateFaults<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (items: readonly T[]) => Promise<readonly R[]>,
): Promise<Outcome<R>[]> {
  if (items.length === 0) return [];
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw aborted();
    try {
      return (await work(items)).map((value) => ({ ok: true, value }));
    } catch (error) {
      if (!mayBeInput(error)) throw error;
      if (attempt === 1) continue;
      if (items.length === 1) return [{ ok: false, error: toAppError(error) }];
      const half = Math.ceil(items.length / 2);
      const first = await separateFaults(items.slice(0, half), signal, work);
      return [...first, ...(await separateFaults(items.slice(half), signal, work))];
    }
  }
}

/** Repeats a call once that ended with its worker. `call` asks for the worker again, and hands its arguments over again. */
export async function repeatedOnce<R>(signal: AbortSignal | null, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (error) {
    if (signal?.aborted || toAppError(error).code !== 'worker-failed') throw error;
    return call();
  }
}

/** Images at fault one after the other, with none before: it is not the images. */
const FIRST_FEW = 4;
/** Faults in a row at any time: something broke on the way. */
const IN_A_ROW = 16;

/**
 * Watches the outcomes of many items. Throws AppError 'engine-unavailable' with the last reason when too many fail in a row for
 * the items to be the cause, rather than have ten thousand of them fail one by one. 'weights-refused' where a network
 * gave numbers that are not finite for all of them: another one may be sound.
 */
export function watchOutcomes(what: string): (outcomes: readonly Outcome<unknown>[]) => void {
  let good = 0;
  let inARow = 0;
  return (outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.ok) {
        good++;
        inARow = 0;
      } else if (++inARow >= (good === 0 ? FIRST_FEW : IN_A_ROW)) {
        if (outcome.error.code === 'not-finite') throw damagedWeights(inARow, outcome.error);
        const sentence = `${inARow} images in a row could not be ${what}, so the fault is not theirs. The last one: ${outcome.error.message} What was finished is kept; reload the page and try again.`;
        throw new AppError('engine-unavailable', sentence, { cause: outcome.error });
      }
    }
  };
}

function damagedWeights(images: number, cause: AppError): AppError {
  const sentence = `The network gave numbers that are not finite for ${images} images in a row, so its weights are damaged, whatever the images. What was finished is kept; delete the weights and get them again.`;
  return new AppError('weights-refused', sentence, { cause });
}
