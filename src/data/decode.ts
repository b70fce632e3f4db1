import { AppError } from '../errors.ts';
import { PIXEL_LIMIT, withRoomFor } from './decode-budget.ts';
import { type ImageFormat, recogniseFormat, SVG } from './image-format.ts';
import { headerSize } from './image-size.ts';
import { readBytes } from './read-bytes.ts';

/** Enough for every format's size, but for a JPEG with a long preface (an embedded preview or profile). */
const HEAD_BYTES = 64 * 1024;

/**
 * Decodes an image file (first frame; upright by its EXIF orientation; colour profiles ignored, as PIL and so the
 * networks' training did) and hands the bitmap to `use`, which must not keep it. Waits while too many pixels are
 * decoded already. Throws AppError 'image-undecodable', 'files-gone', and whatever `use` throws.
 */
export async function withDecoded<T>(file: Blob, use: (bitmap: ImageBitmap) => T | Promise<T>): Promise<T> {
  if (file.size === 0) throw undecodable('The file is empty (0 bytes).');
  const { format, pixels } = await inspect(file);
  if (pixels !== null) refuseTooLarge(pixels);
  // Of unknown size: room for the largest, as it may be that.
  return withRoomFor(pixels ?? PIXEL_LIMIT, async () => {
    const bitmap = await decode(file, format);
    try {
      refuseTooLarge(bitmap.width * bitmap.height);
      return await use(bitmap);
    } finally {
      bitmap.close();
    }
  });
}

/** What can be known before decoding. `pixels` is null where the header does not say. */
async function inspect(file: Blob): Promise<{ format: ImageFormat | null; pixels: number | null }> {
  const head = await readBytes(file.slice(0, HEAD_BYTES));
  const format = recogniseFormat(head);
  if (format === SVG || (!format && file.type === SVG.mime)) {
    throw undecodable('An SVG file is a drawing, not a photo; export it as PNG or JPEG to use it.');
  }
  if (!format) return { format, pixels: null };
  const size = headerSize(head, format) ?? (file.size > HEAD_BYTES ? headerSize(await readBytes(file), format) : null);
  return { format, pixels: size && size.width * size.height };
}

async function decode(file: Blob, format: ImageFormat | null): Promise<ImageBitmap> {
  // Some browsers go by the type, which is guessed from the file's name: tell them what the bytes say.
  const typed = format ? file.slice(0, file.size, format.mime) : file;
  try {
    return await createImageBitmap(typed, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (cause) {
    throw undecodable(refusal(format), cause);
  }
}

function refusal(format: ImageFormat | null): string {
  if (!format) return 'The file is damaged or not an image.';
  if (format.universal) return `The ${format.name} image is damaged: it cannot be decoded.`;
  return `This browser cannot decode ${format.name} images, or this one is damaged; save it as JPEG or PNG to use it.`;
}

function refuseTooLarge(pixels: number): void {
  if (pixels <= PIXEL_LIMIT) return;
  const [found, limit] = [pixels, PIXEL_LIMIT].map((count) => Math.ceil(count / 1e6));
  throw undecodable(
    `The image has ${found} megapixels, more than the ${limit} that are decoded; make it smaller to use it.`,
  );
}

function undecodable(message: string, cause?: unknown): AppError {
  return new AppError('image-undecodable', message, { cause });
}
