import { AppError } from '../../../errors.ts';

/** A worker's place in a team that computes one thing together: a forward pass, or what many queries find. */
export interface Share {
  readonly memory: SharedArrayBuffer;
  /** Which of the `count` workers it is, from 0 on. */
  readonly index: number;
  readonly count: number;
}

/** From a number up to another, without that. */
export type Range = readonly [from: number, to: number];

/** A worker's side of its team. All of them ask for the same exchanges in the same order. */
export interface Team {
  readonly index: number;
  readonly count: number;
  /**
   * Brings into `data()` what this worker wants and others have. `has` and `wants` are ranges of its numbers, one a worker,
   * the same in all of them; every number that is wanted is in one of them. `data` is asked again after each wait.
   * @throws AppError 'aborted' where another left the team, or said nothing for too long.
   */
  exchange(data: () => Float32Array, has: readonly Range[], wants: readonly Range[]): void;
}

/** Cells of the memory's beginning that are written by different workers lie a line of the cache apart. */
const CELL = 16;
/** Says whether the team is dissolved; behind it, every worker's count of what it has written. */
const DISSOLVED = 0;
const counterOf = (index: number) => CELL * (1 + index);
/** Workers that a memory has counters for. */
const MOST = 15;
const CONTROL_BYTES = 4 * CELL * (1 + MOST);

/** Numbers that are written at a time. Two such halves take turns, so that no worker writes where another still reads. */
const HALF = 2 ** 20;

/** Looks at the others' counters before a worker sleeps: a tenth of a millisecond, less than it takes to be woken. */
const LOOKS = 20_000;
/** Milliseconds that a worker sleeps before it looks for new work. */
const SLEEP_MS = 250;
/** How long all workers may be silent: many times the slowest layer, and well below what counts as a hung worker. */
const PATIENCE_MS = 20_000;

/** What the workers of a team share: 8 MB. The page that makes it must be cross-origin isolated. */
export function createTeamMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + 2 * 4 * HALF);
}

/** Makes every wait in the team end with an error, now and later. */
export function dissolve(memory: SharedArrayBuffer): void {
  const cells = new Int32Array(memory, 0, CONTROL_BYTES / 4);
  Atomics.store(cells, DISSOLVED, 1);
  for (let index = 0; index < MOST; index++) Atomics.notify(cells, counterOf(index));
}

/** Whether a worker left the team before it was done. */
export function isDissolved(memory: SharedArrayBuffer): boolean {
  return Atomics.load(new Int32Array(memory, 0, CONTROL_BYTES / 4), DISSOLVED) !== 0;
}

/** Makes the memory of a team that is done ready for the next pass. */
export function renew(memory: SharedArrayBuffer): void {
  new Int32Array(memory, 0, CONTROL_BYTES / 4).fill(0);
}

/** A share is joined once for every pass. `patienceMs`: how long the others may say nothing. */
export function joinTeam({ memory, index, count }: Share, patienceMs = PATIENCE_MS): Team {
  if (count > MOST) throw new AppError('bad-argument', `${count} workers are too many for a team.`);
  const cells = new Int32Array(memory, 0, CONTROL_BYTES / 4);
  const halves = [0, 1].map((half) => new Float32Array(memory, CONTROL_BYTES + half * 4 * HALF, HALF));
  const others = Array.from({ length: count }, (_, other) => other).filter((other) => other !== index);
  let turn = 0;

  function waitFor(other: number): void {
    const cell = counterOf(other);
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(cells, cell) >= turn) return;
    const start = performance.now();
    for (;;) {
      const seen = Atomics.load(cells, cell);
      if (seen >= turn) return;
      if (Atomics.load(cells, DISSOLVED) !== 0) throw left('another worker of the team ended');
      if (performance.now() - start > patienceMs) throw left('another worker of the team said nothing for too long');
      Atomics.wait(cells, cell, seen, Math.min(SLEEP_MS, patienceMs));
    }
  }

  return {
    index,
    count,
    exchange(data, has, wants) {
      const put = has.map((range, owner) =>
        hull(wants.map((wanted, other) => (other === owner ? EMPTY : overlap(range, wanted)))),
      );
      const [first, end] = hull(put);
      for (let start = first; start < end; start += HALF) {
        const window: Range = [start, Math.min(end, start + HALF)];
        const half = halves[turn % 2] as Float32Array;
        const [from, to] = overlap(put[index] ?? EMPTY, window);
        if (to > from) half.set(data().subarray(from, to), from - start);
        turn++;
        Atomics.store(cells, counterOf(index), turn);
        Atomics.notify(cells, counterOf(index));
        for (const other of others) {
          waitFor(other);
          const [begin, stop] = overlap(overlap(has[other] ?? EMPTY, wants[index] ?? EMPTY), window);
          if (stop > begin) data().set(half.subarray(begin - start, stop - start), begin);
        }
      }
    },
  };
}

const EMPTY: Range = [0, 0];

function overlap([a, b]: Range, [c, d]: Range): Range {
  const [from, to] = [Math.max(a, c), Math.min(b, d)];
  return from < to ? [from, to] : EMPTY;
}

/** The range from the first to the last number of all. */
export function hull(ranges: readonly Range[]): Range {
  const filled = ranges.filter(([from, to]) => from < to);
  if (filled.length === 0) return EMPTY;
  return [Math.min(...filled.map(([from]) => from)), Math.max(...filled.map(([, to]) => to))];
}

function left(why: string): AppError {
  return new AppError('aborted', `What several workers computed together was given up: ${why}.`);
}
