import { isAborted, toAppError } from '../../errors.ts';
import type { Figure } from '../../figures/figure.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import type { LoadTrainings } from './figures/curves.ts';
import { type Drawn, notDrawn } from './figures/drawn.ts';
import type { FigureFormat } from './figures/figure-file.ts';

/** Lets the browser save a figure, or the table behind it. */
export async function saveFigure(figure: Figure, format: FigureFormat): Promise<void> {
  try {
    const { figureFile } = await import('./figures/figure-file.ts');
    saveFile(await figureFile(figure, format), `${figure.id}.${format}`);
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}

/** Top-k accuracy of the chosen runs for k = 1 … 100; `others`: with all other runs as quiet lines. */
export async function drawTopK(workspace: Workspace, others: boolean): Promise<Drawn> {
  return drawing(async () => (await import('./figures/curves.ts')).topKDrawn(workspace, others));
}

/** Similarities of right and wrong neighbours, one figure for each of the chosen runs. */
export function drawSimilarities(workspace: Workspace): Promise<readonly Drawn[]> {
  return drawings(async () => (await import('./figures/curves.ts')).similaritiesDrawn(workspace));
}

/** Training curves of the heads of the chosen runs. */
export function drawTrainings(workspace: Workspace, load?: LoadTrainings): Promise<readonly Drawn[]> {
  return drawings(async () => {
    const { trainingsDrawn, trainingsOf } = await import('./figures/curves.ts');
    return trainingsDrawn(workspace, load ?? trainingsOf(workspace));
  });
}

/** Precision above every similarity for the run shown, from validation. */
export function drawCutoff(workspace: Workspace): Promise<Drawn> {
  return drawing(async () => (await import('./figures/curves.ts')).cutoffDrawn(workspace));
}

/** Figures load with the library that draws them at their first use; a failure stands where the figure would. */
async function drawings(draw: () => Promise<readonly Drawn[]>): Promise<readonly Drawn[]> {
  try {
    return await draw();
  } catch (error) {
    // What is cancelled is not waited for any more.
    return [notDrawn(isAborted(error) ? '' : jobs.record(toAppError(error)).message)];
  }
}

async function drawing(draw: () => Promise<Drawn>): Promise<Drawn> {
  const [only] = await drawings(async () => [await draw()]);
  return only ?? notDrawn('');
}
