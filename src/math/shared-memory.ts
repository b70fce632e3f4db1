/** Whether workers can share memory. A page needs cross-origin isolation for it; WebKitGTK reports isolation, yet has no shared memory. */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined';
}
