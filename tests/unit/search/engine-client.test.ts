import { expect, test } from 'vitest';
import { rowsOf } from '../../../src/search/backends/engine-client.ts';

const DIMENSIONS = 5;
const row = (at: number) => ({
  id: `${at}`.padStart(32, '0'),
  path: `gallery/ä ${at}.jpg`,
  className: at === 0 ? null : 'cat',
  split: 'gallery' as const,
  hash: `${at}`.padStart(64, '0'),
});

function sent(rows: readonly unknown[], numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(rows));
  const body = new Uint8Array(4 + text.length + 4 * numbers.length);
  new DataView(body.buffer).setUint32(0, text.length, true);
  body.set(text, 4);
  body.set(new Uint8Array(Float32Array.from(numbers).buffer), 4 + text.length);
  return body;
}

const numbers = Array.from({ length: 3 * DIMENSIONS }, (_, i) => i / 7);
const whole = sent([row(0), row(1), row(2)], numbers);
const damaged = expect.objectContaining({ code: 'gallery-unavailable' });

test('rows come with their vectors, wherever their text ends', () => {
  const rows = rowsOf(whole.buffer, DIMENSIONS);
  expect(rows.map(({ vector, ...told }) => told)).toEqual([row(0), row(1), row(2)]);
  expect(rows.flatMap(({ vector }) => [...vector])).toEqual([...Float32Array.from(numbers)]);
  expect(rowsOf(sent([], []).buffer, DIMENSIONS)).toEqual([]);
});

test('rows that end early, or go on, are damaged', () => {
  for (let bytes = 0; bytes < whole.length; bytes++) {
    expect(() => rowsOf(whole.slice(0, bytes).buffer, DIMENSIONS), `${bytes} bytes`).toThrow(damaged);
  }
  expect(() => rowsOf(sent([row(0)], numbers).buffer, DIMENSIONS)).toThrow(damaged);
});

test.each([
  ['a length beyond the end', Uint8Array.of(255, 255, 255, 255, 91, 93)],
  ['another form', sent([{ ...row(0), id: '../x' }], numbers.slice(0, DIMENSIONS))],
  ['no list', sent([], []).fill(123, 4)],
  ['numbers that are not finite', sent([row(0)], [0, 1, Number.NaN, 3, 4])],
  ['infinite numbers', sent([row(0)], [0, 1, 2, 3, Number.POSITIVE_INFINITY])],
])('%s is refused', (_, body) => {
  expect(() => rowsOf(body.buffer, DIMENSIONS)).toThrow(damaged);
});
