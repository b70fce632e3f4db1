import { formatBytes } from '../format.ts';

interface Used {
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}

/** "1.2 GB in use, of 1.3 GB that this browser allows" */
export function usedWords({ usedBytes, quotaBytes }: Used): string {
  const used = `${formatBytes(usedBytes ?? 0)} in use`;
  return quotaBytes === null ? used : `${used}, of ${formatBytes(quotaBytes)} that this browser allows`;
}

/** What leaves the tab, and what does not. */
export const PRIVACY =
  'Your images stay in this tab: nothing is uploaded. Only weights are downloaded, from this app’s server or the Hugging Face hub. Query vectors go to the server that you started only if you search its gallery.';
