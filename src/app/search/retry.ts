import type { Workspace } from '../workspace.ts';

/** From now on a search that failed is tried again when the files can be read again: what it says may be true no longer. */
export function retryWithFiles({ dataset, search }: Pick<Workspace, 'dataset' | 'search'>, again: () => void): void {
  dataset.subscribe(({ files }, before) => {
    if (files === 'here' && before.files !== 'here' && search.getState().status === 'failed') again();
  });
}
