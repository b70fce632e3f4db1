import { COLOUR_GRADIENT_WEIGHTS } from '../../models/backbones.ts';
import { embed } from '../models/embed.ts';
import { openedWorkspace } from '../opened.ts';
import { isAutomated } from '../started.ts';

/** The descriptor embeds this many within seconds: few enough to do without being asked. */
const MOST = 2000;

/**
 * Images without roles or classes can only be looked at for similarity: they are embedded with the model that needs no
 * download, unless they already are or the user has started to assign roles or classes. Resolves to whether there is a map to show.
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
