import { createMeter } from '../../core/meter.ts';
import { AppError } from '../../errors.ts';
import { safeNames } from '../../exports/names.ts';
import { createArchive } from '../../exports/zip.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset } from './facts.ts';

const FORMATS = ['svg', 'png', 'csv'] as const;

/** Saves every figure of the chosen runs in one zip: as SVG, as PNG, and its numbers as CSV. */
export async function exportFigures(workspace: Workspace): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Drawing the figures', unit: 'files' }, async ({ signal, report }) => {
    const { dataset } = openDataset(workspace);
    // With the library that draws: no screen waits for it before it is needed.
    const { figuresOfChosen } = await import('../dashboard/figures/chosen.ts');
    const { figureFile } = await import('../dashboard/figures/figure-file.ts');
    const figures = await figuresOfChosen(workspace, signal);
    if (figures.length === 0) {
      throw new AppError('dataset-unusable', 'The chosen runs have no figure: none of their queries could be scored.');
    }
    const names = safeNames(figures.map(({ id }) => id));
    const meter = createMeter(figures.length * FORMATS.length);
    const archive = await createArchive(new Date(), signal);
    for (const [at, figure] of figures.entries()) {
      for (const format of FORMATS) {
        const stored = format === 'png';
        await archive.add(`${names[at]}.${format}`, await figureFile(figure, format), { stored });
        report(meter.advance(1));
      }
    }
    saveFile(await archive.finish(), `${dataset.name} figures.zip`);
  });
}
