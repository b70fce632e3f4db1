import type { Pieces } from '../safetensors.ts';
import { ask, fileOf } from './ask.ts';
import { Interrupted, type Patience, retrying } from './retry.ts';

/**
 * A file on a server, of which pieces are asked for as they are read: enough to look at its header.
 * @throws AppError, from its pieces: 'download-failed', 'aborted'.
 */
export function remoteFile(url: URL, size: number, patience: Patience, signal: AbortSignal): Pieces {
  const piece = (begin: number, end: number) => async (): Promise<ArrayBuffer> => {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(patience.stallMs)]);
    const response = await ask(url, { Range: `bytes=${begin}-${end - 1}` }, inTime);
    // A server that knows no ranges sends the whole: no more of it is taken than is wanted.
    const from = response.status === 206 ? begin : 0;
    try {
      return (await upTo(response, end - from)).slice(begin - from);
    } catch (cause) {
      throw new Interrupted(`the connection to ${url.host} was cut`, { cause });
    }
  };
  const explain = (reason: string) =>
    `${fileOf(url)} could not be read, since ${reason}. Nothing was changed; try again.`;
  return {
    size,
    slice(begin, wanted) {
      const end = Math.min(wanted, size);
      if (end <= begin) return { arrayBuffer: async () => new ArrayBuffer(0) };
      return { arrayBuffer: () => retrying(patience, signal, piece(begin, end), explain) };
    },
  };
}

/** The first bytes of an answer, of which no more is taken. */
async function upTo(response: Response, bytes: number): Promise<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  const reader = response.body?.getReader();
  let filled = 0;
  try {
    while (reader && filled < bytes) {
      const { value } = await reader.read();
      if (!value) break;
      whole.set(value.subarray(0, bytes - filled), filled);
      filled += value.length;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
  if (filled < bytes) throw new Error(`${filled} of ${bytes} bytes came.`);
  return whole.buffer;
}
