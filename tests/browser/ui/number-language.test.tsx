import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { AppError } from '../../../src/errors.ts';
import { numeralOf } from '../../../src/numerals.ts';
import { fillDataset, fillModels, fillSearch, fillSettings } from './fake-state.ts';
import { byName, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

function select(): HTMLSelectElement {
  const label = byName('label', 'Numbers');
  const control = document.getElementById(label.getAttribute('for') ?? '');
  if (!(control instanceof HTMLSelectElement)) throw new Error('There is no choice of numbers.');
  return control;
}

test('numbers are written as chosen, on this screen and every other; the focus stays where the choice was made', async () => {
  await page.viewport(1280, 800);
  fillDataset({ counts: { training: 12_400, query: 182, gallery: 648 } });
  fillModels();
  fillSearch();
  fillSettings();
  await mountAt('/settings');
  const control = await eventually(select);
  control.focus();
  control.value = 'de';
  control.dispatchEvent(new Event('change', { bubbles: true }));
  expect(settingsStore.getState().numbers).toBe('de');
  await eventually(() => expect(document.activeElement).toBe(select()));
  expect(select().value).toBe('de');

  location.hash = '#/search';
  await eventually(() => byName('button', /^Rank 1, .*similarity 0,91/));
  expect(document.querySelector('[title*="searched 648 images in 0,42 ms"]')).not.toBeNull();
  location.hash = '#/data';
  await eventually(() => expect(document.body.textContent).toContain('12.400'));
  // What went wrong is told by code that knows no language.
  jobs.fail('data', new AppError('dataset-unusable', `${numeralOf(12_345, 'row is', 'rows are')} of no image.`));
  await eventually(() => expect(document.body.textContent).toContain('12.345 rows are of no image.'));
  jobs.store.setState({ failures: [] });
});
