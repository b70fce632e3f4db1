import { AppError } from '../errors.ts';
import { inMegabytes } from '../numerals.ts';
import { readBytes } from './file-bytes.ts';
import { type ImageFormat, inPlaceOfImage, recogniseFormat, SVG } from './image-format.ts';
import { type HeaderSize, hasHeaderSize, headerSize } from './image-size.ts';

/** What is read of a file for its size, more and more of it: a JPEG may have a long preface (previews, profiles). */
const HEAD_BYTES = [64 * 1024, 1024 * 1024, 32 * 1024 * 1024];

/** A file is in memory while it is decoded: beyond this it is no photo. The largest image as an uncompressed BMP fits. */
const MAX_FILE_BYTES = 500e6;

/** In a decoded image. */
const BYTES_PER_PIXEL = 4;

/**
 * Decodes an image file (first frame; upright by its EXIF orientation; colour profiles ignored, as PIL and so the
 * networks' training did) and hands the bitmap to `use`, which must not keep it. Waits while too much is decoded already.
 * Nothing is decoded whose size is not known to fit the memory. With `shorterSide`, a large JPEG may come smaller, its shorter side
 * no smaller than that; `size` is still the image's own. Throws AppError 'image-undecodable', 'files-gone', and
 * whatever `use` throws.
 */
export async function withDecoded<T>(
  file: Blob,
  use: (bitmap: ImageBitmap, size: HeaderSize) => T | Promise<T>,
  shorterSide = Number.POSITIVE_INFINITY,
): Promise<T> {
  if (file.size === 0) throw undecodable('The file is empty (0 bytes).');
  refuseLargeFile(file);
  const { format, pixels, size: header } = await inspect(file);
  const eighths = header && format.mime === 'image/jpeg' && scalesJpegs() ? eighthsFor(header, shorterSide) : null;
  return withRoomFor(pixels + file.size / BYTES_PER_PIXEL, async () => {
    const { bitmap, size } = await (header && eighths
      ? scaledOrWhole(file, format, header, eighths)
      : whole(file, format));
    try {
      refuseTooLarge(bitmap.width * bitmap.height);
      return await use(bitmap, size);
    } finally {
      bitmap.close();
    }
  });
}

/** Before anything of it is read. Throws AppError 'image-undecodable'. */
export function refuseLargeFile(file: Blob): void {
  if (file.size <= MAX_FILE_BYTES) return;
  throw undecodable(
    `The file is larger than ${inMegabytes(MAX_FILE_BYTES)}, too large to be decoded; make it smaller.`,
  );
}

/** What is known before decoding: the format, how many pixels there are at most, and the size where a header tells it. */
async function inspect(file: Blob): Promise<{ format: ImageFormat; pixels: number; size: HeaderSize | null }> {
  let head = await readBytes(file.slice(0, HEAD_BYTES[0]));
  const format = recogniseFormat(head);
  if (format === SVG || (!format && file.type === SVG.mime)) {
    throw undecodable('An SVG file is a drawing, not a photo; export it as PNG or JPEG to use it.');
  }
  if (!format) {
    const what = inPlaceOfImage(head);
    throw undecodable(what ? `The file is no image: it is ${what}.` : 'The file is damaged or not an image.');
  }
  // Unknown size: it may be the largest.
  if (!hasHeaderSize(format)) return { format, pixels: PIXEL_LIMIT, size: null };
  let size = headerSize(head, format);
  for (const bytes of HEAD_BYTES.slice(1)) {
    if (size || file.size <= head.length) break;
    head = await readBytes(file.slice(0, bytes));
    size = headerSize(head, format);
  }
  if (!size) throw undecodable(refusal(format));
  refuseTooLarge(size.width * size.height);
  return { format, pixels: size.width * size.height, size };
}

