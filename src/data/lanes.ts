import { aborted } from '../errors.ts';

/**
 * Applies `work` to every item with at most `atOnce` under way, results in the items' order. So the browser decodes the
 * next images on its own threads while this thread resamples one. The first rejection rejects the whole.
 */
export async function mapAhead<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const entries = items.entries();
  const lane = async () => {
    // One iterator for all lanes: each takes the next item that none has taken.
    for (const [index, item] of entries) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}

/**
 * Runs `work` over all items in at most `lanes` parallel lanes, in order of start. While one lane waits for the
 * forward pass, another decodes: bounded memory, nothing idle. Stops at the first error or at the signal, after the
 * work in flight has ended, so that nothing goes on behind the caller's back.
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      if (signal.aborted) throw aborted();
      const item = items[next++];
      if (item === undefined) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  if (signal.aborted) throw aborted();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Slices of at most `size` items, in order. */
export function batches<T>(items: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let start = 0; start < items.length; start += size) slices.push(items.slice(start, start + size));
  return slices;
}
