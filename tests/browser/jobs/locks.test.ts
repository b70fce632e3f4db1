import { expect, onTestFinished, test } from 'vitest';
import { createLocks } from '../../../src/jobs/locks.ts';

let made = 0;
const fresh = () => `test ${Date.now()} ${made++}`;
const lock = (what: string) => `test-work:${what}`;
const { hold, holdInTurn, holds, heldElsewhere, on } = createLocks('test-work');

/** Another tab that has the lock; resolves to how it lets go. */
async function anotherTab(what: string): Promise<() => void> {
  let letGo = () => {};
  const ended = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  onTestFinished(letGo);
  await new Promise<void>((resolve) => {
    void navigator.locks
      .request(lock(what), () => {
        resolve();
        return ended;
      })
      .catch(() => {});
  });
  return letGo;
}

test('jobs of one tab share its lock, which is free once the last has let go', async () => {
  const what = fresh();
  const [one, two] = [await hold(what), await hold(what)];
  expect(holds(what)).toBe(true);
  one?.();
  one?.();
  expect(holds(what)).toBe(true);
  two?.();
  expect(holds(what)).toBe(false);
  // At once: the browser may not have taken note yet.
  expect(await heldElsewhere(what)).toBe(false);
  const again = await hold(what);
  expect(again).not.toBeNull();
  again?.();
});

test('what another tab has is refused until that tab lets go', async () => {
  const what = fresh();
  const letGo = await anotherTab(what);
  expect(await hold(what)).toBeNull();
  expect(await heldElsewhere(what)).toBe(true);
  const inTurn = holdInTurn(what);
  letGo();
  const release = await inTurn;
  expect(holds(what)).toBe(true);
  release();
  expect(await heldElsewhere(what)).toBe(false);
});

test('a tab that does not let go loses its lock, and is told', async () => {
  const what = fresh();
  // Seen from the tab that hangs: the other one takes the lock by force.
  const events: string[] = [];
  on((event) => {
    if (event.lock === what) events.push(event.kind);
  });
  const late = await hold(what);
  void navigator.locks.request(lock(what), { steal: true }, () => {});
  await expect.poll(() => events).toEqual(['held', 'lost']);
  expect(holds(what)).toBe(false);

  // Seen from the one that waits.
  await anotherTab(what);
  const release = await holdInTurn(what, 200);
  expect(holds(what)).toBe(true);

  // Work of before wakes up and lets go of what it has lost: the lock that was taken since stays.
  late?.();
  expect(holds(what)).toBe(true);
  release();
  expect(holds(what)).toBe(false);
});
