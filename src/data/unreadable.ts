import { AppError } from '../errors.ts';
import type { Problem } from '../types.ts';
import { nameOf } from './file-kinds.ts';

const CAUSES = new Map([
  ['NotFoundError', 'it was moved, renamed or deleted'],
  ['NotReadableError', 'it was changed, is locked by another program, or your account may not read it'],
  ['NotAllowedError', 'the browser has no permission to read it'],
  ['SecurityError', 'the browser refuses to read it'],
]);

function cause(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return CAUSES.get(name) ?? (error instanceof Error && error.message ? error.message : 'no reason is given');
}

/** The problem of a folder or file that the browser would not list. */
export function unlistable(path: string, error: unknown): Problem {
  return {
    kind: 'unreadable',
    severity: 'skipped',
    path,
    reason: `“${nameOf(path)}” could not be read: ${cause(error)}.`,
    action: 'skipped',
  };
}

/** The error of a listed file that can no longer be opened. */
export function gone(path: string, error: unknown): AppError {
  return new AppError(
    'files-gone',
    `“${nameOf(path)}” could not be read: ${cause(error)}. What was read before is kept; drop the folder again to go on.`,
    { cause: error },
  );
}
