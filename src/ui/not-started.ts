/**
 * What the page says while the app does not run: the sentence of index.html until it has started, the reason once it has
 * failed. Imported first, so that it hears of what fails while the rest is loaded. On a blank page only the console would
 * tell.
 */

import { toAppError } from '../errors.ts';
import { inEnglish } from '../numerals.ts';

addEventListener('error', ({ error, message }) => {
  if (!isDrawn()) sayStopped(error ?? message);
});
addEventListener('unhandledrejection', ({ reason }) => {
  if (!isDrawn()) sayStopped(reason);
});

/** Once there are screens, failures are theirs to show: many an error in a page stops nothing. */
function isDrawn(): boolean {
  const root = document.getElementById('root');
  return root?.firstElementChild != null && root.firstElementChild.id !== 'not-started';
}

/** Replaces whatever is in the page by the reason why the app is not. */
export function sayStopped(error: unknown): void {
  const paragraph = document.createElement('p');
  paragraph.id = 'not-started';
  paragraph.role = 'alert';
  paragraph.textContent = `Likeness stopped: ${inEnglish(toAppError(error).message)} What is stored in this browser is kept. Reload the page; if it stops again, please report this sentence.`;
  document.getElementById('root')?.replaceChildren(paragraph);
}
