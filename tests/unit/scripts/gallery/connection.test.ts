import { expect, test } from 'vitest';
import { connected, engineAt, engineFailure } from '../../../../scripts/gallery/connection.ts';

test('a port where nothing listens is named in plain words, without the user', async () => {
  const engine = engineAt('postgres://me@127.0.0.1:1/db', 'argument');
  await expect(connected(engine, async () => {})).rejects.toMatchObject({
    code: 'engine-unavailable',
    message:
      'postgres://127.0.0.1:1/db: nothing answers at 127.0.0.1:1. Start the database server there, or name its host and port.',
  });
});

test('of a name with several addresses, and of one that nobody knows, the name is said', () => {
  const engine = engineAt('postgres://me@galleries.test/db', 'argument');
  const refused = (address: string) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}:5432`), { code: 'ECONNREFUSED', address, port: 5432 });
  expect(engineFailure(engine, new AggregateError([refused('::1'), refused('127.0.0.1')])).message).toContain(
    'nothing answers at galleries.test:5432.',
  );
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND galleries.test'), { code: 'ENOTFOUND' });
  expect(engineFailure(engine, unknown).message).toContain('no machine of the name galleries.test is found.');
});
