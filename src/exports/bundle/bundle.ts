import type { Metric } from '../../metrics/registry.ts';
import { scoreOf } from '../../metrics/scores.ts';
import type { ImageRecord, ScoredSplit, Scores } from '../../types.ts';
import type { ProjectFacts } from '../facts.ts';
import { safeNames } from '../names.ts';
import { metricsOf } from '../results-table.ts';
import readme from './README.md?raw';
import recompute from './recompute.py?raw';

/** Which images the rows of a run's matrices are: positions in images.json. */
export interface ScoredRows {
  readonly query: readonly number[];
  readonly gallery: readonly number[];
}

/** A folder for each run below `runs/`, in their order. */
export const bundleFolders = ({ fileNames }: Pick<ProjectFacts, 'fileNames'>): string[] => safeNames(fileNames);

/** The bundle's files but those of the runs, in their order in the archive. `images` in the order that rows count. */
export function bundleTexts(facts: ProjectFacts, images: readonly ImageRecord[]): [name: string, text: string][] {
  const { dataset, weights, environment, app, writtenAt, bootstrap } = facts;
  return [
    ['README.md', readme],
    ['recompute.py', recomputeScript(metricsOf(facts.runs, 'test', 'validation'))],
    ['results.json', json({ version: 2, runs: resultsOf(facts) })],
    ['images.json', imagesJson(images)],
    ['dataset.json', json(dataset)],
    ['weights.json', json(weights)],
    ['settings.json', json({ app, writtenAt, environment, bootstrap, runs: settingsOf(facts) })],
  ];
}

/** Where the script lists the metrics; what stands there makes it run before it is written into a bundle. */
const LIST = /^METRICS = .*$/m;

/** Where the script has the rankings: each is in NumPy beside its definition in the app. */
const ORDERS = /^# The other rankings .*$/m;
const orders = import.meta.glob<string>('../../search/rankings/*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The script with all rankings and these metrics in it, each in NumPy as the app defines it. */
export function recomputeScript(metrics: readonly Metric[]): string {
  const lines = metrics.map(
    ({ key, aggregate, python }) =>
      `    (${JSON.stringify(key)}, np.${aggregate}, lambda right, first, r: ${python}),\n`,
  );
  return recompute
    .replace(LIST, () => `METRICS = [\n${lines.join('')}]`)
    .replace(ORDERS, () => Object.values(orders).join('\n\n').trimEnd());
}

function resultsOf(facts: ProjectFacts) {
  const folders = bundleFolders(facts);
  const metrics = metricsOf(facts.runs, 'test', 'validation');
  const of = (scores: Scores | null) =>
    scores && {
      queries: scores.queries,
      skipped: scores.skipped,
      gallery: scores.gallery,
      metrics: Object.fromEntries(metrics.map((metric) => [metric.key, scoreOf(scores, metric)])),
    };
  return facts.runs.map(({ model, head, result }, i) => ({
    folder: folders[i],
    name: model,
    heads: head,
    ...result,
    test: of(result.test),
    validation: of(result.validation),
  }));
}

function settingsOf(facts: ProjectFacts) {
  const folders = bundleFolders(facts);
  return facts.runs.map(({ id, members, recipe, loaded, result }, i) => ({
    folder: folders[i],
    id,
    members,
    combine: result.combine,
    recipe,
    headFile: loaded,
    /** What the test figures were ranked by; validation is always exact. */
    index: result.index,
  }));
}

/** One image a line, so that two bundles can be compared line by line. */
function imagesJson(images: readonly ImageRecord[]): string {
  const lines = images.map(({ split, file, className, hash }) =>
    JSON.stringify({ split, file, class: className, sha256: hash }),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

/** `rows.json` of a run; null where a split was not scored. */
export function rowsJson(rows: Readonly<Record<ScoredSplit, ScoredRows | null>>): string {
  return `${JSON.stringify(rows)}\n`;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
