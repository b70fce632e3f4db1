import { expect, test } from 'vitest';
import { askedChoice, parseDashboardAddress, withChoice } from '../../../src/ui/dashboard/dashboard-address.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

const runs = ['x', 'y'].map((id) => ({
  ...fakeRun({ members: [frozen(id)], top1: 0.5, mapAtR: 0.3, labelled: false }),
  id,
}));
const shown = { a: 'x', aChosen: true, b: 'y', split: 'validation', metric: 'top10' } as const;
const asked = (parameters: string) => askedChoice(parseDashboardAddress(parameters), runs, shown);

test('reads what is known and passes over what is not', () => {
  expect(parseDashboardAddress('tab=look&a=x&split=test&query=1')).toEqual({
    tab: 'look',
    a: 'x',
    b: null,
    split: 'test',
    metric: null,
  });
  expect(parseDashboardAddress('metric=mrr').metric).toBe('mrr');
  expect(parseDashboardAddress('metric=__proto__').metric).toBeNull();
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

test('an address that names the run shown pins it where it was shown as the best', () => {
  const best = { ...shown, aChosen: false };
  expect(askedChoice(parseDashboardAddress('a=x&b=y'), runs, best)).toEqual({ a: 'x', b: 'y' });
  expect(askedChoice(parseDashboardAddress('b=y'), runs, best)).toEqual({});
});

test('an address chooses what models are judged by', () => {
  expect(asked('metric=top1')).toEqual({ metric: 'top1' });
  expect(asked('metric=top10')).toEqual({});
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
  expect(withChoice('tab=look&class=apple&b=old', { ...shown, a: 'x+y', b: null, split: 'test' })).toBe(
    'tab=look&class=apple&a=x%2By&split=test',
  );
  expect(withChoice('tab=map', { ...shown, a: null, b: null, split: 'test' })).toBe('tab=map');
  // The best run goes without saying, so that a better one takes its place after a reload.
  expect(withChoice('tab=map&metric=top1', { ...shown, aChosen: false })).toBe('tab=map&b=y&split=validation');
  expect(withChoice('', { ...shown, metric: 'top1' })).toBe('a=x&b=y&split=validation&metric=top1');
});
