import { createContext, type ReactNode, use, useMemo } from 'react';
import { type Actions, actionsOn } from '../app/actions.ts';
import { openedStore } from '../app/opened.ts';
import type { Workspace } from '../app/workspace.ts';
import { useStore } from './use-store.ts';

/** What the screens show and what they can do. */
interface Shown {
  readonly workspace: Workspace;
  readonly actions: Actions;
}

const ShownContext = createContext<Shown | null>(null);

function useShown(): Shown {
  const shown = use(ShownContext);
  if (shown === null) throw new Error('The screens are rendered inside a WorkspaceProvider.');
  return shown;
}

/** The workspace of the open data set: another object when another data set is opened. */
export const useWorkspace = (): Workspace => useShown().workspace;

/** What the user can do with it. */
export const useActions = (): Actions => useShown().actions;

/** Gives the screens the workspace that is open. */
export function OpenedWorkspace({ children }: { readonly children: ReactNode }) {
  const workspace = useStore(openedStore, (state) => state.workspace);
  const shown = useMemo(() => ({ workspace, actions: actionsOn(workspace) }), [workspace]);
  return <ShownContext value={shown}>{children}</ShownContext>;
}

/** Gives the screens any workspace and actions, as tests do. */
export function WorkspaceProvider({ workspace, actions, children }: Shown & { readonly children: ReactNode }) {
  const shown = useMemo(() => ({ workspace, actions }), [workspace, actions]);
  return <ShownContext value={shown}>{children}</ShownContext>;
}
