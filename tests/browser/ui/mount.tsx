import '../../../src/ui/mantine.css';
import '../../../src/ui/tokens.css';
import { createRoot, type Root } from 'react-dom/client';
import { expect, vi } from 'vitest';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { startedStore } from '../../../src/app/started.ts';
import { App } from '../../../src/ui/App.tsx';
import { WorkspaceProvider } from '../../../src/ui/workspace.tsx';
import { actions, calls } from './fake-actions.ts';
import { emptyStores } from './fake-state.ts';

let root: Root | null = null;

/** Renders the app on a screen and waits for the screen's heading. */
export async function mountAt(address: string): Promise<void> {
  history.replaceState(null, '', `#${address}`);
  startedStore.setState({ started: true });
  const host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
  root.render(
    <WorkspaceProvider workspace={workspace()} actions={actions}>
      <App />
    </WorkspaceProvider>,
  );
  await eventually(() => expect(document.querySelector('main h1')).not.toBeNull());
}

/** Waits for what takes a chunk of code, a frame or a transition to come. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 60_000, interval: 30 });
}

export function unmount(): void {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
  emptyStores();
  calls.length = 0;
}

/** The element of that role and accessible name; fails where there is none. */
export function byName(selector: string, name: string | RegExp): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>(selector)].find((element) => {
    const own = element.getAttribute('aria-label') ?? element.textContent.trim();
    return typeof name === 'string' ? own === name : name.test(own);
  });
  if (found === undefined) throw new Error(`There is no ${selector} named ${name}.`);
  return found;
}

export function called(action: string): readonly (readonly unknown[])[] {
  return calls.filter((call) => call.action === action).map((call) => call.parameters);
}

export function press(key: string): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}
