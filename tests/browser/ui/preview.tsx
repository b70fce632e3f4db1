/** The app over synthetic stores: `npx vite --config tests/browser/ui/preview.config.ts`, then /tests/browser/ui/preview.html?state=full#/data */
import { workspace } from './fake-workspace.ts';
import '../../../src/ui/mantine.css';
import '../../../src/ui/tokens.css';
import { createRoot } from 'react-dom/client';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { startedStore } from '../../../src/app/started.ts';
import { App } from '../../../src/ui/App.tsx';
import { WorkspaceProvider } from '../../../src/ui/workspace.tsx';
import * as actions from './fake-actions.ts';
import { fillComparison } from './fake-comparison.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fillMap } from './fake-map.ts';
import { fillDataset, fillFailures, fillJobs, fillModels, fillSearch, fillSettings } from './fake-state.ts';

const parameters = new URLSearchParams(location.search);
const states = (parameters.get('state') ?? 'full').split(',');
startedStore.setState({ started: true });
settingsStore.setState({ theme: parameters.get('theme') === 'dark' ? 'dark' : 'light' });

if (states.includes('empty')) datasetListStore.setState({ status: 'empty' });
else if (!states.includes('loading')) {
  fillDataset({
    ...(states.includes('partial') ? { read: 700 } : {}),
    ...(states.includes('many') ? { counts: { training: 20_000, query: 182, gallery: 648 } } : {}),
  });
  fillModels();
  fillSettings();
  if (states.includes('planned')) fillComparison('planned');
  else if (states.includes('comparing')) fillComparison('running');
  else if (states.includes('compared')) fillComparison('done');
  else if (states.includes('unlabelled')) fillComparison('unlabelled');
  if (states.includes('dashboard')) fillDashboard();
  else if (states.includes('validated')) fillDashboard({ labelled: false });
  else if (states.includes('manyruns')) fillDashboard({ runs: 40, queries: 5000 });
  if (!states.includes('unembedded') && !states.includes('partial')) fillSearch(Number(parameters.get('k') ?? 10));
}
if (states.includes('demo')) {
  workspace().dataset.setState(({ dataset }) => ({ dataset: dataset && { ...dataset, demo: true } }));
}
if (states.includes('unembedded')) {
  workspace().models.setState(({ rows }) => ({ rows: rows.map((row) => ({ ...row, embedded: 0, scores: null })) }));
}
if (states.includes('mapping')) {
  const { a } = workspace().dashboard.getState();
  if (a !== null) {
    fillMap(a, {
      status: 'drawing',
      stage: 'neighbours',
      progress: { done: 722, total: 1679, rate: 60, secondsLeft: 16 },
      layout: { method: 'pca', settled: false, coordinates: new Float32Array(0) },
    });
  }
}
if (states.includes('gone')) workspace().dataset.setState({ files: 'gone' });
if (states.includes('running')) {
  fillJobs();
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row, at) => (at === 0 ? { ...row, embedding: true, embedded: 722, scores: null } : row)),
  }));
}
if (states.includes('failed')) fillFailures();
if (states.includes('building')) {
  workspace().search.setState(({ index, timing }) => ({
    index: { ...index, status: 'building', built: 0.43, recallAt10: null, indexMs: null },
    timing: timing === null ? null : { ...timing, index: 'exact' },
  }));
}
if (states.includes('pending')) workspace().search.setState({ status: 'embedding', neighbours: [] });
if (states.includes('idle')) workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <WorkspaceProvider workspace={workspace()} actions={actions}>
      <App />
    </WorkspaceProvider>,
  );
}
