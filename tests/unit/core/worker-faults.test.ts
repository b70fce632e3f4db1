import { expect, test } from 'vitest';
import { doneOneByOne } from '../../../src/core/setbacks.ts';
import { repeatedOnce, separateFaults, watchOutcomes } from '../../../src/core/worker-faults.ts';
import { AppError, isAborted } from '../../../src/errors.ts';

const never = new AbortController().signal;
const died = () => new AppError('worker-failed', 'A background worker stopped.');
const items = Array.from({ length: 11 }, (_, i) => i);

/** A worker that dies of some items; counts how often each was handed over. */
function fragile(poison: readonly number[]) {
  const handed = new Map<number, number>();
  const work = async (some: readonly number[]) => {
    for (const item of some) handed.set(item, (handed.get(item) ?? 0) + 1);
    if (some.some((item) => poison.includes(item))) throw died();
    return some.map((item) => item * 10);
  };
  return { work, handed };
}

test('what is well is worked on once', async () => {
  const { work, handed } = fragile([]);
  const outcomes = await separateFaults(items, never, work);
  expect(outcomes).toEqual(items.map((item) => ({ ok: true, value: item * 10 })));
  expect([...handed.values()]).toEqual(items.map(() => 1));
});

test.each([[[0]], [[10]], [[4, 5]], [[0, 3, 9]], [items]])(
  '%j alone are at fault, the others have results',
  async (poison) => {
    const outcomes = await separateFaults(items, never, fragile(poison).work);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.error.code))).toEqual(
      items.map((item) => (poison.includes(item) ? 'worker-failed' : item * 10)),
    );
  },
);

test('bad luck accuses nobody', async () => {
  for (const unlucky of [1, 2, 3]) {
    let calls = 0;
    const outcomes = await separateFaults([1, 2, 3, 4], never, async (some) => {
      if (++calls <= unlucky) throw died();
      return some;
    });
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  }
});

test('what no item can be blamed for ends the work', async () => {
  let calls = 0;
  const refused = separateFaults(items, never, async () => {
    calls++;
    throw new AppError('storage-refused', 'The disk is full.');
  });
  await expect(refused).rejects.toMatchObject({ code: 'storage-refused' });
  expect(calls).toBe(1);
});

test('a cancellation ends the search for the one at fault', async () => {
  const controller = new AbortController();
  const { work } = fragile([3]);
  const searching = separateFaults(items, controller.signal, (some) => {
    controller.abort();
    return work(some);
  });
  expect(isAborted(await searching.catch((error: unknown) => error))).toBe(true);
});

test('a call is repeated where its worker failed, once, and not otherwise', async () => {
  const failing = (errors: readonly AppError[]) => {
    const left = [...errors];
    return repeatedOnce(never, async () => {
      const error = left.shift();
      if (error) throw error;
      return 'done';
    });
  };
  expect(await failing([died()])).toBe('done');
  await expect(failing([died(), died()])).rejects.toMatchObject({ code: 'worker-failed' });
  await expect(failing([new AppError('weights-refused', '')])).rejects.toMatchObject({ code: 'weights-refused' });
});

test('where image after image fails it is not the images', () => {
  const ok = { ok: true, value: 1 } as const;
  const bad = { ok: false, error: died() } as const;
  const unavailable = expect.objectContaining({ code: 'engine-unavailable' });
  const first = watchOutcomes('embedded');
  first([bad, bad, bad]);
  expect(() => first([bad])).toThrow(unavailable);
  const later = watchOutcomes('embedded');
  later([ok, ...Array.from({ length: 15 }, () => bad)]);
  later([ok, ...Array.from({ length: 15 }, () => bad)]);
  expect(() => later([bad])).toThrow(unavailable);
});

test('a network that gives no finite numbers is at fault itself, and no other one stops for it', async () => {
  const notFinite = () => new AppError('not-finite', 'The network gave numbers that are not finite.');
  const outcomes = await separateFaults(items, never, async () => {
    throw notFinite();
  });
  const watch = watchOutcomes('embedded');
  expect(() => watch(outcomes)).toThrow(/its weights are damaged, whatever the images/);
  const done: string[] = [];
  const pieces = ['ResNet-50', 'DeiT-Tiny'].map((name) => ({ id: name, name, needs: [] }));
  const all = doneOneByOne(pieces, async ({ name }) => {
    if (name === 'ResNet-50') watchOutcomes('embedded')(outcomes);
    done.push(name);
  });
  await expect(all).rejects.toMatchObject({
    code: 'weights-refused',
    message: expect.stringMatching(/^ResNet-50: The network gave numbers .*All that does not need it was done\.$/),
  });
  expect(done).toEqual(['DeiT-Tiny']);
});

test('one image that a network gives no finite numbers for takes no other down', async () => {
  const outcomes = await separateFaults(items, never, async (some) => {
    if (some.includes(3)) throw new AppError('not-finite', 'No numbers.');
    return some;
  });
  expect(outcomes.map(({ ok }) => ok)).toEqual(items.map((item) => item !== 3));
  expect(() => watchOutcomes('embedded')(outcomes)).not.toThrow();
});
