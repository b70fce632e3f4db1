/**
 * Gives the page an IndexedDB that lasts until the tab is closed, in place of the browser's: for browsers that refuse it
 * to this page. The same code then stores and reads, and nothing else has to know.
 */
export async function installMemory(): Promise<void> {
  const memory = await import('fake-indexeddb');
  // idb tells by these classes what it has before it.
  for (const [name, value] of Object.entries(memory)) {
    if (!/^(indexedDB|IDB\w+)$/.test(name)) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
