import type { Progress } from '../types.ts';

/** The rate is taken over this many milliseconds, so that it follows a change of pace without flickering. */
const WINDOW_MS = 8_000;

/** Measures one long operation: counts what is done, derives rate and time left. */
export interface Meter {
  /** Adds finished units and gives the progress as it is now. */
  advance(units: number): Progress;
  /** Sets the finished units (downloads report totals). */
  reach(done: number): Progress;
}

export function createMeter(total: number, already = 0, now: () => number = () => performance.now()): Meter {
  let done = already;
  const samples: { at: number; done: number }[] = [{ at: now(), done }];
  const reach = (value: number): Progress => {
    done = value;
    const at = now();
    samples.push({ at, done });
    while (samples.length > 2 && (samples[0]?.at ?? at) < at - WINDOW_MS) samples.shift();
    const first = samples[0];
    const elapsed = first ? at - first.at : 0;
    const rate = first && elapsed > 0 && done > first.done ? ((done - first.done) / elapsed) * 1000 : null;
    return { done, total, rate, secondsLeft: rate ? Math.max(0, (total - done) / rate) : null };
  };
  return { reach, advance: (units) => reach(done + units) };
}
