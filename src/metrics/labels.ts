/** Stands for an unknown label among label codes. */
export const UNKNOWN = -1;

export interface LabelCodes {
  /** [queries]: a class's number from 0, or UNKNOWN. */
  readonly query: Int32Array<ArrayBuffer>;
  /** [gallery]: likewise. */
  readonly gallery: Int32Array<ArrayBuffer>;
}

type Label = string | null;

/** Numbers the classes of queries and gallery alike, so that equal codes mean equal classes. Null becomes UNKNOWN. */
export function codeLabels(queryLabels: readonly Label[], galleryLabels: readonly Label[]): LabelCodes {
  const codes = new Map<string, number>();
  const code = (label: Label): number => {
    if (label === null) return UNKNOWN;
    const known = codes.get(label);
    if (known !== undefined) return known;
    codes.set(label, codes.size);
    return codes.size - 1;
  };
  return { query: Int32Array.from(queryLabels, code), gallery: Int32Array.from(galleryLabels, code) };
}
