import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { hands } from '../../../src/app/dataset/demo-results.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { AppError } from '../../../src/errors.ts';
import { BASELINE, fakeRun, finetuned, frozen } from './fake-comparison.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fillDataset, fillModels, HOSTILE_NAME } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(() => {
  unmount();
  vi.restoreAllMocks();
});

test('of 20,000 images only those in sight are in the document, and pictures out of sight are released', async () => {
  await page.viewport(1200, 800);
  fillDataset({ counts: { training: 20_000, query: 10, gallery: 10 } });
  const handedOut = vi.spyOn(URL, 'createObjectURL');
  const released = vi.spyOn(URL, 'revokeObjectURL');
  await mountAt('/data');
  await eventually(() => expect(document.querySelectorAll('main li img').length).toBeGreaterThan(8));
  expect(document.querySelectorAll('main li').length).toBeLessThan(250);

  // The row of the tab stop stays in the document, out of sight.
  const firstInSight = () =>
    [...document.querySelectorAll('main li')]
      .find((tile) => tile.getBoundingClientRect().bottom > 0)
      ?.getAttribute('title');
  const first = firstInSight();
  window.scrollTo(0, document.documentElement.scrollHeight / 2);
  await eventually(() => {
    expect(firstInSight()).toBeDefined();
    expect(firstInSight()).not.toBe(first);
  });
  window.scrollTo(0, document.documentElement.scrollHeight);
  const lastOfAll = workspace()
    .dataset.getState()
    .images.findLast(({ split, className }) => split === 'training' && className === 'tomato');
  await eventually(() => {
    const lastShown = [...document.querySelectorAll('main li')].at(-1)?.getAttribute('title');
    expect(lastOfAll?.file).toBe(`tomato/${lastShown}`);
  });
  expect(document.querySelectorAll('main li').length).toBeLessThan(250);
  await eventually(() => expect(handedOut.mock.calls.length - released.mock.calls.length).toBeLessThan(250));
});

test('an image has its file name as text, and is a placeholder until it is read', async () => {
  fillDataset({ counts: { training: 20, query: 0, gallery: 10 }, read: 0 });
  await mountAt('/data');
  await eventually(() => expect(document.querySelector('[aria-label$="not read yet"]')).not.toBeNull());
  fillDataset({ counts: { training: 20, query: 0, gallery: 10 } });
  await eventually(() => expect(document.querySelector('main li img')?.getAttribute('alt')).toMatch(/\.jpg$/));
});

test('names from files are text', async () => {
  fillDataset();
  await mountAt('/data');
  await eventually(() => expect(byName('h3 bdi', HOSTILE_NAME).dir).toBe('auto'));
  expect(document.querySelector('main b')).toBeNull();
  expect(document.documentElement.scrollWidth).toBe(document.documentElement.clientWidth);
});

test('a folder gets another role', async () => {
  fillDataset();
  await mountAt('/data');
  const select = await eventually(() => byName('select', 'Role of groceries/test/query/'));
  if (!(select instanceof HTMLSelectElement)) throw new Error('The role is no select.');
  select.value = 'gallery';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  expect(called('assignRole')).toEqual([['groceries/test/query', 'gallery']]);
});

test('problems are listed by kind and saved as CSV', async () => {
  fillDataset();
  await mountAt('/data');
  byName('button', '2, show the problems').click();
  const table = await eventually(() => byName('table', 'Problems'));
  await eventually(() => expect(table.querySelectorAll('tbody tr').length).toBe(2));
  const kind = byName('select', 'Kind of problem');
  if (!(kind instanceof HTMLSelectElement)) throw new Error('The kind is no select.');
  kind.value = 'leak';
  kind.dispatchEvent(new Event('change', { bubbles: true }));
  await eventually(() => expect(table.querySelectorAll('tbody tr').length).toBe(1));
  expect(table.textContent).toContain('IMG_2001.jpg');
  byName('button', 'Download as CSV').click();
  expect(called('downloadProblems')).toHaveLength(1);
});

