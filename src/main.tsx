import { sayStopped } from './ui/not-started.ts';
import './ui/mantine.css';
import './ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openedStore } from './app/opened.ts';
import { keepOffline } from './app/settings/install.ts';
import { start } from './app/start.ts';
import { App } from './ui/App.tsx';
import { setAddressScope } from './ui/location.ts';
import { OpenedWorkspace } from './ui/workspace.tsx';

// Before the screens are told: they read the address of the data set that they show.
openedStore.subscribe(({ workspace }) => setAddressScope(workspace.session?.stored.id ?? null));

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no element #root.');
// React takes everything away where even the frame cannot be drawn. Later, so that it has done so.
const root = createRoot(element, { onUncaughtError: (error) => queueMicrotask(() => sayStopped(error)) });
root.render(
  <StrictMode>
    <OpenedWorkspace>
      <App />
    </OpenedWorkspace>
  </StrictMode>,
);
start().catch(sayStopped);
keepOffline();
