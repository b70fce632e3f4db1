/** A result on its way to the query: only drags that began on this page carry its type. */
const TYPE = 'application/x-likeness-image';

export function carryImage(transfer: DataTransfer, hash: string): void {
  transfer.setData(TYPE, hash);
  transfer.effectAllowed = 'copy';
}

export function carriesImage(transfer: DataTransfer): boolean {
  return transfer.types.includes(TYPE);
}

/** Its hash; null where something else was dropped. Known at the drop only. */
export function carriedImage(transfer: DataTransfer): string | null {
  return /^[0-9a-f]{64}$/.exec(transfer.getData(TYPE))?.[0] ?? null;
}
