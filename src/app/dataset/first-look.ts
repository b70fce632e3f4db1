import { COLOUR_GRADIENT_WEIGHTS } from '../../models/backbones.ts';
import { isAutomated } from '../automation/automated.ts';
import { embed } from '../models/embed.ts';
import { openedWorkspace } from '../opened.ts';

/** The descriptor embeds as many within seconds, which nobody minds who did not ask for it. */
const MOST = 2000;

/**
 * Of images without roles or classes, what is alike is all that there is to see: they are embedded with what needs no
 * download, unless they are or the user has started to decide about them. Resolves to whether there is a map to show.
 */
export async function firstLook(): Promise<boolean> {
  const workspace = openedWorkspace();
  const { dataset, images, decisions, notices } = workspace.dataset.getState();
  const asks = notices.some(({ offers }) => offers.length > 0);
  const plain = images.every(({ split, className }) => split === 'gallery' && className === null);
  if (!dataset || isAutomated() || !plain || images.length < 2 || asks || decisions.length > 0) return false;
  if (workspace.comparison.getState().runs.length > 0) return true;
  return images.length <= MOST && embed(workspace, [COLOUR_GRADIENT_WEIGHTS]);
}
