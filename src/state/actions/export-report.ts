import { dashboardStore } from '../dashboard.ts';
import { jobs } from '../jobs.ts';
import { saveFile } from '../save-file.ts';
import { differenceFacts } from './export-differences.ts';
import { exampleFacts } from './export-examples.ts';
import { openDataset, projectFacts, runsOf } from './export-facts.ts';

/** Saves the report on these runs as one HTML file; figures and examples are of the chosen runs. */
export async function exportReport(runIds: readonly string[], thumbnails: boolean): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing the report', unit: 'files' }, async ({ signal, stage }) => {
    const { dataset } = openDataset();
    const rows = runsOf(runIds);
    const facts = await projectFacts(rows);
    stage('Comparing the models for the report');
    const test = await differenceFacts(facts.runs, 'test', signal);
    const validation = await differenceFacts(facts.runs, 'validation', signal);
    stage('Drawing the figures for the report');
    // With the library that draws: no screen waits for it before it is needed.
    const { figureFacts } = await import('../figures/figure-facts.ts');
    const figures = await figureFacts(signal);
    const { a } = dashboardStore.getState();
    const shown = rows.find(({ id }) => id === a) ?? rows[0];
    const examples = shown ? await exampleFacts(shown, thumbnails) : null;
    const { reportPage } = await import('../../exports/report-page/page.ts');
    const page = reportPage({ ...facts, differences: [...test, ...validation], figures, examples });
    signal.throwIfAborted();
    saveFile(new Blob([page], { type: 'text/html' }), `${dataset.name} report.html`);
  });
}
