import { AppError } from '../../errors.ts';
import { Interrupted, type Patience, retrying } from './retry.ts';

/**
 * One GET, answered with 2xx or a status that the caller expects.
 * @throws Interrupted where another attempt may help, AppError 'download-failed' where it would not.
 */
export async function ask(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  expected: readonly number[] = [],
): Promise<Response> {
  let response: Response;
  try {
    // Kept out of the browser's HTTP cache: weights would lie on the disk twice.
    response = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'omit' });
  } catch (cause) {
    const reason = navigator.onLine ? `${url.host} could not be reached` : 'the browser is offline';
    throw new Interrupted(reason, { cause });
  }
  const { status } = response;
  if (response.ok || expected.includes(status)) return response;
  await response.body?.cancel().catch(() => {});
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    throw new Interrupted(`${url.host} answered with the error ${status}`);
  }
  throw refusal(url, status);
}

/**
 * What an address asks for, for people: "config.json of timm/resnet50.a1_in1k". The last part alone would be "main", or a file
 * that every model has.
 */
export function fileOf(url: URL): string {
  const { pathname } = url;
  const [, card, listing] = /\/api\/models\/([^/]+\/[^/]+)(\/tree\/[^/]+)?$/.exec(pathname) ?? [];
  if (card !== undefined) {
    return `the ${listing === undefined ? 'description' : 'list of files'} of ${decodeURIComponent(card)}`;
  }
  const [, model, file] =
    /^\/(.+)\/resolve\/[^/]+\/([^/]+)$/.exec(pathname) ?? /\/models\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  return decodeURIComponent(model === undefined ? (pathname.split('/').at(-1) ?? '') : `${file} of ${model}`);
}

/** What a status means that no further attempt would change. */
function refusal(url: URL, status: number): AppError {
  return new AppError('download-failed', `${reason(url, status)} Nothing was changed.`);
}

function reason(url: URL, status: number): string {
  const file = fileOf(url);
  if (status === 404 || status === 410) return `${url.host} does not have ${file} (${status}).`;
  if (status === 401 || status === 403) {
    return `${url.host} refuses ${file} (${status}): it may want an account, or your network may block it.`;
  }
  return `${url.host} answered with the error ${status} when asked for ${file}.`;
}

const MISSING = [404, 410];

/** Listings and configurations are some kB; a server that sends without an end must not fill the memory. */
const MAX_BYTES = 8 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Announced as HTML: an error page, a sign-in page, the page of a host that answers everything with one. */
  readonly page: boolean;
}

/**
 * A small JSON file that must be there.
 * @throws AppError 'download-failed', 'weights-refused' for something else in its place, 'aborted'.
 */
export async function askJson(url: URL, patience: Patience, signal: AbortSignal): Promise<unknown> {
  const answer = await read(url, patience, signal);
  if (MISSING.includes(answer.status)) throw refusal(url, answer.status);
  return parse(url, answer);
}

/** A small JSON file that may be missing: null then, also where the server answers with a page. Throws as askJson. */
export async function findJson(url: URL, patience: Patience, signal: AbortSignal): Promise<unknown> {
  const answer = await read(url, patience, signal);
  return MISSING.includes(answer.status) || answer.page ? null : parse(url, answer);
}

function read(url: URL, patience: Patience, signal: AbortSignal): Promise<Answer> {
  const attempt = async () => {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(patience.stallMs)]);
    const response = await ask(url, {}, inTime, MISSING);
    try {
      const page = /^text\/html/i.test(response.headers.get('content-type') ?? '');
      return { status: response.status, text: await textOf(url, response), page };
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new Interrupted(`the connection to ${url.host} was cut`, { cause });
    }
  };
  const explain = (reason: string) =>
    `${fileOf(url)} could not be read, since ${reason}. Nothing was changed; try again.`;
  return retrying(patience, signal, attempt, explain);
}

async function textOf(url: URL, response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  try {
    for (let bytes = 0; ; ) {
      const { value } = await reader.read();
      if (!value) return await new Blob(pieces).text();
      bytes += value.length;
      if (bytes > MAX_BYTES) throw tooLong(url);
      pieces.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function tooLong(url: URL): AppError {
  const message = `${url.host} sends more than ${MAX_BYTES / 2 ** 20} MB in place of ${fileOf(url)}. Nothing was cached.`;
  return new AppError('weights-refused', message);
}

function parse(url: URL, { text, page }: Answer): unknown {
  try {
    if (!page) return JSON.parse(text);
  } catch {
    // Said below, as for a page.
  }
  const found = page || text.trimStart().startsWith('<') ? 'a web page' : 'something that is not JSON';
  const message = `${url.host} answered with ${found} in place of ${fileOf(url)}. Nothing was cached.`;
  throw new AppError('weights-refused', message);
}
