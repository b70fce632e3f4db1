import { AppError } from '../../errors.ts';
import { inMegabytes } from '../../numerals.ts';

/**
 * What a failed write to the store means: the refusal of more room as AppError 'storage-full' with the sizes, any
 * other error as it is.
 */
export function explainWrite(cause: unknown, kept: number, total: number | null): unknown {
  if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') return cause;
  const need = total === null ? 'These weights need more room' : `These weights need ${inMegabytes(total)}`;
  const gives = kept === 0 ? 'has no room for them' : `gives no more than ${inMegabytes(kept)} to them`;
  const rest = kept === 0 ? 'Nothing was kept' : 'These are kept';
  return new AppError(
    'storage-full',
    `${need}, and the browser ${gives}. ${rest}: free some space (on the disk, ` +
      'or by removing weights here) and try again.',
    { cause },
  );
}
