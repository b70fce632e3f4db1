/** What scripts/bench/search-team drives in Chromium: many queries, asked of the app's own workers. */
import { clusters } from '../../scripts/bench/clusters.ts';
import { openGallery } from '../../src/core/gallery.ts';
import { wholeBlock } from '../../src/core/run-blocks.ts';
import { judge, type Ranked, rankAll } from '../../src/core/score.ts';
import { createSearchClient } from '../../src/core/search-client.ts';
import { createSearchTeam } from '../../src/core/search-team.ts';

const K = 10;
const never = new AbortController().signal;
const team = createSearchClient();
/** The same worker and what it holds, without others. */
const alone = { ...team, team: createSearchTeam(null) };
const clients = { team, alone };

let ranked: Ranked | null = null;
let labels: { readonly queries: string[]; readonly gallery: string[] } = { queries: [], gallery: [] };

const bench = {
  async prepare(rows: number, dimensions: number, asked: number) {
    const classes = Math.max(10, rows / 50);
    const classesOf = (count: number) =>
      Array.from({ length: count }, (_, row) => `class ${Math.floor((row * classes) / count)}`);
    labels = { queries: classesOf(asked), gallery: classesOf(rows) };
    const key = `gallery of ${rows}`;
    await openGallery(
      { search: team },
      key,
      wholeBlock(rows, async () => ({ matrix: clusters(rows, dimensions, { classes }), dimensions })),
    );
    ranked = {
      key,
      index: 'exact',
      queries: { matrix: clusters(asked, dimensions, { classes, seed: 5 }), dimensions },
    };
  },

  /** The first ten of each query: milliseconds. */
  async rank(by: keyof typeof clients): Promise<number> {
    if (!ranked) throw new Error('Nothing is prepared.');
    const start = performance.now();
    await rankAll({ search: clients[by] }, ranked, K, never);
    return performance.now() - start;
  },

  /** Metrics of each query's whole ranking, as a comparison judges a run: milliseconds. */
  async judge(by: keyof typeof clients): Promise<number> {
    if (!ranked) throw new Error('Nothing is prepared.');
    const start = performance.now();
    await judge({ search: clients[by] }, ranked, labels.queries, labels.gallery, [1, 5, 10], never);
    return performance.now() - start;
  },
};

Object.assign(window, { bench });
