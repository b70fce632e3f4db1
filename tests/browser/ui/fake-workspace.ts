import { openedStore, openedWorkspace } from '../../../src/app/opened.ts';
import { createWorkspace, type Workspace } from '../../../src/app/workspace.ts';

/** The workspace that the screens under test show: real stores that the tests fill. */
export const workspace = (): Workspace => openedWorkspace();

/** Leaves an empty one for the next test. */
export function emptyWorkspace(): void {
  openedStore.setState({ workspace: createWorkspace(openedWorkspace()) });
}
