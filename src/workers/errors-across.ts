import { type TransferHandler, transferHandlers } from 'comlink';
import { AppError, type ErrorCode, toAppError } from '../errors.ts';

interface Thrown {
  readonly value: unknown;
}

interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly stack: string | undefined;
}

// comlink's own handler keeps message and name only; this one keeps the code, so that an AppError stays one.
// Which values were thrown is known to comlink alone (a private symbol), hence its canHandle is kept.
const original = transferHandlers.get('throw');
if (!original) throw new Error('comlink has no handler for thrown values.');

const throwHandler: TransferHandler<Thrown, WireError> = {
  canHandle: (value): value is Thrown => original.canHandle(value),
  serialize: ({ value }) => {
    const error = toAppError(value);
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    return [{ code: error.code, message: error.message, stack }, []];
  },
  deserialize: ({ code, message, stack }): never => {
    const error = new AppError(code, message);
    if (stack) error.stack = stack;
    throw error;
  },
};
transferHandlers.set('throw', throwHandler);
