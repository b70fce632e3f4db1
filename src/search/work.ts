/** How a search or the building of an index runs. */
export interface Work {
  /** Ends the call: it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Runs a computation, which yields how far it has come, to its end; others get their turn between its steps. */
  steps<R>(steps: Generator<number, R>): Promise<R>;
}
