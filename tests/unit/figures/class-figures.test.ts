import { describe, expect, it } from 'vitest';
import { aloneByClass, classAccuracyFigure, drawnClasses, MOST_LINES } from '../../../src/figures/class-accuracy.ts';
import { cut, isolated } from '../../../src/figures/class-names.ts';
import { confusionFigure } from '../../../src/figures/confusion.ts';
import { type ClassAccuracy, compareClasses } from '../../../src/metrics/by-class.ts';
import { english } from '../../../src/metrics/format.ts';
import { wilsonInterval } from '../../../src/metrics/intervals.ts';

const entry = (className: string, hits: number, queries = 4): ClassAccuracy => ({
  className,
  queries,
  hits,
  share: hits / queries,
  interval: wilsonInterval(hits, queries),
});

const run = (label: string) => ({ label, colour: 0 });
/** `n` classes whose shares rise by name: 000, 001, … */
const rising = (n: number, of = (i: number) => i) =>
  Array.from({ length: n }, (_, i) => entry(String(i).padStart(3, '0'), of(i), n));

describe('classAccuracyFigure', () => {
  it('holds every class of one run in its table, in per cent', () => {
    const classes = aloneByClass([entry('lime', 1), entry('pear', 4)]);
    const { table, title, summary } = classAccuracyFigure({ k: 5, images: 'test', a: run('R'), b: null, classes });
    expect(title).toBe('Top-5 accuracy by class, test queries');
    expect(summary(english)).toBe(
      'Top-5 accuracy of 2 classes, 8 queries that count: from 25.0 % (lime) to 100.0 % (pear), half of them at 100.0 %.',
    );
    expect(table.rows).toEqual([
      ['lime', 4, 25, 4.5587, 69.9358],
      ['pear', 4, 100, 51.0109, 100],
    ]);
    expect(table.columns).toHaveLength(5);
  });

  it('names no worst and best class where all are alike', () => {
    const classes = aloneByClass([entry('lime', 4), entry('pear', 4)]);
    const { summary } = classAccuracyFigure({ k: 5, images: 'test', a: run('R'), b: null, classes });
    expect(summary(english)).toBe('Top-5 accuracy of 2 classes, 8 queries that count: all at 100.0 %.');
  });

  it('compares two runs in points, with gaps where one has no query of a class', () => {
    const classes = compareClasses([entry('lime', 1), entry('pear', 4)], [entry('lime', 3), entry('fig', 2)]);
    const { table, summary } = classAccuracyFigure({ k: 1, images: 'test', a: run('R'), b: run('S'), classes });
    expect(table.rows.map(([name, , a, , , , b, , , change]) => [name, a, b, change])).toEqual([
      ['lime', 25, 75, -50],
      ['fig', null, 50, null],
      ['pear', 100, null, null],
    ]);
    expect(new Set(table.rows.map((row) => row.length))).toEqual(new Set([table.columns.length]));
    expect(summary(english)).toContain('A is better in 0 classes, worse in 1 class and equal in 0 classes');
  });

  it('draws the worst of many classes, or those that changed most either way, and says so', () => {
    const many = rising(200);
    expect(drawnClasses({ b: null, classes: aloneByClass(many) }).map(({ className }) => className)).toEqual(
      many.slice(0, MOST_LINES).map(({ className }) => className),
    );
    const compared = compareClasses(
      many,
      rising(200, () => 100),
    );
    const drawn = drawnClasses({ b: run('S'), classes: compared });
    expect(drawn).toHaveLength(MOST_LINES);
    expect([drawn[0], drawn.at(-1)]).toEqual([compared[0], compared.at(-1)]);
    const figure = classAccuracyFigure({ k: 1, images: 'test', a: run('R'), b: run('S'), classes: compared });
    expect(figure.summary(english)).toContain('Drawn are 40 of 200 classes');
    expect(figure.table.rows).toHaveLength(200);
  });
});

describe('confusionFigure', () => {
  it('holds every pair in its table and names the most frequent', () => {
    const confusion = {
      pairs: [{ query: 'lime', neighbour: 'lemon', count: 12, nearest: 3, of: 40 }],
      queries: 40,
      unmet: 28,
    };
    const { table, summary, title } = confusionFigure({
      label: 'R',
      images: 'test',
      view: 'wrong',
      confusion,
    });
    expect(title).toBe('First wrong neighbours, test queries of R');
    expect(summary(english)).toContain('Most often lime meets lemon: 12 of 40 queries (30.0 %).');
    expect(table.rows).toEqual([['lime', 'lemon', 12, 40, 30, 3]]);
  });

  it('says how much of the matrix lies on its diagonal, and names the most frequent pair off it', () => {
    const pair = (query: string, neighbour: string, count: number, of: number) => ({
      ...{ query, neighbour, count, of },
      nearest: count,
    });
    const pairs = [pair('lime', 'lime', 30, 40), pair('pear', 'pear', 10, 10), pair('lime', 'lemon', 10, 40)];
    const { title, summary, table } = confusionFigure({
      label: 'R',
      images: 'test',
      view: 'first',
      confusion: { pairs, queries: 50, unmet: 0 },
    });
    expect(title).toBe('Confusion matrix, test queries of R');
    expect(summary(english)).toContain(
      '40 of 50 (80.0 %) lie on it. Most often lime meets lemon: 10 of 40 queries (25.0 %).',
    );
    expect(table.columns.map((column) => column.title)).toEqual([
      'Class of the query',
      'Class of the first neighbour',
      'Queries',
      'Of the class’s queries',
      'Share (%)',
    ]);
    expect(table.rows[0]).toEqual(['lime', 'lime', 30, 40, 75]);
  });

  it('says so where no other class is met', () => {
    const { summary, table } = confusionFigure({
      label: 'R',
      images: 'test',
      view: 'wrong',
      confusion: { pairs: [], queries: 3, unmet: 3 },
    });
    expect(summary(english)).toContain('There is none.');
    expect(table.rows).toEqual([]);
  });
});

describe('names', () => {
  it('lose their middle, by characters as people count them', () => {
    expect(cut('lemon', 5)).toBe('lemon');
    expect(cut('grapefruit from Spain 344', 13)).toBe('grapefru… 344');
    expect([...cut('🍎'.repeat(30), 10)]).toHaveLength(10);
  });

  it('that turn the direction of a text end with it', () => {
    expect(isolated('lemon')).toBe('lemon');
    expect(isolated('a\u202eb')).toBe('\u2068a\u202eb\u2069');
    expect(isolated('ليمون')).toBe('\u2068ليمون\u2069');
  });
});
