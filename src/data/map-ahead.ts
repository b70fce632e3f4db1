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
