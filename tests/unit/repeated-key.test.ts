import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatedKey } from '../../src/repeated-key.ts';

test.each<[string, string | null]>([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":{"b":1},"c":{"b":1}}', null],
  ['{"a":[{"b":1},{"b":1,"c":2,"b":3}]}', 'b'],
  ['{"a":"b","b":"a"}', null],
  ['["a","a"]', null],
  ['{"a":["a","a"],"b":"\\"a\\":1,\\"a\\":2"}', null],
  ['{"\\\\":1,"\\\\" \n:2}', '\\'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['"a"', null],
])('%s: %s', (json, key) => {
  JSON.parse(json);
  expect(repeatedKey(json)).toBe(key);
});

test('finds no repeated key in what JSON.stringify writes, and each one that is put in', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, fc.string(), value, value, (inside, key, first, second) => {
      expect(repeatedKey(JSON.stringify(inside))).toBeNull();
      const object = `{${JSON.stringify(key)}:${JSON.stringify(first)},${JSON.stringify(key)} :${JSON.stringify(second)}}`;
      expect(repeatedKey(`[0, ${object}]`)).toBe(key);
    }),
  );
});
