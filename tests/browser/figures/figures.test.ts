import { describe, expect, test } from 'vitest';
import { figureFile } from '../../../src/app/dashboard/figures/figure-file.ts';
import { filePaper, screenPaper } from '../../../src/figures/figure.ts';
import { standaloneSvg } from '../../../src/figures/standalone.ts';
import { english } from '../../../src/metrics/format.ts';
import { cutoff, figures, NASTY, similarities, topK, training } from './drawn-figures.ts';

describe.each(figures.map((figure) => [figure.id, figure] as const))('%s', (_, figure) => {
  test.each([
    ['a wide screen', screenPaper(900, english)],
    ['a phone', screenPaper(320, english)],
    ['paper', filePaper(680, english)],
  ])('is drawn for %s without a hole', (_place, paper) => {
    const drawn = figure.draw(paper);
    const text = new XMLSerializer().serializeToString(drawn);
    expect(text).not.toMatch(/NaN|undefined|Infinity|⚠/);
    expect(drawn.querySelectorAll('path').length).toBeGreaterThan(1);
    expect(Number(drawn.getAttribute('width'))).toBe(paper.width);
    expect(Number(drawn.getAttribute('height'))).toBeGreaterThan(150);
  });

  test('names its axes with units, says what is to be seen and has a table as wide as its head', () => {
    const words = figure.draw(filePaper(680, english)).textContent;
    expect(words).toMatch(/%/);
    expect(words).toMatch(/Number of neighbours, k|Cosine similarity|Cut-off \(cosine similarity\)|Epoch/);
    expect(figure.summary(english)).toMatch(/\d/);
    expect(figure.summary(english)).not.toMatch(/NaN|undefined/);
    expect(figure.table.rows.length).toBeGreaterThan(0);
    for (const row of figure.table.rows) expect(row).toHaveLength(figure.table.columns.length);
  });

  test('stands alone: no variable, no style sheet, nothing from outside, names as text', () => {
    const text = standaloneSvg(figure, 720, english);
    const page = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(page.querySelector('parsererror')).toBeNull();
    expect(text).not.toMatch(/var\(|<style|href|url\(|@import|NaN|undefined|<i>/);
    expect(page.documentElement.querySelector(':scope > title')?.textContent).toBe(figure.title);
    expect(page.documentElement.getAttribute('font-family')).toMatch(/sans-serif/);
    // White from edge to edge, below all else.
    const height = Number(page.documentElement.getAttribute('height'));
    const first = page.querySelector('rect');
    expect([first?.getAttribute('width'), first?.getAttribute('height'), first?.getAttribute('fill')]).toEqual([
      '720',
      String(height),
      '#ffffff',
    ]);
    for (const { label } of figure.legend) {
      expect(page.documentElement.textContent.replace(/\s/g, '')).toContain(label.replace(/\s/g, ''));
    }
  });
});

test('the tables hold the numbers that were drawn', () => {
  expect(topK.table.columns.map(({ title }) => title)).toEqual([
    'k',
    `${NASTY} (%)`,
    '95 % lower bound (%)',
    '95 % upper bound (%)',
    'Second (%)',
    '95 % lower bound (%)',
    '95 % upper bound (%)',
    'Quiet (%)',
  ]);
  expect(topK.table.rows).toEqual([
    [1, 50, 40, 60, 25, 50, 50, 10],
    [2, 62.5, 50, 70, 50, 62.5, 62.5, 20],
    [3, 75, 70, 80, 100, 75, 75, 30],
  ]);
  expect(similarities[0]?.table.rows).toEqual([
    [0.4, 0.5, 0, 2, 0],
    [0.5, 0.6, 1, 1, 50],
    [0.6, 0.7, 3, 0, 100],
  ]);
  // Where nothing is, there is no share.
  expect(similarities[1]?.table.rows[1]).toEqual([0.5, 0.6, 0, 0, null]);
  expect(cutoff.table.rows).toEqual([
    [0.875, 100, 1, 25],
    [0.75, 100, 2, 50],
    [0.625, 66.6667, 3, 75],
    [0.5, 50, 4, 100],
  ]);
  expect(training.table.rows.map(([epoch]) => epoch)).toEqual(['1', '2, best', '3', '1, refit']);
  expect(training.table.rows[3]?.slice(1)).toEqual([3, null, 25, null, null, null, null]);
});

test('the summaries say the numbers', () => {
  expect(topK.summary(english)).toContain(`${NASTY}: top-1 50.0 %, top-3 75.0 %`);
  expect(topK.summary(english)).toContain('One other run is drawn quietly');
  expect(cutoff.summary(english)).toContain(
    '50 % from a similarity of 0.50 on, which keeps 4; 75 % from a similarity of 0.75 on, which keeps 2',
  );
  expect(similarities[0]?.summary(english)).toContain('57.1 % are right; right ones are most frequent from 0.6 to 0.7');
  expect(training.summary(english)).toContain('The best epoch is 2.');
});

test('lines that mean different things differ without their colours', () => {
  for (const { legend } of figures) {
    expect(new Set(legend.map(({ dash, label }) => (label === 'other runs' ? label : dash))).size).toBe(
      // Fit and top-1 are both solid, in charts of their own.
      legend.some(({ label }) => label === 'top-1') ? legend.length - 1 : legend.length,
    );
  }
});

test('a figure is saved as drawing, picture and table', async () => {
  const svg = await figureFile(topK, 'svg');
  expect(svg.type).toBe('image/svg+xml');
  expect(await svg.text()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  const png = await createImageBitmap(await figureFile(topK, 'png'));
  // Three pixels a CSS pixel.
  expect(png.width).toBe(2160);
  const canvas = new OffscreenCanvas(png.width, png.height);
  const context = canvas.getContext('2d');
  context?.drawImage(png, 0, 0);
  expect([...(context?.getImageData(2, 2, 1, 1).data ?? [])]).toEqual([255, 255, 255, 255]);
  const pixels = context?.getImageData(0, 0, png.width, png.height).data ?? [];
  expect(pixels.some((value) => value < 60)).toBe(true);
  expect((await (await figureFile(topK, 'csv')).text()).split('\r\n')[1]).toBe('1,50,40,60,25,50,50,10');
});

test('what no XML may hold is left out of a figure that stands alone, wherever a name brought it in', () => {
  const bad = (a: string, b: string) => `${a}\0\v\u0008\ufffe${b}`;
  const text = standaloneSvg(
    {
      ...topK,
      title: bad('ti', 'tle'),
      legend: topK.legend.map((entry) => ({ ...entry, label: bad('le', 'gend') })),
      draw(paper) {
        const drawn = topK.draw(paper);
        const mark = document.createElementNS('http://www.w3.org/2000/svg', 'text');
        mark.textContent = bad('ma', 'rk');
        mark.setAttribute('aria-label', bad('la', 'bel'));
        drawn.append(mark);
        return drawn;
      },
    },
    720,
    english,
  );
  expect(new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')).toBeNull();
  for (const name of ['title', 'legend', 'mark', 'label']) expect(text).toContain(name);
});
