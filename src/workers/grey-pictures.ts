import { GREY_SIDE } from '../care/same-picture.ts';

/** A picture in grey [64, 64], stretched to the square; null where it cannot be decoded. */
export async function greyPicture(picture: Blob): Promise<Float32Array | null> {
  const bitmap = await createImageBitmap(picture, {
    resizeWidth: GREY_SIDE,
    resizeHeight: GREY_SIDE,
    resizeQuality: 'high',
  }).catch(() => null);
  const context = new OffscreenCanvas(GREY_SIDE, GREY_SIDE).getContext('2d', { willReadFrequently: true });
  if (!bitmap || !context) return null;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, GREY_SIDE, GREY_SIDE);
  // ITU-R BT.601.
  return Float32Array.from(
    { length: GREY_SIDE ** 2 },
    (_, i) => 0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0),
  );
}
