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

/** Which data set addresses are about; null while none is open. */
let scope: string | null = null;

/** The data set that a history entry was made for; null where it is not said, as of an address that was typed. */
function scopeOf(state: unknown): string | null {
  return typeof state === 'object' && state !== null && 'scope' in state && typeof state.scope === 'string'
    ? state.scope
    : null;
}

const scoped = (state: unknown, of: string | null) => (of === null ? state : { ...(state ?? {}), scope: of });

/**
 * From now on addresses are about this data set. What one says of another data set (its query, its runs) does not hold here,
 * also where one goes back to it: of such an address the screen and its tab are left.
 */
export function setAddressScope(next: string | null): void {
  // An address that came from outside is about the data set that was open, or is the first to be.
  if (scopeOf(history.state) === null) history.replaceState(scoped(history.state, scope ?? next), '');
  // Another data set begins at its top; the first one finds the page as a reload left it.
  if (scope !== null && next !== scope) scrollTo({ top: 0 });
  scope = next;
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function address(): string {
  const text = location.hash.replace(/^#\/?/, '/');
  const of = scopeOf(history.state);
  if (scope !== null && of !== null && of !== scope) return withTabAlone(text);
  return text === '' ? '/' : text;
}

function withTabAlone(text: string): string {
  const tab = new URLSearchParams(parametersOf(text)).get('tab');
  return tab === null ? pathOf(text) : `${pathOf(text)}?${new URLSearchParams({ tab })}`;
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
  history[replace ? 'replaceState' : 'pushState'](scoped(state, scope), '', `#${to}`);
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
