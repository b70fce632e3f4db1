import { cdp } from 'vitest/browser';

/** Must be called before threadMs. */
export async function watchThread(): Promise<void> {
  await cdp().send('Performance.enable', { timeDomain: 'threadTicks' });
}

/** Processor time that the main thread has used, in milliseconds. */
export async function threadMs(): Promise<number> {
  const { metrics } = await cdp().send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}

/** About a tenth of a second of pure computation. */
export function compute(): number {
  let sum = 0;
  for (let i = 1; i < 2e7; i++) sum += Math.sqrt(i) % 3;
  return sum;
}

/** A fixed computation takes so much longer on the clock than of the thread's own time: other programs are at work. */
export const BUSY = 1.3;

/**
 * Whether the clock measures this page or other programs: where a fixed computation waits for the processor, only the
 * thread's own time says something of the page.
 */
export async function processorIsFree(): Promise<boolean> {
  const used = await threadMs();
  const start = performance.now();
  compute();
  const wall = performance.now() - start;
  // The task's time is counted when it has ended.
  await new Promise((resolve) => setTimeout(resolve, 0));
  return wall / ((await threadMs()) - used) < BUSY;
}
