import { AppError } from '../../errors.ts';
import { Interrupted } from './retry.ts';

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
export function refusal(url: URL, status: number): AppError {
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
