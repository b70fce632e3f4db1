/**
 * The one error of the product. `code` is for the program, `message` is a sentence for the user: what happened,
 * what was kept, what to do. Kept across worker boundaries (workers/connect.ts).
 */
export type ErrorCode =
  | 'aborted'
  | 'weights-missing'
  | 'weights-refused'
  | 'weights-mismatch'
  | 'download-failed'
  | 'storage-refused'
  | 'storage-full'
  | 'storage-version'
  | 'storage-blocked'
  | 'storage-deleted'
  | 'engine-unavailable'
  | 'engine-lost'
  | 'engine-memory'
  | 'not-finite'
  | 'image-undecodable'
  | 'archive-refused'
  | 'ground-truth-refused'
  | 'dataset-unusable'
  | 'training-diverged'
  | 'files-gone'
  | 'worker-failed'
  | 'busy-elsewhere'
  | 'gallery-unavailable'
  | 'gallery-missing'
  | 'bad-argument'
  | 'internal';

export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown; weightsId?: string },
  ) {
    super(message, options);
    this.weightsId = options?.weightsId ?? null;
  }

  /** Of 'weights-missing': the set of weights that is to be downloaded, where it can be. */
  readonly weightsId: string | null;
}

/** Makes files readable again, in a sentence. Dropping it or choosing it, both open it, and a touch screen cannot drop. */
export const FOLDER_AGAIN = 'open the folder again';

/** Most characters of a file's text that a sentence repeats. */
const SHORT = 160;

/** Text from a file as a sentence may repeat it, its middle left out where it is long: names may be megabytes. */
export function shortened(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT / 2)} … ${text.slice(-SHORT / 2)}`;
}

/** The same in quotation marks. */
export function quoted(name: string): string {
  return `"${shortened(name)}"`;
}

/** What valibot says of a value that does not fit. */
interface Misfit {
  readonly message: string;
  readonly expected: string | null;
  readonly received: string;
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
  null: 'null',
};

/** What is wrong with a value from outside, in words for the user; those of a schema's own stay as they are. */
export function issueWords({ message, expected, received }: Misfit): string {
  if (!message.startsWith('Invalid ')) return message;
  if (received === 'undefined') return 'it is missing';
  if (expected === 'never') return 'nothing of that name belongs here';
  const found = TYPES[received] ?? shortened(received);
  if (expected === null || expected.startsWith('/')) return `${found} is not of the right form`;
  const bound = /^([<>]=?)(.+)$/.exec(expected);
  const [, sign = '', end = ''] = bound ?? [];
  if (bound) return `${found} where ${sign.startsWith('<') ? 'at most' : 'at least'} ${end} is allowed`;
  const choices = expected.replace(/^\(|\)$/g, '').split(' | ');
  return `${found} in place of ${choices.map((choice) => TYPES[choice] ?? choice).join(' or ')}`;
}

/** The error that every cancelled operation ends with. */
export function aborted(): AppError {
  return new AppError('aborted', 'Cancelled. What was finished before is kept.');
}

export function isAborted(error: unknown): boolean {
  return error instanceof AppError
    ? error.code === 'aborted'
    : error instanceof DOMException && error.name === 'AbortError';
}

/**
 * What a screen says of an error. One that nobody foresaw has words for programmers alone ("Cannot read properties of undefined"):
 * they are quoted, so that they can be reported, in a sentence that says what to do.
 */
export function sentenceOf({ code, message, cause }: AppError): string {
  const unforeseen = code === 'internal' && cause instanceof Error && cause.message === message;
  return unforeseen
    ? `The app made a mistake (${shortened(message.replace(/\.$/, ''))}). What was finished is kept. Try again; if it happens again, reload the page.`
    : message;
}

/** Any thrown value as an AppError; an AppError stays as it is. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAborted(error)) return aborted();
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', message, { cause: error });
}
