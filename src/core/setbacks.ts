import { AppError, type ErrorCode, toAppError } from '../errors.ts';

/** What is done for one model, among pieces of work for others. */
export interface Piece {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Ids of pieces without which this one cannot be done. */
  readonly needs: readonly string[];
}

/** Failures that say nothing of other models: no room for its weights, a server that lacks them, a head that diverged. */
const OF_ONE_MODEL: ReadonlySet<ErrorCode> = new Set([
  'weights-missing',
  'weights-refused',
  'weights-mismatch',
  'download-failed',
  'storage-full',
  'engine-memory',
  'training-diverged',
]);

/** What failed so far for reasons of one model each, while work for others goes on. */
export interface Setbacks {
  /** What `work` comes to; null where it fails for a reason of its own model, which is noted. Throws what concerns all. */
  attempt<T>(name: string, work: () => Promise<T>): Promise<T | null>;
  /** Names all that failed and why, with the first one's code; null where nothing did. `rest`: a sentence about the others. */
  error(rest: string): AppError | null;
}

export function createSetbacks(): Setbacks {
  const failed: { readonly name: string; readonly error: AppError }[] = [];
  return {
    async attempt(name, work) {
      try {
        return await work();
      } catch (thrown) {
        const error = toAppError(thrown);
        if (!OF_ONE_MODEL.has(error.code)) throw thrown;
        failed.push({ name, error });
        return null;
      }
    },
    error(rest) {
      const [first] = failed;
      if (!first) return null;
      const sentences = failed.map(({ name, error }) => named(name, error).message);
      const { code, weightsId } = first.error;
      return new AppError(code, [...sentences, rest].join(' ').trim(), {
        cause: first.error,
        ...(weightsId !== null && { weightsId }),
      });
    },
  };
}

/**
 * Does pieces of work in their order. One that fails for a reason of its own model is left, with those that need it; the others
 * are done. Then throws an AppError that names what failed and why, with the first one's code; at once what concerns all.
 */
export async function doneOneByOne<P extends Piece>(
  pieces: readonly P[],
  work: (piece: P, at: number) => Promise<void>,
): Promise<void> {
  const missing = new Set<string>();
  const setbacks = createSetbacks();
  for (const [at, piece] of pieces.entries()) {
    const isPossible = !piece.needs.some((id) => missing.has(id));
    const done =
      isPossible &&
      (await setbacks.attempt(piece.name, async () => {
        await work(piece, at);
        return true;
      }));
    if (!done) missing.add(piece.id);
  }
  const error = setbacks.error(missing.size < pieces.length ? 'All that does not need it was done.' : '');
  if (error) throw error;
}

/** The same error with the model's name before its sentence, unless it is one that says nothing of the model. */
export function named(name: string, error: unknown): AppError {
  const known = toAppError(error);
  if (!OF_ONE_MODEL.has(known.code) || known.message.includes(name)) return known;
  const { code, weightsId } = known;
  return new AppError(code, `${name}: ${known.message}`, { cause: known, ...(weightsId !== null && { weightsId }) });
}
