import { useRef, useSyncExternalStore } from 'react';

/** What the screens need of a store; they are made in app/ and jobs/. */
interface ReadableStore<State> {
  readonly getState: () => State;
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A store's state, or a part of it: the component is drawn again where it is not the same. A part that is made of others
 * (a list, an object) is another one at every call: compare it by `sameEntries`.
 */
export function useStore<State>(store: ReadableStore<State>): State;
export function useStore<State, Part>(
  store: ReadableStore<State>,
  select: (state: State) => Part,
  same?: (before: Part, after: Part) => boolean,
): Part;
export function useStore<State>(
  store: ReadableStore<State>,
  select: (state: State) => unknown = (state) => state,
  same: (before: unknown, after: unknown) => boolean = Object.is,
): unknown {
  const last = useRef<{ readonly part: unknown } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const part = select(store.getState());
    if (last.current === null || !same(last.current.part, part)) last.current = { part };
    return last.current.part;
  });
}

/** Whether both have the same values under the same keys, or in the same places. */
export function sameEntries<T extends object>(one: T, other: T): boolean {
  const entries = Object.entries(one);
  const others = new Map(Object.entries(other));
  return entries.length === others.size && entries.every(([key, value]) => Object.is(value, others.get(key)));
}
