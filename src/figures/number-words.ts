const share = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const similarity = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const loss = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** A share between 0 and 1 in per cent without the sign: "78.2". */
export const shareWords = (value: number): string => share.format(value * 100);

/** A cosine with two digits: "0.87". */
export const similarityWords = (value: number): string => similarity.format(value).replace('-', '\u2212');

/** A loss: "0.812". */
export const lossWords = (value: number): string => loss.format(value);

/** Per cent as a table holds it: a share of counts has no more than a few digits of meaning. */
export const percent = (value: number): number => Math.round(value * 1e6) / 1e4;
