import { expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { gate, kitchenJobs } from './kitchen.ts';

const whisk = { screen: 'kitchen', stage: 'Whisking', unit: 'eggs' } as const;
const broken = new AppError('internal', 'The whisk broke. The eggs are kept; take another.');
const breaking = async () => {
  throw broken;
};
const progress = (done: number) => ({ done, total: 4, rate: null, secondsLeft: null });

test('a job is shown with its stage and its progress while it runs, and not afterwards', async () => {
  const jobs = kitchenJobs();
  const end = gate();
  const ended = jobs.run({ ...whisk, scope: 'home' }, async ({ report, stage }) => {
    report(progress(1));
    stage('Folding', 'grams');
    report(progress(4));
    await end.passed;
  });
  expect(jobs.store.getState().running).toMatchObject([
    { screen: 'kitchen', scope: 'home', job: null, stage: 'Folding', unit: 'grams', progress: progress(4) },
  ]);
  end.open();
  expect(await ended).toBe(true);
  expect(jobs.store.getState()).toEqual({ running: [], failures: [] });
});

test('progress is shown a few times a second, and its end always', async () => {
  const jobs = kitchenJobs();
  const seen: (number | undefined)[] = [];
  jobs.store.subscribe(({ running }) => seen.push(running[0]?.progress?.done));
  await jobs.run(whisk, async ({ report }) => {
    for (let done = 1; done <= 4; done++) report(progress(done));
  });
  expect(seen).toEqual([undefined, 1, 4, undefined]);
});

test('what nobody foresaw is quoted in a sentence that says what to do, also from a worker; the report has its own words', async () => {
  const jobs = kitchenJobs();
  const unforeseen = new TypeError('Cannot read properties of undefined (reading "whites").');
  // As it comes from a worker: its class is lost, its words are not.
  const travelled = new AppError('internal', unforeseen.message, { cause: new Error(unforeseen.message) });
  for (const error of [unforeseen, travelled]) {
    await jobs.run(whisk, () => Promise.reject(error));
    const [failure] = jobs.store.getState().failures.slice(-1);
    expect(failure?.message).toBe(
      'The app made a mistake (Cannot read properties of undefined (reading "whites")). What was finished is kept. Try again; if it happens again, reload the page.',
    );
    expect(jobs.lastErrors().at(-1)?.message).toBe(unforeseen.message);
  }
});

test('a failure stands on its screen with its remedy until the job is tried again; what is cancelled is none', async () => {
  const jobs = kitchenJobs();
  const remedy = { label: 'Whisk again', run: () => {} };
  expect(await jobs.run({ ...whisk, remedy }, breaking)).toBe(false);
  expect(jobs.store.getState().failures).toMatchObject([
    { screen: 'kitchen', tone: 'wrong', message: broken.message, remedy },
  ]);
  const cancelled = jobs.run(
    whisk,
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  );
  expect(jobs.store.getState().failures).toEqual([]);
  expect(jobs.store.getState().running[0]?.stopping).toBe(false);
  jobs.store.getState().running[0]?.cancel();
  expect(jobs.store.getState().running[0]?.stopping).toBe(true);
  expect(await cancelled).toBe(false);
  expect(jobs.store.getState()).toEqual({ running: [], failures: [] });
});

test('the domain may know a better remedy, which can still do what the job’s own does', async () => {
  const again = vi.fn<() => void>();
  const jobs = kitchenJobs({
    remedyFor: ({ code }, run) => (code === 'internal' ? { label: 'Buy a whisk', run } : null),
  });
  await jobs.run({ ...whisk, remedy: { label: 'Whisk again', run: again } }, breaking);
  const [failure] = jobs.store.getState().failures;
  expect(failure?.remedy?.label).toBe('Buy a whisk');
  failure?.remedy?.run();
  expect(again).toHaveBeenCalledOnce();
  // A job that cannot be done again is offered no remedy.
  await jobs.run(whisk, breaking);
  expect(jobs.store.getState().failures).toMatchObject([{ remedy: null }]);
});

test('a failure goes once other work has done what failed, and not before', async () => {
  let whisked = false;
  const jobs = kitchenJobs({
    remedyFor: ({ code }, run) => (code === 'internal' ? { label: 'Buy a whisk', run } : null),
  });
  const remedy = { label: 'Whisk again', run: () => {}, needed: () => !whisked };
  await jobs.run({ ...whisk, remedy }, breaking);
  const bake = { ...whisk, screen: 'market' } as const;
  await jobs.run(bake, async () => {});
  expect(jobs.store.getState().failures).toHaveLength(1);
  // Work that fails itself has done nothing.
  whisked = true;
  await jobs.run(bake, breaking);
  expect(jobs.store.getState().failures).toHaveLength(2);
  await jobs.run(bake, async () => {});
  expect(jobs.store.getState().failures).toEqual([]);
});

test('what helps may depend on how the work failed', async () => {
  const jobs = kitchenJobs();
  const remedy = ({ code }: AppError) => ({
    label: code === 'internal' ? 'Buy a whisk' : 'Whisk again',
    run: () => {},
  });
  await jobs.run({ ...whisk, remedy }, breaking);
  expect(jobs.store.getState().failures).toMatchObject([{ remedy: { label: 'Buy a whisk' } }]);
});

test('what storing says on every screen is not said on one as well, and is recorded with its causes', async () => {
  const jobs = kitchenJobs({ noticeTrouble: ({ code }) => code === 'storage-blocked' });
  const cause = new TypeError('locked');
  jobs.fail('market', new AppError('storage-blocked', 'Another tab is in the way.', { cause }));
  expect(jobs.store.getState().failures).toEqual([]);
  expect(jobs.lastErrors()).toMatchObject([{ code: 'storage-blocked', causes: ['TypeError: locked'] }]);
});

test('what goes on otherwise than planned is said once, on every screen, as a warning', () => {
  const jobs = kitchenJobs();
  const said = new AppError('engine-lost', 'The oven went out. It was lit again.');
  jobs.warn(said);
  jobs.warn(said);
  expect(jobs.store.getState().failures).toMatchObject([{ screen: null, tone: 'warning', message: said.message }]);
  jobs.dismiss(jobs.store.getState().failures[0]?.id ?? -1);
  expect(jobs.store.getState().failures).toEqual([]);
});

test('why something is refused is said on every screen, once, and no longer than it is so', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const jobs = kitchenJobs();
  let occupied = true;
  const said = new AppError('busy-elsewhere', 'Somebody else is baking.');
  const refuse = () => jobs.refuse(said, async () => occupied);
  refuse();
  await vi.advanceTimersByTimeAsync(5000);
  refuse();
  const failures = () => jobs.store.getState().failures.map(({ screen, message }) => `${screen}: ${message}`);
  expect(failures()).toEqual(['null: Somebody else is baking.']);
  occupied = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(failures()).toEqual([]);
  // Dismissed by the user, it is not looked after any more.
  occupied = true;
  refuse();
  jobs.dismiss(jobs.store.getState().failures[0]?.id ?? -1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test('the jobs of a scope are cancelled together, and others go on', async () => {
  const jobs = kitchenJobs();
  const aborted: string[] = [];
  const ends = gate();
  for (const scope of ['home', 'away', null]) {
    void jobs.run({ ...whisk, scope }, async ({ signal }) => {
      signal.addEventListener('abort', () => aborted.push(`${scope}`));
      await ends.passed;
    });
  }
  jobs.cancel(({ scope }) => scope === 'home');
  expect(aborted).toEqual(['home']);
  expect(await jobs.idle(1)).toBe(false);
  ends.open();
  expect(await jobs.idle()).toBe(true);
});

test('failures whose cause is mended are taken back, and no others', async () => {
  const jobs = kitchenJobs();
  const gone = new AppError('files-gone', 'The recipe is gone. Bring it again.');
  await jobs.run(whisk, async () => {
    throw gone;
  });
  jobs.fail('kitchen', broken);
  jobs.mended('files-gone');
  expect(jobs.store.getState().failures.map(({ message }) => message)).toEqual([broken.message]);
  jobs.fail('kitchen', gone, { label: 'Bring it', run: () => {} });
  jobs.fail('kitchen', gone);
  jobs.mended('files-gone', ({ remedy }) => remedy === null);
  expect(jobs.store.getState().failures.map(({ remedy }) => remedy?.label)).toEqual([undefined, 'Bring it']);
});
