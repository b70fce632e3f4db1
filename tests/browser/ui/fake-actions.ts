/**
 * Stands in for src/state/actions.ts: nothing is read, computed or stored. What is called is recorded; pictures are
 * drawn from the hash. The choices that a screen shows at once are written to the stores.
 */
import type * as actions from '../../../src/state/actions.ts';
import { datasetStore } from '../../../src/state/datasets.ts';
import { modelsStore } from '../../../src/state/models.ts';
import { searchStore } from '../../../src/state/search.ts';
import { settingsStore } from '../../../src/state/settings.ts';

export const calls: { readonly action: string; readonly parameters: readonly unknown[] }[] = [];

function recorded<Parameters extends readonly unknown[]>(
  action: string,
  effect: (...parameters: Parameters) => void = () => {},
): (...parameters: Parameters) => Promise<void> {
  return (...parameters) => {
    calls.push({ action, parameters });
    effect(...parameters);
    return Promise.resolve();
  };
}

type Actions = { [name in keyof typeof actions]: (typeof actions)[name] };

/** A picture of the class's colour with a shape of its own. */
function draw(hash: string): string {
  const classAt = Number.parseInt(hash.slice(0, 4), 16);
  const at = Number.parseInt(hash.slice(4, 12), 16);
  const hue = (classAt * 47) % 360;
  const x = 20 + ((at * 37) % 60);
  const y = 20 + ((at * 53) % 60);
  const r = 12 + ((at * 7) % 26);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="320" height="320" preserveAspectRatio="xMidYMid slice"><rect width="100" height="100" fill="hsl(${hue} 35% ${58 + (at % 5) * 6}%)"/><circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${hue} 65% 42%)"/><circle cx="${x - r / 3}" cy="${y - r / 3}" r="${r / 4}" fill="hsl(${hue} 80% 80%)"/></svg>`;
  return URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
}

/** Object URLs that are handed out and not released. */
export const openUrls = new Set<string>();

function open(hash: string): Promise<string> {
  const url = draw(hash);
  openUrls.add(url);
  return Promise.resolve(url);
}

export const start: Actions['start'] = recorded('start');
export const addDropped: Actions['addDropped'] = recorded('addDropped');
export const addFiles: Actions['addFiles'] = recorded('addFiles');
export const assignRole: Actions['assignRole'] = recorded('assignRole');
export const addGroundTruth: Actions['addGroundTruth'] = recorded('addGroundTruth');
export const downloadProblems: Actions['downloadProblems'] = () => void recorded('downloadProblems')();
export const continueReading: Actions['continueReading'] = () => recorded('continueReading')().then(() => true);
export const unlockFiles: Actions['unlockFiles'] = recorded('unlockFiles');
export const switchDataset: Actions['switchDataset'] = recorded('switchDataset');
export const renameDataset: Actions['renameDataset'] = recorded('renameDataset');
export const deleteDataset: Actions['deleteDataset'] = recorded('deleteDataset');

export const tickModel: Actions['tickModel'] = recorded('tickModel', (id, ticked) =>
  modelsStore.setState(({ rows }) => ({
    rows: rows.map((row) => (row.weights.id === id ? { ...row, ticked } : row)),
  })),
);
export const embed: Actions['embed'] = recorded('embed');
export const downloadWeights: Actions['downloadWeights'] = recorded('downloadWeights');
export const importWeights: Actions['importWeights'] = recorded('importWeights');
export const removeWeights: Actions['removeWeights'] = recorded('removeWeights');

export const chooseModel: Actions['chooseModel'] = recorded('chooseModel', (weightsId) =>
  searchStore.setState({ weightsId }),
);
export const setK: Actions['setK'] = recorded('setK', (k) => searchStore.setState({ k }));
export const setIndex: Actions['setIndex'] = recorded('setIndex', (indexKind) => searchStore.setState({ indexKind }));
export const setEfSearch: Actions['setEfSearch'] = recorded('setEfSearch', (efSearch) =>
  searchStore.setState({ efSearch }),
);
export const searchFile: Actions['searchFile'] = recorded('searchFile');
export const searchHash: Actions['searchHash'] = recorded('searchHash', (hash) => {
  const image = datasetStore.getState().images.find((candidate) => candidate.hash === hash) ?? null;
  if (image === null) return;
  searchStore.setState(({ neighbours }) => ({
    query: { hash, name: image.path, image },
    status: 'done',
    neighbours: [...neighbours],
  }));
});
export const clearQuery: Actions['clearQuery'] = () =>
  void recorded('clearQuery', () =>
    searchStore.setState({ query: null, status: 'idle', neighbours: [], timing: null }),
  )();

export const thumbnailUrl: Actions['thumbnailUrl'] = open;
export const pictureUrl: Actions['pictureUrl'] = open;
export const releaseUrl: Actions['releaseUrl'] = (url) => {
  openUrls.delete(url);
  URL.revokeObjectURL(url);
};

export const setTheme: Actions['setTheme'] = (theme) => settingsStore.setState({ theme });
export const setEngine: Actions['setEngine'] = recorded('setEngine', (engine) => settingsStore.setState({ engine }));
export const setWorkers: Actions['setWorkers'] = recorded('setWorkers', (workers) =>
  settingsStore.setState({ workers }),
);
export const refreshStorage: Actions['refreshStorage'] = recorded('refreshStorage');
export const requestPersistence: Actions['requestPersistence'] = recorded('requestPersistence');
export const deleteStored: Actions['deleteStored'] = recorded('deleteStored');
export const diagnostics: Actions['diagnostics'] = () => Promise.resolve('Likeness 0.1.0\nEngine: WASM, 2 workers');