test('10,000 problems are a few rows in the document', async () => {
  const one = { kind: 'leak', severity: 'warning', reason: 'The same image.', action: 'kept' } as const;
  const problems = Array.from({ length: 10_000 }, (_, at) => ({ ...one, path: `a/${at}.jpg` }));
  fillDataset();
  workspace().dataset.setState(({ dataset }) => ({ dataset: dataset && { ...dataset, problems } }));
  await mountAt('/data');
  byName('button', '10,000, show the problems').click();
  const table = await eventually(() => byName('table', 'Problems'));
  await eventually(() => expect(table.querySelectorAll('tbody tr').length).toBeGreaterThan(5));
  expect(table.querySelectorAll('tbody tr').length).toBeLessThan(60);
  expect(table.getAttribute('aria-rowcount')).toBe('10001');
});

test('the chart has a text alternative and a table', async () => {
  fillDataset();
  await mountAt('/data');
  const chart = await eventually(() => byName('[role=img]', /^Bar chart/));
  await eventually(() => expect(chart.querySelectorAll('rect').length).toBeGreaterThan(36));
  byName('label', 'Table').click();
  await eventually(() => expect(byName('table', 'Images per class').textContent).toContain('apple'));
});

test.each([
  ['locked', 'Allow reading', 'unlockFiles'],
  ['here', 'Continue reading', 'continueReading'],
] as const)('files that are %s and not all read: the button that goes on', async (files, label, action) => {
  fillDataset({ read: 700 });
  fillModels();
  workspace().dataset.setState({ files });
  await mountAt('/data');
  const notice = await eventually(() => byName('main p', /979 images have not been read/));
  const button = [...(notice.parentElement?.querySelectorAll('button') ?? [])].find(
    (candidate) => candidate.textContent === label,
  );
  button?.click();
  expect(called(action)).toHaveLength(1);
});

test('while the browser asks whether the folder may be read, that is said, and the button is busy', async () => {
  fillDataset({ read: 700 });
  workspace().dataset.setState({ files: 'locked', asking: true });
  await mountAt('/data');
  await eventually(() =>
    byName('main p', /The browser asks whether the folder may be read; allow it, or open the folder again\./),
  );
  expect(byName('button', 'Allow reading').dataset['loading']).toBe('true');
});

test('files that are gone: the folder is chosen again', async () => {
  fillDataset({ read: 700 });
  workspace().dataset.setState({ files: 'gone' });
  await mountAt('/data');
  const notice = await eventually(() => byName('main p', /979 images have not been read/));
  vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (this: HTMLInputElement) {
    expect(this.webkitdirectory).toBe(true);
    const chosen = new DataTransfer();
    chosen.items.add(new File(['x'], 'a.jpg'));
    Object.defineProperty(this, 'files', { value: chosen.files });
    this.dispatchEvent(new Event('change'));
  });
  notice.parentElement?.querySelector('button')?.click();
  await eventually(() => expect(called('addFiles')).toMatchObject([[[{ name: 'a.jpg' }]]]));
});

test('without images the demo is one press away, with the licences of its pictures', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/data');
  byName('button', 'Try the demo').click();
  expect(called('tryDemo')).toHaveLength(1);
  const credits = document.querySelector('main details');
  expect(credits?.querySelectorAll('ul > li')).toHaveLength(hands.length);
  for (const { name, author, licence } of hands) {
    expect(credits?.textContent).toContain(`${name} by ${author}`);
    expect(credits?.textContent).toContain(licence);
  }
});

