import { AppError } from '../../errors.ts';
import { inMegabytes, numeral } from '../../numerals.ts';
import { foreignFile, isSafetensors } from '../foreign-files.ts';
import { ask, fileOf } from './ask.ts';
import type { KeptPart } from './kept-part.ts';
import type { Received } from './received.ts';
import { Interrupted, type Patience, retrying } from './retry.ts';
import type { Source } from './sources.ts';

/** An attempt that got so far beyond all before it starts the counting of failures afresh. */
const WORTH = 1024 * 1024;

/**
 * Brings the rest of a file into `part`, continuing broken connections where they broke. Resolves when all bytes have
 * come; their hash is for the caller to check.
 * @throws AppError 'download-failed' (what came is kept), 'weights-refused' (nothing is), 'storage-full', 'aborted'.
 */
export async function transfer(
  source: Source,
  part: KeptPart,
  patience: Patience,
  signal: AbortSignal,
  report: (progress: Received) => void,
): Promise<void> {
  let furthest = part.size;
  const progressed = () => {
    const worth = part.size >= furthest + WORTH;
    if (worth) furthest = part.size;
    return worth;
  };
  const explain = (reason: string) =>
    `The download of ${fileOf(source.file)} from ${source.file.host} failed, since ${reason}. ` +
    (part.size === 0 ? 'Nothing was kept; try again.' : `${inMegabytes(part.size)} are kept; try again to continue.`);
  await retrying(patience, signal, () => attempt(source, part, patience, signal, report), explain, progressed);
}

async function attempt(
  source: Source,
  part: KeptPart,
  patience: Patience,
  signal: AbortSignal,
  report: (progress: Received) => void,
): Promise<void> {
  if (part.size > 0 && part.size === source.bytes) return;
  const stall = new AbortController();
  const within = stopwatch(patience.stallMs, () => stall.abort());
  const { host } = source.file;
  try {
    const response = await ask(source.file, rangeHeaders(part, source), AbortSignal.any([signal, stall.signal]), [416]);
    const announced = await beginning(response, part, source);
    const total = source.bytes ?? announced;
    const reader = response.body?.getReader();
    if (!reader) throw new Interrupted(`${host} sent an empty answer`);
    try {
      await receive(reader, part, total, host, (receivedBytes) => {
        // Not before the first bytes: a page or a pointer in place of the weights deserves its own sentence.
        if (total !== null && (announced ?? total) !== total) throw wrongLength(part, host, total, announced ?? 0);
        if (total !== null && receivedBytes > total) throw wrongLength(part, host, total, receivedBytes);
        within.again();
        report({ receivedBytes, totalBytes: total });
      });
    } finally {
      reader.cancel().catch(() => {});
    }
    if (total !== null && part.size < total) throw new Interrupted('the connection was cut');
  } catch (error) {
    if (stall.signal.aborted && !signal.aborted) throw new Interrupted(`${host} stopped sending`, { cause: error });
    throw error;
  } finally {
    within.stop();
  }
}

/** Asks for the rest where either a hash or If-Range tells whether the two parts belong together. */
function rangeHeaders(part: KeptPart, { sha256 }: Source): Record<string, string> {
  if (part.size === 0) return {};
  const range = { Range: `bytes=${part.size}-` };
  if (sha256 !== null) return range;
  return part.etag === null ? {} : { ...range, 'If-Range': part.etag };
}

/** Makes `part` fit the answer's beginning. Returns the whole file's size by the answer, null where it does not tell. */
async function beginning(response: Response, part: KeptPart, source: Source): Promise<number | null> {
  const { headers, status } = response;
  const { host } = source.file;
  if (/^text\/html/i.test(headers.get('content-type') ?? '')) throw refusedInPlace('a web page', host);
  const begins = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  // A store of another origin may hide Content-Range; a wrong start is then found by the hash.
  if (status === 416 || (status === 206 && begins !== undefined && Number(begins) !== part.size)) {
    part.clear();
    throw new Interrupted(`${host} could not continue where it had stopped`);
  }
  if (status !== 206) part.clear();
  if (part.size === 0) {
    const etag = headers.get('etag');
    const strong = source.conditional && etag?.startsWith('"') ? etag : null;
    await part.describe({ url: source.file.href, sha256: source.sha256, etag: strong });
  }
  const length = headers.get('content-length');
  const encoded = headers.get('content-encoding') !== null;
  return length === null || encoded ? null : part.size + Number(length);
}

async function receive(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  part: KeptPart,
  total: number | null,
  host: string,
  received: (bytes: number) => void,
): Promise<void> {
  // Until the first bytes have been looked at, nothing is written.
  let unseen = part.size === 0 ? new Uint8Array() : null;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new Interrupted('the connection was cut', { cause });
    });
    if (unseen) {
      unseen = value ? joined(unseen, value) : unseen;
      if (!done && unseen.length < FIRST_BYTES) continue;
      checkFirstBytes(unseen, host);
      part.append(unseen, total);
      unseen = null;
    } else if (value) {
      part.append(value, total);
    }
    received(part.size);
    if (done) return;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function wrongLength(part: KeptPart, host: string, expected: number, found: number): AppError {
  part.clear();
  return new AppError(
    'weights-refused',
    `${host} sent ${numeral(found)} bytes where its listing promises ${numeral(expected)}: the file may just have changed. Nothing was kept.`,
  );
}

function stopwatch(ms: number, late: () => void): { again(): void; stop(): void } {
  let timer = setTimeout(late, ms);
  return {
    again() {
      clearTimeout(timer);
      timer = setTimeout(late, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Enough to tell weights from what else may arrive. */
const FIRST_BYTES = 64;

/**
 * Looks at a file's first bytes (FIRST_BYTES, or the whole of a shorter file), before any of it is kept.
 * @throws AppError 'weights-refused' where they cannot begin a safetensors file.
 */
function checkFirstBytes(bytes: Uint8Array, host: string): void {
  if (!isSafetensors(bytes)) throw refusedInPlace(kindOf(bytes), host);
}

/** The refusal of something that arrived in place of weights. */
function refusedInPlace(what: string, host: string): AppError {
  return new AppError(
    'weights-refused',
    `${host} answered with ${what} in place of the weights. It was not kept; nothing was cached.`,
  );
}

function kindOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  return foreignFile(bytes, '')?.what ?? 'a file that is not in the safetensors format';
}
