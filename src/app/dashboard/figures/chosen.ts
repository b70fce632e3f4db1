import { aborted } from '../../../errors.ts';
import type { FigureFacts } from '../../../exports/report-page/facts.ts';
import type { Figure } from '../../../figures/figure.ts';
import { standaloneSvg } from '../../../figures/standalone.ts';
import { english } from '../../../metrics/format.ts';
import type { Workspace } from '../../workspace.ts';
import { classesDrawn } from './classes.ts';
import { cutoffDrawn, similaritiesDrawn, topKDrawn, trainingsDrawn, trainingsOf } from './curves.ts';
import type { Drawn } from './drawn.ts';

/** Each may draw nothing, since not every run has what it shows. In the order of the report. */
const all: readonly ((workspace: Workspace) => Promise<readonly Drawn[]>)[] = [
  async (workspace) => [topKDrawn(workspace, false)],
  (workspace) => similaritiesDrawn(workspace),
  async (workspace) => [await cutoffDrawn(workspace)],
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

/** In CSS pixels: as wide as the report's column on paper. */
const FIGURE_WIDTH = 760;

/** All figures of the chosen runs as the report shows them. Throws AppError 'aborted' once `signal` is. */
export async function figureFacts(workspace: Workspace, signal: AbortSignal): Promise<FigureFacts[]> {
  const figures = await figuresOfChosen(workspace, signal);
  return figures.map((figure) => ({
    id: figure.id,
    title: figure.title,
    summary: figure.summary(english),
    svg: standaloneSvg(figure, FIGURE_WIDTH, english),
    columns: figure.table.columns,
    rows: figure.table.rows,
  }));
}
