/**
 * Whether workers can share memory here. A page that is isolated from others has it, but for WebKitGTK's: it calls such a page
 * isolated too, and has no shared memory all the same. Each thread asks for itself.
 */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer !== 'undefined';
}
