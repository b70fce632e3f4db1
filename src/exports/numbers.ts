/** Numbers as every export writes them for people: shares in per cent with one digit. */

/** A share between 0 and 1 in per cent, without the sign: "78.2". */
export const shareText = (share: number): string => (share * 100).toFixed(1);

/** "[72.0, 84.1]" */
export const intervalText = ([low, high]: readonly [number, number]): string =>
  `[${shareText(low)}, ${shareText(high)}]`;

/** A difference of two shares in percentage points, with its sign: "+2.1", "−0.4". */
export function pointsText(difference: number): string {
  const text = shareText(Math.abs(difference));
  return text === '0.0' ? text : `${difference < 0 ? '−' : '+'}${text}`;
}

/** Whole numbers with commas between thousands: "1,679". */
export const countText = (count: number): string => count.toLocaleString('en');
