import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { licenceLimits } from '../../../src/models/specs/licences.ts';

test('licences that forbid something say what, in any case of letters', () => {
  expect(licenceLimits('Apache-2.0')).toBeNull();
  expect(licenceLimits('CC-BY-NC-4.0')).toContain('commercial');
  expect(licenceLimits('apple-amlr')).toContain('research');
});

test('one that is not known, or not named, is not taken for an open one', () => {
  expect(licenceLimits('dinov3-license')).toContain('terms of its own');
  expect(licenceLimits('constructor')).toContain('terms of its own');
  expect(licenceLimits(null)).toContain('not named');
});

test('nothing built in forbids anything', () => {
  for (const { id, licence, origin } of BACKBONES) {
    if (origin === 'hub') expect(licenceLimits(licence), id).toBeNull();
  }
});

test('every licence of timm’s sets is known, or said to be one of its own', () => {
  const text = readFileSync(new URL('../../fixtures/timm/members.json', import.meta.url), 'utf8');
  const limits = new Map(
    [...text.matchAll(/"license": "([^"]+)"/g)].map(([, name = '']) => [name, licenceLimits(name)]),
  );
  expect(Object.fromEntries(limits)).toEqual({
    'apache-2.0': null,
    'bsd-3-clause': null,
    mit: null,
    'cc-by-nc-4.0': 'forbids commercial use',
    'fair-noncommercial-research-license': 'allows research alone, and forbids commercial use',
    'apple-amlr': 'allows research alone',
    'apple-ascl': 'has terms of its own: read them before you use these weights',
    'dinov3-license': 'has terms of its own: read them before you use these weights',
  });
});
