import { aborted } from '../../../errors.ts';
import type { Figure } from '../../../figures/figure.ts';
import type { Workspace } from '../../workspace.ts';
import { queriesOf } from '../judged-neighbours.ts';
import { classesDrawn } from './classes.ts';
import { cutoffDrawn } from './cutoff.ts';
import type { Drawn } from './drawn.ts';
import { similaritiesDrawn } from './similarities.ts';
import { topKDrawn } from './topk.ts';
import { trainingsDrawn, trainingsOf } from './training.ts';

/** Each may draw nothing, since not every run has what it shows. In the order of the report. */
const all: readonly ((workspace: Workspace) => Promise<readonly Drawn[]>)[] = [
  async (workspace) => [topKDrawn(workspace, false)],
  (workspace) => similaritiesDrawn(workspace, queriesOf(workspace)),
  async (workspace) => [await cutoffDrawn(workspace, queriesOf(workspace))],
  (workspace) => trainingsDrawn(workspace, trainingsOf(workspace)),
  async (workspace) => classesDrawn(workspace),
];

/** All figures of the chosen runs, for the report. Throws AppError 'aborted' once `signal` is. */
export async function figuresOfChosen(workspace: Workspace, signal: AbortSignal): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const draw of all) {
    if (signal.aborted) throw aborted();
    for (const { figure } of await draw(workspace)) if (figure) figures.push(figure);
  }
  return figures;
}
