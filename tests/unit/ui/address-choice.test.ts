import { expect, test } from 'vitest';
import { askedChoice, parseDashboardAddress, withChoice } from '../../../src/ui/dashboard/address-choice.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

const runs = [
  fakeRun({ members: [frozen('x')], top1: 0.5, mapAtR: 0.3, labelled: false }),
  fakeRun({ members: [frozen('y')], top1: 0.6, mapAtR: 0.3, labelled: false }),
];
const shown = { a: 'x', b: 'y', split: 'validation' } as const;
const asked = (parameters: string) => askedChoice(parseDashboardAddress(parameters), runs, shown);

test('reads what is known and passes over what is not', () => {
  expect(parseDashboardAddress('tab=look&a=x&split=test&query=1')).toEqual({
    tab: 'look',
    a: 'x',
    b: null,
    split: 'test',
  });
  expect(parseDashboardAddress('split=training').split).toBeNull();
});

test('an address that names nothing, or what is shown, asks for nothing', () => {
  expect(asked('')).toEqual({});
  expect(asked('tab=look&class=apple')).toEqual({});
  expect(asked('a=x&b=y&split=validation')).toEqual({});
});

test('an address that names A names B too: without it there is none', () => {
  expect(asked('a=x')).toEqual({ a: 'x', b: null });
  expect(asked('a=y&b=x')).toEqual({ a: 'y', b: 'x' });
  expect(asked('b=x')).toEqual({ b: 'x' });
});

test('runs that are gone and splits that were not scored are passed over', () => {
  expect(asked('a=gone&b=y')).toEqual({});
  expect(asked('a=gone')).toEqual({ b: null });
  expect(asked('split=test')).toEqual({});
  expect(
    askedChoice(
      parseDashboardAddress('split=test'),
      [fakeRun({ members: [finetuned('z')], top1: 1, mapAtR: 1 })],
      shown,
    ),
  ).toEqual({
    split: 'test',
  });
});

test('writes the choice and leaves the parameters of the tab', () => {
  expect(withChoice('tab=look&class=apple&b=old', { a: 'x+y', b: null, split: 'test' })).toBe(
    'tab=look&class=apple&a=x%2By&split=test',
  );
  expect(withChoice('tab=map', { a: null, b: null, split: 'test' })).toBe('tab=map');
});
