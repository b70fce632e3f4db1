import { sayStopped } from './ui/not-started.ts';
import './ui/mantine.css';
import './ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepOffline } from './app/settings/install.ts';
import { start } from './app/start.ts';
import { App } from './ui/App.tsx';
import { OpenedWorkspace } from './ui/workspace.tsx';

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