async function decode(file: Blob, format: ImageFormat): Promise<ImageBitmap> {
  // Some browsers go by the type, which is guessed from the file's name: tell them what the bytes say.
  const typed = file.slice(0, file.size, format.mime);
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

interface Decoded {
  readonly bitmap: ImageBitmap;
  /** Size of the image, which may be larger than what was decoded. */
  readonly size: HeaderSize;
}

/** What the scaling decoder refuses is decoded whole, which says what is wrong with it. */
async function scaledOrWhole(file: Blob, format: ImageFormat, size: HeaderSize, eighths: number): Promise<Decoded> {
  try {
    return await decodeScaled(file, size, eighths);
  } catch {
    return whole(file, format);
  }
}

async function whole(file: Blob, format: ImageFormat): Promise<Decoded> {
  const bitmap = await decode(file, format);
  return { bitmap, size: bitmap };
}

function refusal(format: ImageFormat): string {
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

/** Images above this are refused: decoded, the largest takes 480 MB (4 bytes a pixel). */
export const PIXEL_LIMIT = 120e6;

/** Pixels that one worker may hold decoded at a time: 128 MB. A larger image is decoded alone. */
const PIXELS_IN_FLIGHT = 32e6;

interface Waiting {
  readonly share: number;
  enter(): void;
}

let inFlight = 0;
const queue: Waiting[] = [];

function admit(): void {
  for (let next = queue[0]; next && inFlight + next.share <= PIXELS_IN_FLIGHT; next = queue[0]) {
    queue.shift();
    inFlight += next.share;
    next.enter();
  }
}

/**
 * Runs `task`, which holds `pixels` decoded pixels until it ends, as soon as the worker has room for them; first come,
 * first served. One that fills the room alone also waits for its like in the other workers and tabs, where the browser
 * has locks (secure contexts).
 */
export async function withRoomFor<T>(pixels: number, task: () => Promise<T>): Promise<T> {
  const share = Math.min(pixels, PIXELS_IN_FLIGHT);
  await new Promise<void>((enter) => {
    queue.push({ share, enter });
    admit();
  });
  try {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    if (pixels <= PIXELS_IN_FLIGHT || !locks) return await task();
    return await locks.request('likeness: a large image', task);
  } finally {
    inFlight -= share;
    admit();
  }
}

/** Decoders have short ways to half of the sides and less; to more of them they take longer than to all. */
const MOST_EIGHTHS = 4;

/**
 * Eighths of its sides to which a JPEG is decoded so that its shorter side keeps at least `shorterSide` pixels: the decoder
 * computes what coarser pixels need, and leaves out the rest. Null where that saves nothing.
 */
export function eighthsFor({ width, height }: HeaderSize, shorterSide: number): number | null {
  const eighths = Math.ceil((8 * shorterSide) / Math.min(width, height));
  return eighths <= MOST_EIGHTHS ? eighths : null;
}

/**
 * Whether `decodeScaled` works here: where secure pages have `ImageDecoder` and its frames say how they are turned, so that EXIF's
 * orientation is not lost on the way (Chromium).
 */
function scalesJpegs(): boolean {
  return 'ImageDecoder' in globalThis && 'VideoFrame' in globalThis && 'rotation' in VideoFrame.prototype;
}

/**
 * A JPEG decoded to that number of eighths of its sides, rounded up; upright, colour profile ignored; `size` is the whole image's,
 * upright too. The bitmap is the caller's to close.
 */
async function decodeScaled(
  file: Blob,
  { width, height }: HeaderSize,
  eighths: number,
): Promise<{ bitmap: ImageBitmap; size: HeaderSize }> {
  const decoder = new ImageDecoder({
    data: await file.arrayBuffer(),
    type: 'image/jpeg',
    colorSpaceConversion: 'none',
    preferAnimation: false,
    // The largest scale that goes beyond neither is taken.
    desiredWidth: Math.ceil((width * eighths) / 8),
    desiredHeight: Math.ceil((height * eighths) / 8),
  });
  try {
    const { image } = await decoder.decode();
    try {
      const bitmap = await createImageBitmap(image, {
        imageOrientation: 'from-image',
        colorSpaceConversion: 'none',
        premultiplyAlpha: 'none',
      });
      const turned = Number(Reflect.get(image, 'rotation')) % 180 !== 0;
      return { bitmap, size: turned ? { width: height, height: width } : { width, height } };
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

/** What kept an image from being read, of the error that reading it ended with. */
export function failureKind(
  { size }: Pick<Blob, 'size'>,
  { code }: AppError,
): 'undecodable' | 'empty-file' | 'unreadable' {
  // First: a file that is gone has no size either.
  if (code === 'files-gone') return 'unreadable';
  return size === 0 ? 'empty-file' : 'undecodable';
}
