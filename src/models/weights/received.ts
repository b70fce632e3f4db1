/** How far a file has come, with what was kept from before. */
export interface Received {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
}

const MS_BETWEEN = 200;

/** Passes on five reports a second, and always the last one. */
export function paced(report: (progress: Received) => void): (progress: Received) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < MS_BETWEEN && progress.receivedBytes !== progress.totalBytes) return;
    last = now;
    report(progress);
  };
}
