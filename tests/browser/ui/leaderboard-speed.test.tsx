import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { fillDashboard } from './fake-dashboard.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, eventually, mountAt, unmount } from './mount.tsx';
import { BUSY, compute, threadMs, watchThread } from './thread-time.ts';

afterEach(unmount);

const MOST_MS = 100;
const REPEATS = 7;

const firstName = (): string | undefined =>
  document.querySelector('table[aria-label=Leaderboard] tbody:not([hidden]) tr')?.textContent ?? undefined;
const rows = (): number => document.querySelectorAll('table[aria-label=Leaderboard] tbody:not([hidden]) tr').length;

interface Answer {
  readonly wall: number;
  readonly thread: number;
}

/** Milliseconds to the paint after an action: on the clock, and of the main thread's own time. */
async function answered(act: () => void): Promise<Answer> {
  const used = await threadMs();
  const start = performance.now();
  act();
  // The frame's callback comes before its paint, the message after it.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
  const wall = performance.now() - start;
  return { wall, thread: (await threadMs()) - used };
}

function median(answers: readonly Answer[], of: keyof Answer): number {
  const values = answers.map((answer) => answer[of]);
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function type(text: string): void {
  const input = byName('input', 'Filter the models');
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

test('with 40 runs of 5,000 queries a sort and a filter are answered within 100 ms', async () => {
  await watchThread();
  await page.viewport(1440, 900);
  fillDataset();
  fillModels();
  await fillDashboard({ runs: 40, queries: 5000 });
  await mountAt('/dashboard');
  await eventually(() => expect(rows()).toBe(40));

  const sorts: Answer[] = [];
  const filters: Answer[] = [];
  const nothing: Answer[] = [];
  const fixed: Answer[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    nothing.push(await answered(() => {}));
    fixed.push(await answered(compute));
    const column = repeat % 2 === 0 ? 'Top-1' : 'MRR';
    sorts.push(await answered(() => byName('thead button', column).click()));
    const highest = firstName();
    sorts.push(await answered(() => byName('thead button', column).click()));
    expect(firstName()).not.toBe(highest);
    filters.push(await answered(() => type('vit')));
    expect(rows()).toBeLessThan(40);
    filters.push(await answered(() => type('')));
    expect(rows()).toBe(40);
  }
  const words = (answers: readonly Answer[]) =>
    `${median(answers, 'wall').toFixed(0)} ms (${median(answers, 'thread').toFixed(0)} ms of the thread)`;
  // Measuring itself takes time of the thread.
  const own = (answers: readonly Answer[]) => median(answers, 'thread') - median(nothing, 'thread');
  const busy = median(fixed, 'wall') / median(fixed, 'thread');
  console.info(
    `medians: sort ${words(sorts)}, filter ${words(filters)}, fixed ${words(fixed)}, nothing ${words(nothing)}`,
  );
  expect(own(sorts)).toBeLessThan(MOST_MS);
  expect(own(filters)).toBeLessThan(MOST_MS);
  // Where a fixed computation waits for the processor, the clock measures other programs: then only the thread's own
  // time says something of the leaderboard.
  if (busy > BUSY) return;
  expect(median(sorts, 'wall')).toBeLessThan(MOST_MS);
  expect(median(filters, 'wall')).toBeLessThan(MOST_MS);
  // To search 40 times with 5,000 queries takes its time before anything is measured.
}, 400_000);
