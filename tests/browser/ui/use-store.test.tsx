import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, onTestFinished, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { sameEntries, useStore } from '../../../src/ui/use-store.ts';

interface Shop {
  readonly fruits: readonly string[];
  readonly open: boolean;
}

/** Shows what it read; counts how often it was drawn. */
function shown(select: (state: Shop) => readonly string[], same?: typeof sameEntries<readonly string[]>) {
  const store = createStore<Shop>()(() => ({ fruits: ['apple', 'pear'], open: false }));
  let drawn = 0;
  function Fruits() {
    drawn++;
    return <p>{useStore(store, select, same).join(' ')}</p>;
  }
  const element = document.createElement('div');
  const root = createRoot(element);
  onTestFinished(() => root.unmount());
  flushSync(() => root.render(<Fruits />));
  const change = (state: Partial<Shop>) => flushSync(() => store.setState(state));
  return { text: () => element.textContent, drawn: () => drawn, change };
}

test('draws again where the part that is read has changed, and only there', () => {
  const { text, drawn, change } = shown(({ fruits }) => fruits);
  change({ open: true });
  expect([text(), drawn()]).toEqual(['apple pear', 1]);
  change({ fruits: ['plum'] });
  expect([text(), drawn()]).toEqual(['plum', 2]);
});

test('a part that is made of others is the same as long as its entries are', () => {
  const { text, drawn, change } = shown(({ fruits }) => fruits.filter((name) => name !== 'pear'), sameEntries);
  change({ open: true });
  change({ fruits: ['apple'] });
  expect([text(), drawn()]).toEqual(['apple', 1]);
  change({ fruits: ['apple', 'plum'] });
  expect([text(), drawn()]).toEqual(['apple plum', 2]);
});
