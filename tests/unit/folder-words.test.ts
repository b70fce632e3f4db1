import { expect, test } from 'vitest';
import { FOLDER_AGAIN } from '../../src/errors.ts';

const sources = import.meta.glob('../../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
/** What stands while a folder is over the window, and on the first screen, which has a button beside it. */
const WHERE_IT_CAN_BE_DROPPED = /\/(DropTarget|Start)\.tsx$/;

/** Lines with words for users: without comments, which are for those who read the code. */
const linesOf = (text: string): string[] => text.split('\n').filter((line) => !/^\s*(\/?\*|\/\/|\{\/\*)/.test(line));

test('no sentence asks to drop a folder: a touch screen cannot, and a folder can be chosen everywhere', () => {
  const asking = Object.entries(sources).flatMap(([path, text]) =>
    WHERE_IT_CAN_BE_DROPPED.test(path)
      ? []
      : linesOf(String(text)).filter((line) => /\bdrop (\w+ ){0,2}(folder|all)\b/i.test(line)),
  );
  expect(asking).toEqual([]);
});

test('how the folder is opened again is said by one constant', () => {
  const written = Object.entries(sources).filter(([, text]) => String(text).includes(FOLDER_AGAIN));
  expect(written.map(([path]) => path)).toEqual(['../../src/errors.ts']);
});
