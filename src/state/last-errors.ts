import type { AppError } from '../errors.ts';

const KEPT = 20;

/** An error as the diagnostic report knows it. */
export interface RecordedError {
  readonly at: string;
  readonly code: string;
  /** May hold names of files. */
  readonly message: string;
  /** What lies below, the nearest first; may hold names of files. */
  readonly causes: readonly string[];
}

const kept: RecordedError[] = [];

export const lastErrors = (): readonly RecordedError[] => kept;

/** Keeps the error for the diagnostic report, and hands it back. */
export function recordError(error: AppError): AppError {
  const causes: string[] = [];
  for (let { cause } = error as Error; cause instanceof Error && causes.length < 5; { cause } = cause) {
    causes.push(`${cause.name}: ${cause.message}`);
  }
  kept.push({ at: new Date().toISOString(), code: error.code, message: error.message, causes });
  if (kept.length > KEPT) kept.shift();
  return error;
}
