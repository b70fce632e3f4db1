/**
 * Empties what this origin keeps apart from the database: weights in the private file system, caches, and what pages
 * write down for themselves. Nothing may be open in any of it.
 */
export async function clearOrigin(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  // With its cache gone, a service worker would be one that keeps nothing: the next visit installs it again.
  if ('serviceWorker' in navigator) {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  }
  // Missing on pages that are not served securely.
  if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name);
  const storage: StorageManager | undefined = navigator.storage;
  // Refused in some private windows: then there is nothing in it.
  const root = await storage?.getDirectory().catch(() => null);
  if (!root) return;
  const names: string[] = [];
  for await (const name of root.keys()) names.push(name);
  for (const name of names) await root.removeEntry(name, { recursive: true });
}
