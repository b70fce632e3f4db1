/**
 * The address behind the `#`: a path and its parameters (`#/search?query=…&k=10`). wouter's own hash hook would put
 * the parameters before the `#`, where a static host sees them and a reload asks the server for them.
 */
import { useSyncExternalStore } from 'react';

interface NavigateOptions {
  readonly replace?: boolean;
  /** Kept in the history entry. */
  readonly state?: unknown;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function address(): string {
  const text = location.hash.replace(/^#\/?/, '/');
  return text === '' ? '/' : text;
}

function pathOf(text: string): string {
  const [path = '/'] = text.split('?', 1);
  return path;
}

function parametersOf(text: string): string {
  const mark = text.indexOf('?');
  return mark < 0 ? '' : text.slice(mark + 1);
}

export function navigate(to: string, { replace = false, state = null }: NavigateOptions = {}): void {
  const before = currentPath();
  history[replace ? 'replaceState' : 'pushState'](state, '', `#${to}`);
  // Another screen begins at its top; where one goes back to, the browser knows how far it was scrolled.
  if (currentPath() !== before) scrollTo({ top: 0 });
  // pushState is silent.
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** For wouter's `<Router hook>`. */
export function useHashLocation(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => pathOf(address())), navigate];
}
useHashLocation.hrefs = (href: string): string => `#${href}`;

/** For wouter's `<Router searchHook>`. */
export function useHashParameters(): string {
  return useSyncExternalStore(subscribe, () => parametersOf(address()));
}

export function currentPath(): string {
  return pathOf(address());
}

export function currentParameters(): string {
  return parametersOf(address());
}
