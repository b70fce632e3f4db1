import { expect, test } from 'vitest';
import { createDatasetStore } from '../../../../src/app/dataset/dataset.ts';
import { retryWithFiles } from '../../../../src/app/search/retry.ts';
import { createSearchStore } from '../../../../src/app/search/search.ts';

test('a search that failed is tried again once the files are here, and at no other change', () => {
  const workspace = { dataset: createDatasetStore(), search: createSearchStore() };
  let tries = 0;
  retryWithFiles(workspace, () => tries++);
  workspace.dataset.setState({ files: 'gone' });
  workspace.search.setState({ status: 'failed', error: 'The file cannot be read.' });
  workspace.dataset.setState({ images: [] });
  expect(tries).toBe(0);
  workspace.dataset.setState({ files: 'here' });
  expect(tries).toBe(1);
  workspace.dataset.setState({ images: [] });
  expect(tries).toBe(1);
  // What has an answer keeps it.
  workspace.search.setState({ status: 'done', error: null });
  workspace.dataset.setState({ files: 'gone' });
  workspace.dataset.setState({ files: 'here' });
  expect(tries).toBe(1);
});
