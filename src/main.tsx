import './ui/mantine.css';
import './ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepOffline } from './app/settings/install.ts';
import { start } from './app/start.ts';
import { App } from './ui/App.tsx';
import { OpenedWorkspace } from './ui/workspace.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');
createRoot(root).render(
  <StrictMode>
    <OpenedWorkspace>
      <App />
    </OpenedWorkspace>
  </StrictMode>,
);
void start();
keepOffline();
