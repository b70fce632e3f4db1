import { type TransferHandler, transferHandlers } from 'comlink';
import { AppError, type ErrorCode, toAppError } from '../errors.ts';

interface Thrown {
  readonly value: unknown;
}

/** An error below, in words: what else it carries may not travel. */
interface WireCause {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly stack: string | undefined;
  /** The nearest first. */
  readonly causes: readonly WireCause[];
}

/** A chain longer than this is a circle, or says nothing more. */
const MOST_CAUSES = 5;

// comlink's own handler keeps message and name only; this one keeps the code, so that an AppError stays one, and what
// caused it. Which values were thrown is known to comlink alone (a private symbol), so its canHandle is kept.
const original = transferHandlers.get('throw');
if (!original) throw new Error('comlink has no handler for thrown values.');

function causesOf(error: Error): WireCause[] {
  const causes: WireCause[] = [];
  for (let { cause } = error; cause !== undefined && causes.length < MOST_CAUSES; ) {
    const below: Error = cause instanceof Error ? cause : new Error(String(cause));
    const { name, message, stack } = below;
    causes.push({ name, message, stack });
    cause = below.cause;
  }
  return causes;
}

function causeFrom([nearest, ...deeper]: readonly WireCause[]): Error | undefined {
  if (!nearest) return undefined;
  const error = new Error(nearest.message, { cause: causeFrom(deeper) });
  error.name = nearest.name;
  if (nearest.stack) error.stack = nearest.stack;
  return error;
}

const throwHandler: TransferHandler<Thrown, WireError> = {
  canHandle: (value): value is Thrown => original.canHandle(value),
  serialize: ({ value }) => {
    const error = toAppError(value);
    const { code, message, stack } = error;
    return [{ code, message, stack, causes: causesOf(error) }, []];
  },
  deserialize: ({ code, message, stack, causes }): never => {
    const error = new AppError(code, message, { cause: causeFrom(causes) });
    if (stack) error.stack = stack;
    throw error;
  },
};
transferHandlers.set('throw', throwHandler);
