import { expect, onTestFinished, test } from 'vitest';
import type { JournalEntry } from '../../../src/jobs/journal.ts';
import { bake, gate, type Job, kitchenJobs, memoryJournal } from './kitchen.ts';

const stopped = (job: unknown): JournalEntry => ({
  job,
  state: 'started',
  stage: 'Baking',
  progress: { done: 3, total: 40, unit: 'minutes' },
  startedAt: 1,
  changedAt: 2,
});
const shopping: Job = { kind: 'shop', what: 'milk' };

/** A tab that was closed in the middle of all this, and is open again. */
async function afterReload() {
  const kept = memoryJournal();
  await kept.journal.put({ scope: 'home', name: 'bake' }, stopped(bake('lemon')));
  await kept.journal.put({ scope: 'home', name: 'juggle' }, stopped({ kind: 'juggle', from: 'a newer version' }));
  await kept.journal.put({ scope: 'away', name: 'bake' }, stopped(bake('nut', 'away')));
  await kept.journal.put({ scope: null, name: 'shop milk' }, stopped(shopping));
  const jobs = kitchenJobs({ journal: kept.journal });
  onTestFinished(jobs.close);
  const names = () => jobs.interrupted.store.getState().jobs.map(({ job }) => job.kind);
  const show = (scope: string) => jobs.show({ scope, needsInput: async ({ kind }) => kind === 'bake' });
  return { ...kept, jobs, names, show };
}

test('what was interrupted in the shown scope and in none is told, in the order in which it is resumed', async () => {
  const { jobs, show } = await afterReload();
  await show('home');
  const { stage, progress, startedAt } = stopped(null);
  expect(jobs.interrupted.store.getState().jobs).toEqual([
    { job: shopping, stage, progress, startedAt, needsInput: false },
    { job: bake('lemon'), stage, progress, startedAt, needsInput: true },
  ]);
  await show('away');
  expect(jobs.interrupted.store.getState().jobs.map(({ job }) => job)).toEqual([shopping, bake('nut', 'away')]);
});

test('what is resumed is not called interrupted while it is worked on, nor when it has come to its end', async () => {
  const { jobs, names, show } = await afterReload();
  await show('home');
  const end = gate();
  const resumed = jobs.interrupted.resume((job) => jobs.start(job, async () => end.passed.then(() => true)));
  await expect.poll(names).toEqual(['bake']);
  end.open();
  await resumed;
  expect(names()).toEqual([]);
});

test('resuming ends at the first job that does not come to its end', async () => {
  const { jobs, names, show } = await afterReload();
  await show('home');
  const asked: string[] = [];
  const resuming: unknown[] = [];
  await jobs.interrupted.resume(async ({ kind }) => {
    resuming.push(jobs.interrupted.store.getState().resuming);
    return asked.push(kind) > 1;
  });
  expect(asked).toEqual(['shop']);
  // It is told which of them is worked on, and no more when that has ended.
  expect(resuming).toEqual([{ number: 1, of: 2 }]);
  expect(jobs.interrupted.store.getState().resuming).toBeNull();
  expect(names()).toEqual(['shop', 'bake']);
});

test('what is left at that is not told again', async () => {
  const { jobs, names, show, entries } = await afterReload();
  await show('home');
  await jobs.interrupted.forget();
  expect(names()).toEqual([]);
  expect(entries.get('home bake')?.entry).toMatchObject({
    ...stopped(bake('lemon')),
    state: 'cancelled',
    changedAt: expect.any(Number),
  });
  // Nobody was asked about another scope.
  await show('away');
  expect(names()).toEqual(['bake']);
});

test('of looks that overlap the newest counts', async () => {
  const { jobs, names, show } = await afterReload();
  const slow = gate();
  const first = jobs.show({ scope: 'home', needsInput: () => slow.passed.then(() => true) });
  await show('nowhere');
  slow.open();
  await first;
  expect(names()).toEqual(['shop']);
});

test('no scope tells of nothing and leaves the journal unread', async () => {
  const { jobs, names, show, journal } = await afterReload();
  await show('home');
  const started = journal.started;
  let reads = 0;
  journal.started = (scope) => {
    reads++;
    return started(scope);
  };
  await jobs.show(null);
  expect([names(), reads]).toEqual([[], 0]);
  await jobs.interrupted.refresh();
  expect([names(), reads]).toEqual([['shop'], 1]);
});

test('a job that is left is not cancelled: it is interrupted, also one that was still waiting', async () => {
  const { jobs, names, show, entries } = await afterReload();
  const oven = { stage: 'Baking', unit: 'minutes' };
  const first = jobs.start(bake('lemon'), ({ run }) =>
    run(
      oven,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ),
  );
  const second = jobs.start(bake('nut'), async () => expect.unreachable());
  await expect.poll(() => jobs.store.getState().running.length).toBe(1);
  jobs.leave('home');
  expect(await Promise.all([first, second])).toEqual([false, false]);
  expect(jobs.store.getState().failures).toEqual([]);
  expect(entries.get('home bake')?.entry).toMatchObject({ job: bake('nut'), state: 'started' });
  await show('home');
  expect(names()).toEqual(['shop', 'bake']);
});
