import { expect, test } from 'vitest';
import { announcement, otherPort } from '../../../../scripts/server/announcement.ts';

const weights = [{ id: 'resnet50.tv_in1k', architecture: 'resnet50', bytes: 1, sha256: null }];

test.each(['127.0.0.1', '127.0.0.2', '::1'])('on %s the address, and no warning', (address) => {
  const written = address === '::1' ? '[::1]' : address;
  expect(announcement(address, 4173, [], ['192.168.1.7'])).toBe(`Likeness: http://${written}:4173/`);
});

test('weights that are offered are named in a line', () => {
  expect(announcement('127.0.0.1', 4173, weights)).toBe('Likeness: http://127.0.0.1:4173/\nWeights: resnet50.tv_in1k');
});

test.each(['0.0.0.0', '::', '192.168.1.7', 'fd00::7'])(
  'on %s one line of warning says what browsers leave out',
  (address) => {
    const lines = announcement(address, 4173, [], ['192.168.1.7', '10.0.0.7']).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^Warning: everyone on this network can open the app/);
    for (const missing of ['WebGPU', 'stored weights', 'offline start', 'camera']) expect(lines[1]).toContain(missing);
    expect(lines[1]).toContain('http://localhost:4173/');
  },
);

test('a server on all addresses says which they are', () => {
  const [first, warning] = announcement('0.0.0.0', 80, [], ['192.168.1.7', '10.0.0.7']).split('\n');
  expect(first).toBe('Likeness: http://localhost:80/');
  expect(warning).toContain('at http://192.168.1.7:80/ or http://10.0.0.7:80/');
});

test('another port than the usual one is said, with what it means for data sets', () => {
  expect(otherPort(4173, 4173)).toBeNull();
  expect(otherPort(4173, 4174)).toMatch(
    /^Port 4173 was taken, so the app is at port 4174\. Data sets opened at port 4173/,
  );
});
