/**
 * Thousands of rows in one transaction, without one long task on the main thread: every request costs a structured
 * clone there, so they are made a few hundred at a time.
 */
const rowsATime = 256;

/** Calls `request` for every row; returns when all have succeeded. */
export async function eachInBatches<T>(rows: readonly T[], request: (row: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsATime) {
    await Promise.all(rows.slice(start, start + rowsATime).map(request));
  }
}

/** All rows of a range in key order, `size` at a time. `keyOf` gives a row's primary key. */
export async function allInBatches<T>(
  range: IDBKeyRange,
  size: number,
  getAll: (range: IDBKeyRange, count: number) => Promise<T[]>,
  keyOf: (row: T) => IDBValidKey,
): Promise<T[]> {
  const all: T[] = [];
  let rest = range;
  for (;;) {
    const rows = await getAll(rest, size);
    for (const row of rows) all.push(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return all;
    rest = IDBKeyRange.bound(keyOf(last), range.upper, true, range.upperOpen);
  }
}

/** All keys that are arrays beginning with `prefix` and going on. In IndexedDB an array is greater than any text, number or date. */
export function under(...prefix: string[]): IDBKeyRange {
  return IDBKeyRange.bound(prefix, [...prefix, []], true, true);
}
