import { AppError } from '../../errors.ts';
import { ask, fileOf, refusal } from './ask.ts';
import { Interrupted, type Patience, retrying } from './retry.ts';

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
