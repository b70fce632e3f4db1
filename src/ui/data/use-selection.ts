import { useState } from 'react';

/** Images that are chosen, by path. */
export interface Selection {
  readonly paths: ReadonlySet<string>;
  toggle(path: string): void;
  /** All from the one toggled or reached last up to this one, in the order given. */
  extend(path: string, order: readonly string[]): void;
  choose(paths: Iterable<string>): void;
  clear(): void;
}

const NONE: ReadonlySet<string> = new Set();

export function useSelection(): Selection {
  const [paths, setPaths] = useState(NONE);
  const [anchor, setAnchor] = useState<string | null>(null);
  return {
    paths,
    toggle(path) {
      setPaths((before) => {
        const next = new Set(before);
        if (!next.delete(path)) next.add(path);
        return next;
      });
      setAnchor(path);
    },
    extend(path, order) {
      const from = anchor === null ? -1 : order.indexOf(anchor);
      const to = order.indexOf(path);
      if (to < 0) return;
      const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
      setPaths((before) => new Set([...before, ...order.slice(first, last + 1)]));
      setAnchor(path);
    },
    choose(chosen) {
      setPaths(new Set(chosen));
    },
    clear() {
      setPaths(NONE);
      setAnchor(null);
    },
  };
}
