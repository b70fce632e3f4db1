import { expect, onTestFinished, test } from 'vitest';
import { bake, gate, kitchenJobs, memoryJournal } from '../../unit/jobs/kitchen.ts';

let made = 0;
const oven = { stage: 'Baking', unit: 'minutes' } as const;
const progress = { done: 3, total: 40, rate: 1, secondsLeft: 37 };
const steps = { obtainInput: async () => {}, reload: async () => {}, resume: async () => {} };

/** Two tabs of one browser on the same kitchen: locks and channel are the browser's, the journal is one. */
async function twoTabs() {
  const kept = memoryJournal();
  const name = `kitchen ${Date.now()} ${made++}`;
  const tab = () => {
    const jobs = kitchenJobs({ name, journal: kept.journal });
    onTestFinished(jobs.close);
    return jobs;
  };
  const [one, two] = [tab(), tab()];
  for (const jobs of [one, two]) await jobs.show({ scope: 'home', needsInput: async () => true });
  return { one, two, name, ...kept };
}

/** Work that ends when it is told to, or is cancelled. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

test('the other tab is told of the work and its progress, is refused while it lasts, and hears of its end', async () => {
  const { one, two } = await twoTabs();
  const end = gate();
  const baked = one.start(bake('lemon'), ({ run }) =>
    run(oven, async ({ report }) => {
      report(progress);
      await end.passed;
    }),
  );
  const working = () => two.otherTab.store.getState().working;
  // What was told when the lock was taken had no progress yet: who opens the kitchen now asks.
  await expect.poll(working).not.toBeNull();
  await two.show({ scope: 'home', needsInput: async () => true });
  await expect.poll(working).toEqual([{ ...oven, part: null, progress }]);
  expect(two.interrupted.store.getState().jobs).toEqual([]);

  expect(await two.start(bake('lemon'), async () => expect.unreachable())).toBe(false);
  expect(await two.exclusively(['elsewhere', 'home'], async () => expect.unreachable())).toBe(false);
  // Said once, and on every screen: it stands wherever it was asked for.
  const refusals = () => two.store.getState().failures.map(({ screen, message }) => `${screen}: ${message}`);
  expect(refusals()).toEqual(['null: Another tab has home.']);
  // What it had got of its locks is free again.
  expect(await one.exclusively(['elsewhere'], async () => {})).toBe(true);

  const heard: string[] = [];
  two.on(({ kind }) => heard.push(kind));
  end.open();
  expect(await baked).toBe(true);
  await expect.poll(working).toBeNull();
  expect(heard).toEqual(['ended-elsewhere']);
  await expect.poll(refusals).toEqual([]);
  expect(one.otherTab.store.getState().working).toBeNull();
});

test('taking over stops the other tab, shows what is stored, and resumes what was left', async () => {
  const { one, two, entries } = await twoTabs();
  const left = one.start(bake('lemon'), ({ run }) => run(oven, ({ signal }) => untilAborted(signal)));
  await expect.poll(() => two.otherTab.store.getState().working).not.toBeNull();
  const log: string[] = [];
  await two.otherTab.takeOver({
    obtainInput: async () => void log.push('input'),
    reload: async () => void log.push('reload'),
    async resume() {
      await two.interrupted.refresh();
      await two.interrupted.resume((job) =>
        two.start(job, async () => {
          log.push(`resume ${job.kind}`);
          // The first tab shows now what the second does.
          await expect.poll(() => one.otherTab.store.getState().working).not.toBeNull();
          return true;
        }),
      );
    },
  });
  expect(await left).toBe(false);
  expect(log).toEqual(['input', 'reload', 'resume bake']);
  expect(one.store.getState().failures).toEqual([]);
  expect(two.otherTab.store.getState()).toEqual({ working: null, takingOver: false });
  expect(entries.get('home bake')?.entry.state).toBe('finished');
  await expect.poll(() => one.otherTab.store.getState().working).toBeNull();
});

test('nothing is stopped where what the jobs need is not given', async () => {
  const { one, two, entries } = await twoTabs();
  void one.start(bake('lemon'), ({ run }) => run(oven, ({ signal }) => untilAborted(signal)));
  await expect.poll(() => two.otherTab.store.getState().working).not.toBeNull();
  const refused = two.otherTab.takeOver({ ...steps, obtainInput: () => Promise.reject(new Error('no key')) });
  await expect(refused).rejects.toThrow('no key');
  expect(two.otherTab.store.getState().takingOver).toBe(false);
  expect(one.store.getState().running).toHaveLength(1);
  expect(entries.get('home bake')?.entry.state).toBe('started');
});

test('a tab that ends without a word is noticed, and its job is then interrupted', async () => {
  const { two, name, journal } = await twoTabs();
  // As a tab that crashes leaves it: started in the journal, a lock that the browser frees, and no message.
  const crash = gate();
  onTestFinished(crash.open);
  await new Promise<void>((resolve) => {
    void navigator.locks.request(`${name}-work:home`, () => {
      resolve();
      return crash.passed;
    });
  });
  const times = { startedAt: 1, changedAt: 1 };
  const entry = { job: bake('lemon'), state: 'started', stage: 'Baking', progress: null, ...times } as const;
  await journal.put({ scope: 'home', name: 'bake' }, entry);
  await two.show({ scope: 'home', needsInput: async () => false });
  await expect.poll(() => two.otherTab.store.getState().working).toEqual([]);
  expect(two.interrupted.store.getState().jobs).toEqual([]);
  crash.open();
  await expect.poll(() => two.otherTab.store.getState().working).toBeNull();
  await expect.poll(() => two.interrupted.store.getState().jobs.map(({ job }) => job)).toEqual([bake('lemon')]);
});
