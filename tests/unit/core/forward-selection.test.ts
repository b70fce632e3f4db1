import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gainOf, type Judgement, forwardSelection as select } from '../../../src/core/forward-selection.ts';

const forwardSelection = async (...asked: Parameters<typeof select<string>>) =>
  (await select(...asked)) ?? expect.fail('nothing chosen');

/** Each question is a group of its own. */
const worth = (values: readonly number[], tieBreak = 0): Judgement => ({
  values: Float64Array.from(values),
  groups: Int32Array.from(values.keys()),
  tieBreak,
});

/** Worth by name; of names that are not listed, nothing. */
function shop(values: Readonly<Record<string, readonly number[]>>, tieBreaks: Readonly<Record<string, number>> = {}) {
  const asked: string[] = [];
  return {
    asked,
    judge: async (name: string): Promise<Judgement> => {
      asked.push(name);
      return worth(values[name] ?? [0, 0, 0, 0], tieBreaks[name] ?? 0);
    },
  };
}

const further = (letters: string) => (chosen: string) =>
  [...letters].filter((letter) => !chosen.includes(letter)).map((letter) => chosen + letter);

describe('forward selection', () => {
  it('starts with the best and takes what helps most, until nothing helps', async () => {
    const { judge, asked } = shop({
      a: [1, 0, 0, 0],
      b: [1, 1, 0, 0],
      ba: [1, 1, 0, 0],
      bc: [1, 1, 1, 1],
      bca: [1, 1, 1, 1],
    });
    const told: string[] = [];
    const { path, complete, tried } = await forwardSelection(
      ['a', 'b', 'c'],
      further('abc'),
      judge,
      () => false,
      ({ candidate }) => told.push(candidate),
    );
    expect(told).toEqual(['b', 'bc']);
    expect(path.map(({ candidate, value }) => [candidate, value])).toEqual([
      ['b', 0.5],
      ['bc', 1],
    ]);
    expect(path[0].gain).toBeNull();
    expect(path[1]?.gain?.mean).toBe(0.5);
    expect([complete, tried, asked]).toEqual([true, 6, ['a', 'b', 'c', 'ba', 'bc', 'bca']]);
  });

  it('takes nothing that helps by no more than the standard error of its gain', async () => {
    // One question of four more: 0.25 ± 0.25.
    const doubtful = shop({ a: [1, 0, 0, 0], ab: [1, 1, 0, 0] });
    expect((await forwardSelection(['a'], further('b'), doubtful.judge)).path).toHaveLength(1);
    // Two of four: 0.5 ± 0.29.
    const sure = shop({ a: [1, 0, 0, 0], ab: [1, 1, 1, 0] });
    expect((await forwardSelection(['a'], further('b'), sure.judge)).path).toHaveLength(2);
  });

  it('lets the tie-break decide among equals, and the first of those that share it', async () => {
    const { judge } = shop({ a: [1, 0], b: [0, 1], c: [1, 0] }, { b: 2, c: 2 });
    expect((await forwardSelection(['a', 'b', 'c'], () => [], judge)).path[0].candidate).toBe('b');
  });

  it('takes a simpler one in place of the best where that is not better by more than the standard error', async () => {
    const { judge } = shop({ a: [1, 0, 0, 0], b: [1, 1, 0, 0], c: [1, 1, 1, 0] });
    const chosen = async (simpler: (one: string, than: string) => boolean) =>
      (await forwardSelection(['a', 'b', 'c'], () => [], judge, simpler)).path[0].candidate;
    expect(await chosen(() => false)).toBe('c');
    // b lacks one question of four: 0.25 ± 0.25. a lacks two: 0.5 ± 0.29.
    expect(await chosen((one, than) => one < than)).toBe('b');
    expect(await chosen((one) => one === 'a')).toBe('c');
  });

  it('chooses the best so far where the time is up, and takes no step that was not judged to its end by less than it', async () => {
    const { judge } = shop({ a: [1, 0, 0, 0], b: [1, 1, 0, 0], ba: [1, 1, 1, 1] });
    const limited = (most: number) => {
      let left = most;
      return (name: string) => (left-- > 0 ? judge(name) : Promise.resolve<Judgement>('late'));
    };
    const ends = async (most: number) => {
      const { path, complete } = await forwardSelection(['a', 'b'], further('ab'), limited(most));
      return [path.at(-1)?.candidate, complete];
    };
    expect(await ends(1)).toEqual(['a', false]);
    expect(await ends(2)).toEqual(['b', false]);
    expect(await ends(3)).toEqual(['ba', true]);
    expect(await select(['a', 'b'], further('ab'), limited(0))).toBeNull();
  });

  it('goes on without what fails', async () => {
    const { judge } = shop({ a: [1, 0, 0, 0], b: [1, 1, 0, 0], ac: [1, 1, 1, 1] });
    const failing = (name: string) => (name.includes('b') ? Promise.resolve<Judgement>('failed') : judge(name));
    const { path, tried, complete } = await forwardSelection(['a', 'b'], further('bc'), failing);
    expect([path.at(-1)?.candidate, tried, complete]).toEqual(['ac', 2, true]);
  });

  it('counts the questions of one group about as one', async () => {
    // Six more of twelve, of one shoot of six: each question by itself would prove it, 0.5 ± 0.15.
    const values: Readonly<Record<string, readonly number[]>> = {
      a: new Array<number>(12).fill(0),
      ab: [...new Array<number>(6).fill(1), ...new Array<number>(6).fill(0)],
    };
    const grouped = (groups: (question: number) => number) => async (name: string) => ({
      ...(worth(values[name] ?? []) as Exclude<Judgement, string>),
      groups: Int32Array.from({ length: 12 }, (_, question) => groups(question)),
    });
    const steps = async (groups: (question: number) => number) =>
      (await forwardSelection(['a'], further('b'), grouped(groups))).path.length;
    expect(await steps((question) => question)).toBe(2);
    expect(await steps((question) => Math.floor(question / 6))).toBe(1);
  });

  it('never loses on its way: every step is worth more than the one before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), { minLength: 31, maxLength: 31 }),
        async (answers) => {
          // A set of letters in whatever order is one model.
          const of = (name: string) => [...name].reduce((sum, letter) => sum + 2 ** 'abcde'.indexOf(letter), 0) - 1;
          const judge = async (name: string) => worth((answers[of(name)] ?? []).map(Number));
          const { path } = await forwardSelection([...'abcde'], further('abcde'), judge);
          path.slice(1).forEach(({ value, gain }, i) => {
            expect(value).toBeGreaterThan(path[i]?.value ?? 1);
            expect(gain?.mean).toBeGreaterThan(gain?.standardError ?? 0);
          });
          const best = Math.max(
            ...[...'abcde'].map((letter) => (answers[of(letter)] ?? []).filter(Boolean).length / 9),
          );
          expect(path[0].value).toBeCloseTo(best, 12);
        },
      ),
    );
  });
});

describe('a gain', () => {
  it('is paired: its error is that of the differences', () => {
    expect(gainOf(Float64Array.of(1, 1, 0, 1), Float64Array.of(0, 1, 0, 0))).toEqual({
      mean: 0.5,
      standardError: expect.closeTo(Math.sqrt(1 / 3) / 2, 12),
    });
    expect(gainOf(Float64Array.of(1, 0), Float64Array.of(1, 0))).toEqual({ mean: 0, standardError: 0 });
  });

  it('has an error over groups: copies of a question prove nothing more', () => {
    const [after, before] = [Float64Array.of(1, 1, 0, 1), Float64Array.of(0, 1, 0, 0)];
    const twice = (values: Float64Array) => Float64Array.from([...values, ...values]);
    const { mean, standardError } = gainOf(twice(after), twice(before), Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3));
    expect(mean).toBe(0.5);
    expect(standardError).toBeCloseTo(gainOf(after, before).standardError, 12);
  });
});