test('the first thing that the demo shows is a query with its neighbours, frozen and fine-tuned', async () => {
  fillModels();
  await fillDashboard({ queries: 180 });
  workspace().dataset.setState(({ dataset }) => ({ dataset: dataset && { ...dataset, demo: true } }));
  await mountAt('/data');
  const figure = await eventually(() => byName('figure', 'One query under the frozen and the fine-tuned model'));
  const rights = [...figure.querySelectorAll('ol')].map((side) => side.querySelectorAll('[data-verdict=right]').length);
  expect(rights[1]).toBeGreaterThan(rights[0] ?? 5);
  expect([...figure.querySelectorAll('ol')].map((side) => side.children.length)).toEqual([5, 5]);
  expect(figure.querySelector('a')?.getAttribute('href')).toMatch(/^#\/dashboard\?tab=look&a=.+&b=.+&query=/);
  const panel = byName('main section', /hand never seen/);
  // The search begins with the query that is in sight.
  const shown = new URLSearchParams(figure.querySelector('a')?.getAttribute('href')?.split('?')[1]).get('query');
  expect(byName('main a', 'Search with a query').getAttribute('href')).toBe(`#/search?query=${shown}`);
  const figures = [...panel.querySelectorAll('[role=status]')][0];
  expect(figures && figure.compareDocumentPosition(figures) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});

test('what folders leave open is said in sentences, and its buttons stand apart', async () => {
  await page.viewport(1440, 900);
  fillDataset();
  const offer = (label: string) => ({ label, choice: { kind: 'merge-classes', classes: [] } }) as const;
  workspace().dataset.setState({
    notices: [
      {
        kind: 'no-class',
        severity: 'warning',
        path: 'photos',
        images: 6,
        reason: 'Names are like “apple 1.jpg” and 2 more.',
        action: 'kept without a class',
        offers: [offer('Take all before the number (6)'), offer('Take all up to the sign (5)')],
      },
    ],
  });
  await mountAt('/data');
  const before = (
    await eventually(() => byName('main button', 'Take all before the number (6)'))
  ).getBoundingClientRect();
  const after = byName('main button', 'Take all up to the sign (5)').getBoundingClientRect();
  expect(after.left - before.right).toBeGreaterThanOrEqual(8);
  expect(byName('main p', /Names are like/).textContent).toBe(
    'Names are like “apple 1.jpg” and 2 more. Kept without a class.',
  );
});

test('the demo says what came out, and offers the networks whose weights are near', async () => {
  fillDataset();
  fillModels();
  workspace().dataset.setState(({ dataset }) => ({ dataset: dataset && { ...dataset, demo: true } }));
  await mountAt('/data');
  const panel = await eventually(() => byName('main section', /hand never seen/));
  expect(panel.textContent).toContain('Nothing is compared yet.');
  byName('button', 'Compare frozen and fine-tuned').click();
  expect(called('compareOnDemo')).toEqual([[[]]]);
  // A comparison that fails says so where it was started.
  jobs.fail('comparison', new AppError('engine-lost', 'The training ended early. What was finished is kept.'));
  await eventually(() => expect(byName('main [role=alert]', /The training ended early/)).toBeTruthy());
  const run = (member: ReturnType<typeof frozen>, top1: number) => fakeRun({ members: [member], top1, mapAtR: 0.1 });
  workspace().comparison.setState({ runs: [run(frozen(BASELINE), 0.2), run(finetuned(BASELINE), 0.4)] });
  await eventually(() =>
    expect(panel.textContent).toContain('first for 20.0 % of the queries frozen and 40.0 % fine-tuned'),
  );
  byName('button', 'Compare EfficientNet-B0 too').click();
  expect(called('compareOnDemo').at(-1)).toEqual([['efficientnet_b0.ra_in1k']]);
});

test.each([1440, 1024, 390])('every class name under the bars is inside the drawing at %i px', async (width) => {
  await page.viewport(width, 900);
  fillDataset();
  const renamed = new Map<string | null, string>();
  workspace().dataset.setState(({ images }) => ({
    images: images.map((image) => {
      const name = renamed.get(image.className) ?? `MWMWM-Blueberry-Soyghurt ${renamed.size}`;
      renamed.set(image.className, name);
      return { ...image, className: name };
    }),
  }));
  await mountAt('/data');
  const chart = await eventually(() => {
    const found = document.querySelector('main figure [role=img] svg');
    if (!found) throw new Error('There is no chart yet.');
    return found;
  });
  const frame = chart.getBoundingClientRect();
  const names = [...chart.querySelectorAll('text')].filter(({ textContent }) => textContent.includes('MWM'));
  if (width > 1100) expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    const { left, bottom } = name.getBoundingClientRect();
    expect(left, name.textContent).toBeGreaterThanOrEqual(frame.left);
    expect(bottom, name.textContent).toBeLessThanOrEqual(frame.bottom);
  }
});
