import { expect, it } from 'vitest';
import { breathe } from '../../../src/workers/control.ts';

it('lets messages in, and breaths that overlap end in their order', async () => {
  const { port1, port2 } = new MessageChannel();
  const seen: string[] = [];
  port1.onmessage = () => seen.push('message');
  port2.postMessage(null);
  const breaths = ['first', 'second', 'third'].map((name) => breathe().then(() => seen.push(name)));
  await Promise.all(breaths);
  port1.close();
  expect(seen).toEqual(['message', 'first', 'second', 'third']);
});
