import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { installationStore } from '../../../src/app/settings/install.ts';
import { pathStore } from '../../../src/app/settings/path.ts';
import { BASELINE, fakeRun, finetuned, frozen } from './fake-comparison.ts';
import { fillDataset, fillJobs, fillModels, fillSearch } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const steps = (): string[] =>
  [...byName('section', 'Steps').querySelectorAll('li')].map((step) => step.textContent.replace(/^\d/, ''));

test('the steps say what is done and what is next, and lead there', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/comparison');
  await eventually(() => expect(steps()).toEqual(['Data, next', 'Models', 'Comparison', 'Search', 'Dashboard']));
  expect(byName('section', 'Steps').textContent).toContain('Next: open a folder of images, or try the demo.');
  expect(byName('section[aria-label=Steps] a', 'Data').getAttribute('href')).toBe('#/data');

  fillDataset();
  fillModels();
  workspace().models.setState(({ rows }) => ({ rows: rows.map((row) => ({ ...row, embedded: 0 })) }));
  await eventually(() => expect(steps().slice(0, 2)).toEqual(['Data, done', 'Models, next']));
  fillModels();
  await eventually(() => expect(steps().slice(1, 3)).toEqual(['Models, done', 'Comparison, next']));
  // On its own screen the next step needs no way there.
  expect(document.querySelector('section[aria-label=Steps] a')).toBeNull();

  const run = (member: ReturnType<typeof frozen>) => fakeRun({ members: [member], top1: 0.4, mapAtR: 0.1 });
  const rail = (): string =>
    [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('aria-label')).join();
  // Rail and guide say the same of one model alone.
  workspace().comparison.setState({ runs: [run(frozen(BASELINE))] });
  await eventually(() => expect(steps()[2]).toBe('Comparison, next'));
  expect(rail()).toContain('Comparison, ready');
  workspace().comparison.setState({ runs: [run(frozen(BASELINE)), run(finetuned(BASELINE))] });
  await eventually(() => expect(rail()).toContain('Comparison, compared'));
  // It leads on to both that are left.
  await eventually(() => expect(byName('section[aria-label=Steps] a', 'Search').getAttribute('href')).toBe('#/search'));
  expect(byName('section[aria-label=Steps] a', 'Dashboard').getAttribute('href')).toBe('#/dashboard');
});

test('before it is known what is embedded, the steps claim nothing and take the same room', async () => {
  await page.viewport(1440, 900);
  fillDataset();
  fillModels();
  workspace().models.setState({ counted: false });
  await mountAt('/data');
  const strip = await eventually(() => byName('section', 'Steps'));
  expect(strip.textContent).not.toContain('Next');
  const top = () => document.querySelector('main h1')?.getBoundingClientRect().top;
  const before = top();
  const { height } = strip.getBoundingClientRect();
  workspace().models.setState({ counted: true });
  await eventually(() => expect(strip.textContent).toContain('Next: compare'));
  expect(top()).toBe(before);
  fillJobs();
  await eventually(() => expect(strip.textContent).toContain('Work is under way'));
  expect(strip.getBoundingClientRect().height).toBe(height);
});

test.each([1440, 1280, 1024, 700, 390])('at %i px the steps are of one height, whatever they say', async (width) => {
  await page.viewport(width, 900);
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/comparison');
  const heights = new Set<number>();
  const note = async (words: string) => {
    await eventually(() => expect(byName('section', 'Steps').textContent).toContain(words));
    heights.add(byName('section', 'Steps').getBoundingClientRect().height);
  };
  await note('open a folder');
  fillDataset();
  fillModels();
  await note('compare a model');
  const run = (member: ReturnType<typeof frozen>) => fakeRun({ members: [member], top1: 0.4, mapAtR: 0.1 });
  workspace().comparison.setState({ runs: [run(frozen(BASELINE)), run(finetuned(BASELINE))] });
  await note('see which model is best');
  fillJobs();
  await note('Work is under way');
  expect(heights.size).toBe(1);
});

test('a search and a look at the dashboard are noted; with all steps done the guide goes with the screen', async () => {
  fillDataset();
  fillModels();
  fillSearch();
  await mountAt('/search');
  await eventually(() => expect(called('markSeen')).toEqual([['search']]));
  const run = (member: ReturnType<typeof frozen>) => fakeRun({ members: [member], top1: 0.4, mapAtR: 0.1 });
  workspace().comparison.setState({ runs: [run(frozen(BASELINE)), run(finetuned(BASELINE))] });
  const id = workspace().dataset.getState().dataset?.id;
  pathStore.setState({ seen: [`${id} search`, `${id} dashboard`] });
  await eventually(() => expect(byName('section', 'Steps').textContent).toContain('All steps are done.'));
  // The rail's marks are those of the steps.
  const marks = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('aria-label'));
  expect(marks.filter((mark) => mark?.endsWith(', done'))).toEqual(['Search, done', 'Dashboard, done']);
  byName('nav a', /^Models/).click();
  await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Models'));
  expect(document.querySelector('section[aria-label=Steps]')).toBeNull();
});

test('while something runs, the guide sends nobody to do it again', async () => {
  fillDataset();
  fillModels();
  fillJobs();
  await mountAt('/data');
  const guide = await eventually(() => byName('section', 'Steps'));
  expect(guide.textContent).toContain('Work is under way');
  expect(guide.querySelector('a')).toBeNull();
});

test('the steps can be taken away', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/data');
  (await eventually(() => byName('button', 'Hide the steps'))).click();
  expect(called('showPath')).toEqual([[false]]);
  await eventually(() => expect(document.querySelector('section[aria-label=Steps]')).toBeNull());
});

test('a new version waits for a press', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/data');
  expect(document.body.textContent).not.toContain('new version');
  installationStore.setState({ update: 'ready' });
  (await eventually(() => byName('button', 'Reload now'))).click();
  expect(called('takeUpdate')).toHaveLength(1);
});
