import { backendNamed } from '../../search/backends.ts';
import { rankingNamed } from '../../search/rankings.ts';
import type { RunFacts } from '../facts.ts';
import { html, type Markup, trusted } from '../html.ts';
import { dependsOnSeed, type RunIdentity } from '../report.ts';
import { examplesSection } from './examples.ts';
import type { ReportPageFacts } from './facts.ts';
import { methodSection } from './method.ts';
import { resultsSection } from './results.ts';
import { summarySection } from './summary.ts';
import { factsOf, tableOf } from './tables.ts';
import { taskSection } from './task.ts';

/** The file runs no script and makes no request, wherever it is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The whole report as one HTML file that stands alone: a summary to quote, task, data, method, results, examples, environment, settings.
 * It says nothing but what `facts` hold; names and labels are escaped.
 */
export function reportPage(facts: ReportPageFacts): string {
  const { dataset, runs, writtenAt, app, examples } = facts;
  const title = `Retrieval on ${dataset.name}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${app}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">${runs.length === 1 ? '1 model' : `${runs.length} models`}, ${writtenAt.slice(0, 10)}</p>
${summarySection(facts)}
${sections(facts)}
<footer>Written by ${app} from its stored results. ${
    examples?.thumbnails ? 'Thumbnails of some images are part of this file.' : 'No image is part of this file.'
  }</footer>
</main>
</body>
</html>
`.text;
}

function sections(facts: ReportPageFacts): Markup {
  return html`${taskSection(facts)}
${methodSection(facts)}
${resultsSection(facts)}
${examplesSection(facts.examples)}
${settingsSection(facts, facts.examples ? 5 : 4)}`;
}

/** The report's own style: light and dark, and on paper. Nothing is loaded from anywhere. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1b1d21; --quiet: #5a6069; --page: #ffffff; --sunken: #f5f6f7; --line: #d5d8dd;
  --right: #1a7a36; --wrong: #b3261e; --link: #4353d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --quiet: #a4a9b2; --page: #151619; --sunken: #1e2024;
  --line: #3b3f46; --right: #56c874; --wrong: #ff8b82; --link: #9aa7fb; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 0.9375rem/1.55 system-ui, -apple-system, "Segoe UI",
  Roboto, "Noto Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
p, ul, ol, dl { max-width: 78ch; }
h1 { margin: 0 0 4px; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 24px 0 8px; font-size: 1rem; }
.quiet { margin: 0; color: var(--quiet); }
.summary { margin-top: 24px; padding: 4px 20px; border-radius: 8px; background: var(--sunken); }
.summary .example { border-bottom: 0; }
code { font-size: 0.875em; }
.scroll { margin: 12px 0; overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.875rem; overflow-wrap: normal; }
caption { padding-bottom: 6px; color: var(--quiet); text-align: start; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); font-weight: 400; text-align: start;
  vertical-align: top; }
thead th { color: var(--quiet); font-size: 0.8125rem; vertical-align: bottom; }
td, th[scope="row"] { max-width: 44ch; overflow-wrap: anywhere; }
td:not(.number) { min-width: 11ch; }
th[scope="row"]:not(.number) { min-width: 16ch; }
.number { text-align: end; white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(9rem, auto) minmax(0, 1fr); gap: 4px 16px; margin: 12px 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
figure { margin: 24px 0; }
figcaption { max-width: 78ch; margin-bottom: 8px; }
.paper { width: fit-content; max-width: 100%; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; overflow-x: auto; }
.paper svg { display: block; max-width: 100%; height: auto; }
summary { padding: 4px 0; cursor: pointer; color: var(--link); }
.example { display: grid; grid-template-columns: 132px minmax(0, 1fr); gap: 16px; padding: 12px 0;
  border-bottom: 1px solid var(--line); }
.example ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 12px; max-width: none;
  margin: 0; padding: 0; list-style: none; }
.image { display: grid; align-content: start; gap: 4px; }
.image img { width: 100%; height: 112px; object-fit: contain; border-radius: 8px; background: var(--sunken); }
.image .file { padding: 8px; border-radius: 8px; background: var(--sunken); font-size: 0.8125rem; }
.right img, .right .file { border: 3px solid var(--right); }
.wrong img, .wrong .file { border: 3px dashed var(--wrong); }
.right b { color: var(--right); }
.wrong b { color: var(--wrong); }
.words { font-size: 0.8125rem; }
footer { margin-top: 48px; color: var(--quiet); font-size: 0.8125rem; }
@media (max-width: 640px) { main { padding: 16px 16px 48px; } .example { grid-template-columns: minmax(0, 1fr); }
  .query img { max-width: 160px; } dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: 8px; } }
@media print { :root { color-scheme: light; --ink: #000000; --quiet: #444444; --page: #ffffff; --sunken: #f2f2f2;
  --line: #bbbbbb; --right: #1a7a36; --wrong: #b3261e; --link: #000000; }
  main { max-width: none; padding: 0; } .scroll { overflow: visible; } table { font-size: 0.75rem; }
  figure, .example, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } summary { display: none; } }
`;

const ENGINES = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

/** Tells a run from all others of the list: also from itself in another order, or combined in another way. */
const nameInSettings = (model: string, head: string, { combine, rank }: RunIdentity): string =>
  [model, head, combine, rank === 'plain' ? null : rankingNamed(rank).order].filter((part) => part !== null).join(', ');

/** Section 5: where and how the figures were made. */
function settingsSection(
  { environment, app, writtenAt, weights, runs, bootstrap }: ReportPageFacts,
  number: number,
): Markup {
  const { backend, adapter, workers, userAgent } = environment;
  const networks = weights.some(
    ({ architecture }) => architecture !== 'colour-gradient' && architecture !== 'own-vectors',
  );
  const none = networks
    ? 'none was opened since the page was loaded: all features were stored'
    : 'none: these models need none';
  return html`<section>
<h2>${number} Environment and settings</h2>
${factsOf([
  ['Program', app],
  ['Report written', html`<time datetime="${writtenAt}">${writtenAt.slice(0, 16).replace('T', ' ')} UTC</time>`],
  ['Engine', backend === null ? none : ENGINES[backend]],
  ['Graphics adapter', adapter],
  ['Backbone workers', backend === null ? null : workers],
  ['Browser', userAgent],
  ['Bootstrap', `seed ${bootstrap.seed}, ${bootstrap.resamples} resamples, ${bootstrap.level * 100} %`],
])}
${tableOf(
  {
    columns: ['Run', 'Classifier', 'Seed', 'Epochs trained', 'Best epoch', 'Index', 'Weights'].map((title) => ({
      title,
      numeric: ['Seed', 'Epochs trained', 'Best epoch'].includes(title),
    })),
    rows: runs.map((run) => [
      nameInSettings(run.model, run.head, run.result),
      run.result.classifier,
      dependsOnSeed(run.result) ? run.result.seed : null,
      epochs(run, 'epochs'),
      epochs(run, 'bestEpoch'),
      backendNamed(run.result.index).label,
      run.result.weights.join(', '),
    ]),
  },
  'Settings of the runs',
)}
</section>`;
}

/** Of heads that were trained apart, the result keeps the longest training alone. */
function epochs({ result, members }: RunFacts, which: 'epochs' | 'bestEpoch'): string | number | null {
  if (!result.training) return null;
  const trained = members.filter(({ head }) => head === 'finetuned').length;
  const apart = trained > 1 && result.combine !== 'shared';
  return apart ? `up to ${result.training[which]}` : result.training[which];
}
