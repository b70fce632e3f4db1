/** Runs a computation that yields its progress to its end. */
export function finish<R>(steps: Generator<number, R>): { result: R; reports: number[] } {
  const reports: number[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done) return { result: step.value, reports };
    reports.push(step.value);
  }
}
