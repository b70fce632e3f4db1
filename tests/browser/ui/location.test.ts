import { beforeEach, expect, test } from 'vitest';
import { currentParameters, currentPath, navigate, setAddressScope } from '../../../src/ui/location.ts';

beforeEach(() => {
  setAddressScope(null);
  history.replaceState(null, '', '#/');
});

test('an address that came from outside is about the data set that is opened first', () => {
  history.replaceState(null, '', '#/search?query=first&model=a');
  setAddressScope('one');
  expect(currentParameters()).toBe('query=first&model=a');
});

// A model and a ranking chosen for one data set were taken for a choice in the next.
test('what an address says of one data set does not hold for the next', () => {
  setAddressScope('one');
  navigate('/dashboard?tab=look&a=one%3Afrozen&split=test');
  setAddressScope('two');
  expect([currentPath(), currentParameters()]).toEqual(['/dashboard', 'tab=look']);
  navigate('/search?model=two%3Afrozen');
  expect(currentParameters()).toBe('model=two%3Afrozen');
});

test('nor where one goes back to it, and it holds again where that data set is opened again', async () => {
  setAddressScope('one');
  navigate('/search?model=one%3Afrozen');
  setAddressScope('two');
  navigate('/search?model=two%3Afrozen');
  history.back();
  await expect.poll(() => location.hash).toBe('#/search?model=one%3Afrozen');
  expect([currentPath(), currentParameters()]).toEqual(['/search', '']);
  setAddressScope('one');
  expect(currentParameters()).toBe('model=one%3Afrozen');
});

test('another data set begins at its top, the one that is open stays where it is', () => {
  document.body.style.height = '3000px';
  setAddressScope('one');
  scrollTo({ top: 500 });
  setAddressScope('one');
  expect(scrollY).toBe(500);
  setAddressScope('two');
  expect(scrollY).toBe(0);
  document.body.style.height = '';
});
