import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { fillComparison } from './fake-comparison.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

async function mountCurves(fill: () => void = fillDashboard, width = 1440): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  fillComparison('done');
  fill();
  await mountAt('/dashboard?tab=curves');
}

const titles = (): string[] => [...document.querySelectorAll('main h2')].map((heading) => heading.textContent);

const figure = (title: RegExp): HTMLElement => {
  const heading = [...document.querySelectorAll('main h2')].find(({ textContent }) => title.test(textContent));
  const section = heading?.closest('section');
  if (!section) throw new Error(`There is no figure ${title}.`);
  return section;
};

const drawing = (title: RegExp): SVGSVGElement => {
  const svg = figure(title).querySelector<SVGSVGElement>('[role=img] svg');
  if (!svg) throw new Error(`${title} is not drawn.`);
  return svg;
};

test('the chosen runs’ figures are drawn, each with a name that says its numbers', async () => {
  await mountCurves();
  await eventually(() => {
    for (const title of [/^Top-k/, /^Similarity.*frozen/, /^Similarity.*fine-tuned/, /^Relevance/, /^Training of/]) {
      expect(drawing(title).querySelectorAll('path').length).toBeGreaterThan(1);
    }
  });
  const { a } = workspace().dashboard.getState();
  const shown = workspace()
    .comparison.getState()
    .runs.find(({ id }) => id === a);
  const top1 = (100 * (shown?.result.test?.topk['1'] ?? 0)).toFixed(1);
  expect(
    figure(/^Top-k/)
      .querySelector('[role=img]')
      ?.getAttribute('aria-label'),
  ).toContain(`top-1 ${top1} %`);
  // Two heads of the ensemble, none of the frozen model.
  expect(titles().filter((title) => title.startsWith('Training of'))).toHaveLength(2);
});

test('the table behind a figure holds its numbers, the same as the leaderboard’s', async () => {
  await mountCurves();
  await eventually(() => drawing(/^Top-k/));
  const details = figure(/^Top-k/).querySelector('details');
  details?.querySelector('summary')?.click();
  const { a, b, outcomes } = workspace().dashboard.getState();
  await eventually(() => expect(details?.querySelector('table')?.getAttribute('aria-rowcount')).toBe('101'));
  const row = [...(details?.querySelectorAll('tbody tr[aria-rowindex="11"] td') ?? [])].map((cell) => cell.textContent);
  const { runs } = workspace().comparison.getState();
  const top10 = (id: string | null) =>
    (100 * (runs.find((run) => run.id === id)?.result.test?.topk['10'] ?? 0)).toFixed(1);
  expect([row[0], row[1], row[4]]).toEqual(['10', top10(a), top10(b)]);
  // k, two runs with bounds, and every other run that was scored.
  expect(row).toHaveLength(1 + 3 + 3 + (outcomes.size - 2));
});

test('the other runs’ lines can be switched off', async () => {
  await mountCurves();
  await eventually(() => drawing(/^Top-k/));
  const lines = () => drawing(/^Top-k/).querySelectorAll('[aria-label=line]').length;
  const all = workspace().comparison.getState().runs.length;
  expect(lines()).toBe(all);
  byName('main label', 'Other runs').click();
  await eventually(() => expect(lines()).toBe(2));
  expect(figure(/^Top-k/).textContent).not.toContain('other runs');
});

test('other runs chosen, other figures', async () => {
  await mountCurves();
  await eventually(() => drawing(/^Relevance.*fine-tuned/));
  await fillDashboard({ a: 1, b: null });
  await eventually(() => drawing(/^Relevance.*frozen/));
  await eventually(() => expect(titles().filter((title) => title.startsWith('Similarity'))).toHaveLength(1));
  // A frozen model has no head: the reason stands where the figure would.
  expect(figure(/^Training curves/).textContent).toContain('frozen models have none');
});

test('a figure is saved from its menu, by keyboard too', async () => {
  await mountCurves();
  await eventually(() => drawing(/^Relevance/));
  const button = byName('button', /^Save the figure Relevance/);
  button.focus();
  expect(document.activeElement).toBe(button);
  button.click();
  await eventually(() => byName('[role=menuitem]', 'Table, CSV').click());
  const [saved] = called('saveFigure');
  expect(saved?.[0]).toHaveProperty('id', 'relevance-cutoff');
  expect(saved?.[1]).toBe('csv');
});

test('without test labels the figures are of validation', async () => {
  await mountCurves(() => fillDashboard({ labelled: false }));
  await eventually(() => expect(titles()).toContain('Top-k accuracy, validation queries'));
});

test.each([1024, 390])('at %i px nothing is wider than the screen', async (width) => {
  await mountCurves(fillDashboard, width);
  await eventually(() => [/^Top-k/, /^Training of/].map(drawing));
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  expect(drawing(/^Top-k/).getBoundingClientRect().right).toBeLessThanOrEqual(width);
});
