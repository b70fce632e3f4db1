import { expect, test } from 'vitest';
import { doneOneByOne, type Piece } from '../../../src/core/setbacks.ts';
import { AppError, aborted } from '../../../src/errors.ts';

const piece = (id: string, ...needs: string[]): Piece => ({ id, name: `Work ${id}`, needs });
const pieces = [
  piece('get a'),
  piece('embed a', 'get a'),
  piece('score a', 'embed a'),
  piece('embed descriptor'),
  piece('score descriptor', 'embed descriptor'),
  piece('score both', 'embed a', 'embed descriptor'),
];
const noRoom = new AppError('storage-full', 'The browser gives no more room.');

async function run(failing: Readonly<Record<string, Error>>) {
  const done: string[] = [];
  const ended = doneOneByOne(pieces, async ({ id }) => {
    const error = failing[id];
    if (error) throw error;
    done.push(id);
  });
  return {
    done,
    error: await ended.then(
      () => null,
      (error: unknown) => error,
    ),
  };
}

test('a model without room leaves what needs it, and nothing else', async () => {
  const { done, error } = await run({ 'get a': noRoom });
  expect(done).toEqual(['embed descriptor', 'score descriptor']);
  expect(error).toMatchObject({
    code: 'storage-full',
    message: 'Work get a: The browser gives no more room. All that does not need it was done.',
  });
});

test('several are all named, and the first decides what is offered', async () => {
  const { done, error } = await run({
    'score a': new AppError('weights-refused', 'One embedding for all.'),
    'embed descriptor': noRoom,
  });
  expect(done).toEqual(['get a', 'embed a']);
  expect(error).toMatchObject({
    code: 'weights-refused',
    message: expect.stringMatching(/Work score a: One embedding for all\. Work embed descriptor: .*All that/),
  });
});

test.each([aborted(), new AppError('files-gone', 'Gone.'), new Error('a bug')])('%s ends all of it', async (error) => {
  const { done, error: thrown } = await run({ 'embed a': error });
  expect(done).toEqual(['get a']);
  expect(thrown).toBe(error);
});

test('without a failure nothing is said', async () => {
  expect(await run({})).toMatchObject({ error: null, done: pieces.map(({ id }) => id) });
});
