import { expect, test } from 'vitest';
import type { JobEvent } from '../../../src/jobs/jobs.ts';
import { bake, gate, type Job, kitchenJobs, memoryJournal } from './kitchen.ts';

const oven = { stage: 'Baking', unit: 'minutes' } as const;

test('a job is written down before its work, at every stage, and when it has ended', async () => {
  const { journal, entries, written } = memoryJournal();
  const jobs = kitchenJobs({ journal });
  const finished = jobs.start(bake('lemon'), ({ run }) => {
    expect(written).toEqual(['bake started']);
    return run(oven, async ({ stage }) => {
      expect(jobs.store.getState().running).toMatchObject([{ screen: 'kitchen', scope: 'home', job: bake('lemon') }]);
      stage('Cooling');
    });
  });
  expect(await finished).toBe(true);
  expect(written).toEqual(['bake started', 'bake started Baking', 'bake started Cooling', 'bake finished Cooling']);
  expect(entries.get('home bake')?.entry).toMatchObject({ job: bake('lemon'), state: 'finished' });
});

test.each([
  ['failed', async () => Promise.reject(new Error('burnt'))],
  ['cancelled', async () => Promise.reject(new DOMException('enough', 'AbortError'))],
] as const)('what %s is written down as that', async (state, work) => {
  const { journal, entries } = memoryJournal();
  const jobs = kitchenJobs({ journal });
  expect(await jobs.start(bake('lemon'), ({ run }) => run(oven, work))).toBe(false);
  expect(entries.get('home bake')?.entry.state).toBe(state);
});

test('the very same job asked for twice is one job; other content of the same entry comes after it', async () => {
  const jobs = kitchenJobs();
  const log: string[] = [];
  const first = gate();
  const baking = (cake: string, until: Promise<void>) =>
    jobs.start(bake(cake), async () => {
      log.push(`${cake} starts`);
      await until;
      log.push(`${cake} ends`);
      return true;
    });
  const all = [
    baking('lemon', first.passed),
    baking('lemon', Promise.resolve()),
    baking('nut', Promise.resolve()),
    baking('nut', Promise.resolve()),
  ];
  // Another entry waits for nobody.
  await jobs.start({ kind: 'shop', what: 'milk' }, async () => log.push('shopping') > 0);
  expect(log).toEqual(['lemon starts', 'shopping']);
  first.open();
  expect(await Promise.all(all)).toEqual([true, true, true, true]);
  expect(log).toEqual(['lemon starts', 'shopping', 'lemon ends', 'nut starts', 'nut ends']);
});

test('a cancelled job that is asked for again before it has ended is done again', async () => {
  const jobs = kitchenJobs();
  const ended = gate();
  let times = 0;
  const baking = () =>
    jobs.start(bake('lemon'), ({ run, signal }) =>
      run(oven, async () => {
        times++;
        if (times > 1) return;
        await ended.passed;
        signal.throwIfAborted();
      }),
    );
  const first = baking();
  await expect.poll(() => jobs.store.getState().running.length).toBe(1);
  jobs.store.getState().running[0]?.cancel();
  const second = baking();
  ended.open();
  expect(await Promise.all([first, second])).toEqual([false, true]);
  expect(times).toBe(2);
});

test('what waits for its turn is cancelled too, and is never written down', async () => {
  const { journal, written } = memoryJournal();
  const jobs = kitchenJobs({ journal });
  const end = gate();
  const working = gate();
  const first = jobs.start(bake('lemon'), async () => {
    working.open();
    return end.passed.then(() => true);
  });
  const second = jobs.start(bake('nut'), async () => expect.unreachable());
  await working.passed;
  jobs.cancel(({ job }) => job?.kind === 'bake');
  end.open();
  expect(await Promise.all([first, second])).toEqual([true, false]);
  expect(written).toEqual(['bake started', 'bake finished']);
});

test('work goes on where the journal cannot be written, and the error is kept for the report', async () => {
  const journal = { put: () => Promise.reject(new Error('no paper')), started: async () => [] };
  const jobs = kitchenJobs({ journal });
  expect(await jobs.start(bake('lemon'), async () => true)).toBe(true);
  expect(jobs.lastErrors()).toContainEqual(expect.objectContaining({ message: 'no paper' }));
});

test('who listens hears of starts and ends, and nothing after leaving', async () => {
  const jobs = kitchenJobs();
  const heard: JobEvent<Job>[] = [];
  const leave = jobs.on((event) => heard.push(event));
  await jobs.start(bake('lemon'), async () => true);
  await jobs.start({ kind: 'shop', what: 'milk' }, async () => false);
  leave();
  await jobs.start(bake('nut'), async () => true);
  expect(heard).toEqual([
    { kind: 'started', scope: 'home', job: bake('lemon') },
    { kind: 'ended', scope: 'home', job: bake('lemon'), finished: true },
    { kind: 'started', scope: null, job: { kind: 'shop', what: 'milk' } },
    { kind: 'ended', scope: null, job: { kind: 'shop', what: 'milk' }, finished: false },
  ]);
});

test('idle waits for what is written down as well', async () => {
  const { journal, written } = memoryJournal();
  const jobs = kitchenJobs({ journal });
  void jobs.start(bake('lemon'), ({ run }) => run(oven, async () => {}));
  expect(await jobs.idle()).toBe(true);
  expect(written.at(-1)).toBe('bake finished Baking');
});
