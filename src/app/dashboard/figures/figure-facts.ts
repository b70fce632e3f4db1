import type { FigureFacts } from '../../../exports/report-page/facts.ts';
import { standaloneSvg } from '../../../figures/standalone.ts';
import { english } from '../../../metrics/format.ts';
import type { Workspace } from '../../workspace.ts';
import { figuresOfChosen } from './chosen.ts';

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
