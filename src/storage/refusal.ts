import { AppError, toAppError } from '../errors.ts';

const kept = 'What was stored before is kept.';

/** What went wrong in IndexedDB, as a sentence for the user. */
export function storageError(error: unknown): AppError {
  if (!(error instanceof DOMException)) return toAppError(error);
  const said = error.message ? `: ${error.message.replace(/\.$/, '')}` : '';
  switch (error.name) {
    case 'QuotaExceededError':
      return new AppError(
        'storage-full',
        `The browser has no room left for this app. ${kept} Delete a data set, features or weights in the settings, or free disk space, then try again.`,
        { cause: error },
      );
    case 'VersionError':
      return new AppError(
        'storage-version',
        'A newer version of this app has stored data in this browser, which this version cannot read. Nothing was changed. Reload the page to get the newer version.',
        { cause: error },
      );
    case 'AbortError':
    case 'TransactionInactiveError':
    case 'InvalidStateError':
      return new AppError('storage-refused', `The browser broke off using its storage${said}. ${kept} Try again.`, {
        cause: error,
      });
    case 'UnknownError':
    case 'NotReadableError':
    case 'SecurityError':
    case 'InvalidAccessError':
      return new AppError(
        'storage-refused',
        `The browser refuses to store anything for this app${said}. ${kept} Check that its data storage is not blocked and that the disk is not full, then reload.`,
        { cause: error },
      );
    default:
      return toAppError(error);
  }
}

/** Whether it may be that this page gets no storage at all, as in some private windows: not where it is used otherwise. */
export function refusesAll(error: unknown): boolean {
  // Where the page gets no IndexedDB, there is no object to call.
  if (!(error instanceof DOMException)) return error instanceof TypeError || error instanceof ReferenceError;
  return ['SecurityError', 'UnknownError', 'InvalidStateError', 'NotReadableError', 'QuotaExceededError'].includes(
    error.name,
  );
}

/** For a database that is there no more. */
export function deletedElsewhere(): AppError {
  return new AppError(
    'storage-deleted',
    'What this app had stored was deleted, by another tab or in the browser’s settings. What is open in this tab is still here, in memory. Nothing is stored again unless you say so.',
  );
}

/** For an upgrade that has to wait for another tab. */
export function blockedByTab(): AppError {
  return new AppError(
    'storage-blocked',
    'Another tab with an older version of this app is still open, so what is stored cannot be brought up to date. Nothing was changed. Close the other tabs, then reload this one.',
  );
}
