import type { FigureFacts } from '../../exports/report-page/facts.ts';
import { reportPage } from '../../exports/report-page/page.ts';
import type { Figure } from '../../figures/figure.ts';
import { standaloneSvg } from '../../figures/standalone.ts';
import { dashboardStore } from '../dashboard.ts';
import { figuresOfChosen } from '../figures/chosen.ts';
import { operate } from '../operations.ts';
import { saveFile } from '../save-file.ts';
import { differenceFacts } from './export-differences.ts';
import { exampleFacts } from './export-examples.ts';
import { openDataset, projectFacts, runsOf } from './export-facts.ts';

/** In CSS pixels: as wide as the report's column on paper. */
const FIGURE_WIDTH = 760;

/** Saves the report on these runs as one HTML file; figures and examples are of the chosen runs. */
export async function exportReport(runIds: readonly string[], thumbnails: boolean): Promise<void> {
  await operate('dashboard', 'Writing the report', 'files', async ({ signal, stage }) => {
    const { dataset } = openDataset();
    const rows = runsOf(runIds);
    const facts = await projectFacts(rows);
    stage('Comparing the models for the report');
    const test = await differenceFacts(facts.runs, 'test', signal);
    const validation = await differenceFacts(facts.runs, 'validation', signal);
    stage('Drawing the figures for the report');
    const figures = (await figuresOfChosen(signal)).map(figureFacts);
    const { a } = dashboardStore.getState();
    const shown = rows.find(({ id }) => id === a) ?? rows[0];
    const examples = shown ? await exampleFacts(shown, thumbnails) : null;
    const page = reportPage({ ...facts, differences: [...test, ...validation], figures, examples });
    signal.throwIfAborted();
    saveFile(new Blob([page], { type: 'text/html' }), `${dataset.name} report.html`);
  });
}

function figureFacts(figure: Figure): FigureFacts {
  const { id, title, summary, table } = figure;
  return { id, title, summary, svg: standaloneSvg(figure, FIGURE_WIDTH), columns: table.columns, rows: table.rows };
}
