import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { fillComparison } from './fake-comparison.ts';
import { fillDataset, fillModels, fillSearch } from './fake-state.ts';
import { called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

async function mountSearch(address = '/search'): Promise<void> {
  await page.viewport(1440, 900);
  fillDataset();
  fillModels();
  fillComparison('done');
  fillSearch(10);
  await mountAt(address);
}

const choice = (): HTMLSelectElement => {
  const select = document.querySelector<HTMLSelectElement>('select[aria-label="Hide neighbours below a precision of"]');
  if (!select) throw new Error('There is no choice of a precision.');
  return select;
};

const tiles = () => document.querySelectorAll('main [data-verdict]').length;
const line = () => document.getElementById(choice().getAttribute('aria-describedby') ?? '')?.textContent;

test('hides what is less similar than the cut-off, and says how many and where', async () => {
  await mountSearch();
  await eventually(() => expect(tiles()).toBe(10));
  expect(line()).toBe('');
  const { neighbours, runId } = workspace().search.getState();
  const similarity = neighbours[6]?.similarity ?? 0;
  const kept = neighbours.filter((neighbour) => neighbour.similarity >= similarity).length;
  workspace().cutoff.setState({
    precision: 0.9,
    runId,
    reason: null,
    cutoff: { similarity, kept: 42, precision: 0.9 },
  });
  await eventually(() => expect(tiles()).toBe(kept));
  expect(line()).toContain(`${10 - kept} of 10 neighbours hidden, less similar than ${similarity.toFixed(2)}`);
  expect(line()).toContain('at least 90 % of this model’s 42 validation neighbours are right');
  // For a model that is not searched with, it hides nothing.
  workspace().cutoff.setState({ runId: 'another' });
  await eventually(() => expect(tiles()).toBe(10));
});

test('where all are hidden, it says so', async () => {
  await mountSearch();
  const { runId } = workspace().search.getState();
  workspace().cutoff.setState({
    precision: 0.5,
    runId,
    reason: null,
    cutoff: { similarity: 2, kept: 1, precision: 1 },
  });
  await eventually(() => expect(document.body.textContent).toContain('All neighbours are hidden by the cut-off'));
});

test('the choice offers what can be asked for, and asks for it', async () => {
  await mountSearch();
  await eventually(() =>
    expect([...choice().options].map(({ label }) => label)).toEqual(['Off', '50 %', '75 %', '90 %', '95 %']),
  );
  choice().value = '0.75';
  choice().dispatchEvent(new Event('change', { bubbles: true }));
  await eventually(() => expect(called('setCutoff')).toEqual([[0.75]]));
});

test('where the run has no validation, it cannot be chosen and says why', async () => {
  await mountSearch();
  const { runId } = workspace().search.getState();
  workspace().cutoff.setState({ runId, reason: 'There is no cut-off for this run: reasons.' });
  await eventually(() => expect(choice().disabled).toBe(true));
  expect(line()).toBe('There is no cut-off for this run: reasons.');
});

test('the address carries the precision', async () => {
  await mountSearch('/search?precision=90&k=10');
  await eventually(() => expect(called('setCutoff')).toEqual([[0.9]]));
  await eventually(() => expect(location.hash).toContain('precision=90'));
});
