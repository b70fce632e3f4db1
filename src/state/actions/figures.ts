import { isAborted, toAppError } from '../../errors.ts';
import type { Figure } from '../../figures/figure.ts';
import { recordError } from '../diagnostics.ts';
import { type Drawn, notDrawn } from '../figures/drawn.ts';
import type { FigureFormat } from '../figures/figure-file.ts';
import { fail } from '../operations.ts';
import { saveFile } from '../save-file.ts';

/** Lets the browser save a figure, or the table behind it. */
export async function saveFigure(figure: Figure, format: FigureFormat): Promise<void> {
  try {
    const { figureFile } = await import('../figures/figure-file.ts');
    saveFile(await figureFile(figure, format), `${figure.id}.${format}`);
  } catch (error) {
    fail('dashboard', error);
  }
}

/** Top-k accuracy of the chosen runs for k = 1 … 100; `others`: with all other runs as quiet lines. */
export async function drawTopK(others: boolean, signal: AbortSignal): Promise<Drawn> {
  return drawing(async () => (await import('../figures/topk.ts')).topKDrawn(others, signal));
}

/** Figures load with the library that draws them at their first use; a failure stands where the figure would. */
async function drawing(draw: () => Promise<Drawn>): Promise<Drawn> {
  try {
    return await draw();
  } catch (error) {
    // What is cancelled is not waited for any more.
    if (isAborted(error)) return notDrawn('');
    return notDrawn(recordError(toAppError(error)).message);
  }
}
