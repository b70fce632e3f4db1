import { expect, test } from 'vitest';
import { isAborted } from '../../../src/errors.ts';
import { cancelledWhile } from './map-cancellation.ts';

test.each(['neighbours', 'layout'] as const)('a cancellation while %s ends it within 100 ms', async (stage) => {
  const { error, milliseconds } = await cancelledWhile(stage);
  expect(isAborted(error)).toBe(true);
  console.info(`Cancelled while ${stage}: ended after ${milliseconds.toFixed(0)} ms`);
  expect(milliseconds).toBeLessThan(100);
});
