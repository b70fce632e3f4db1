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
