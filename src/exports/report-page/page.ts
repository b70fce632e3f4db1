import { html, type Markup, trusted } from '../html.ts';
import { examplesSection } from './examples.ts';
import type { ReportPageFacts } from './facts.ts';
import { methodSection } from './method.ts';
import { resultsSection } from './results.ts';
import { settingsSection } from './settings.ts';
import { STYLE } from './style.ts';
import { summarySection } from './summary.ts';
import { taskSection } from './task.ts';

/** Wherever the file is opened: it runs no script and asks nobody for anything. */
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
