import { metricOf } from '../../metrics/registry.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { differenceFacts } from './differences.ts';
import { exampleFacts } from './examples.ts';
import { openDataset, projectFacts, runsOf } from './facts.ts';

/** Saves the report on these runs as one HTML file; figures and examples are of the chosen runs. */
export async function exportReport(
  workspace: Workspace,
  runIds: readonly string[],
  thumbnails: boolean,
): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing the report', unit: 'files' }, async ({ signal, stage }) => {
    const { dataset } = openDataset(workspace);
    const rows = runsOf(workspace, runIds);
    const facts = await projectFacts(workspace, rows);
    stage('Comparing the models for the report');
    const { a, metric: key } = workspace.dashboard.getState();
    const metric = metricOf(key);
    const test = await differenceFacts(workspace, rows, 'test', metric, signal);
    const validation = await differenceFacts(workspace, rows, 'validation', metric, signal);
    stage('Drawing the figures for the report');
    // With the library that draws: no screen waits for it before it is needed.
    const { figureFacts } = await import('../dashboard/figures/figure-facts.ts');
    const figures = await figureFacts(workspace, signal);
    const shown = rows.find(({ id }) => id === a) ?? rows[0];
    const examples = shown ? await exampleFacts(workspace, shown, thumbnails) : null;
    const { reportPage } = await import('../../exports/report-page/page.ts');
    const page = reportPage({ ...facts, metric, differences: [...test, ...validation], figures, examples });
    signal.throwIfAborted();
    saveFile(new Blob([page], { type: 'text/html' }), `${dataset.name} report.html`);
  });
}
