import { createSlices } from '../../data/slices.ts';
import { aborted } from '../../errors.ts';

/** Characters joined before they become part of the file, so that memory holds neither thousands of parts nor one huge text. */
const PART = 1 << 20;

/** Writes text that comes in pieces, without keeping the page from drawing. Throws AppError 'aborted' after the signal. */
export async function textBlob(pieces: Iterable<string>, type: string, signal: AbortSignal): Promise<Blob> {
  const parts: Blob[] = [];
  const slice = createSlices();
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length >= PART) {
      parts.push(new Blob([text]));
      text = '';
    }
    await slice();
    if (signal.aborted) throw aborted();
  }
  return new Blob([...parts, text], { type });
}
