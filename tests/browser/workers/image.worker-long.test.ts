import { afterAll, describe, expect, it } from 'vitest';
import { startImageWorker } from './image-worker.ts';

const worker = startImageWorker();
afterAll(() => worker.close());

/** An image file painted by `paint`. */
async function painted(
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
  type = 'image/png',
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No 2D canvas.');
  paint(context);
  return canvas.convertToBlob({ type });
}

function flat(colour: string, width: number, height = width, type = 'image/png'): Promise<Blob> {
  return painted(
    width,
    height,
    (context) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
    },
    type,
  );
}

async function pixelsOf(image: Blob): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(image);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!context) throw new Error('No 2D canvas.');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

/** A PNG's header alone, saying a size. */
function claiming(width: number, height: number): Blob {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return new Blob([bytes]);
}

const latin1 = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

/** What browsers say of files with the names below. */
const TYPES = ['image/jpeg', 'image/svg+xml', 'text/plain', ''];

/** A square PNG of one bit a pixel, black on the left and white on the right, built without holding its pixels. */
async function halves(side: number): Promise<Blob> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header.set([1, 0, 0, 0, 0], 8); // 1 bit, grey, deflate, filter by row, not interlaced
  const row = new Uint8Array(1 + side / 8).fill(255, 1 + side / 16);
  const rows = new Blob(new Array<Uint8Array<ArrayBuffer>>(side).fill(row));
  const packed = await new Response(rows.stream().pipeThrough(new CompressionStream('deflate'))).bytes();
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return new Blob([signature, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', new Uint8Array())]);
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(latin1(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('read', () => {
  it('gives hash, upright size and a small JPEG, never enlarged', async () => {
    const files = [await flat('rgb(200, 30, 60)', 640, 480), await flat('rgb(10, 120, 240)', 30, 90)];
    const outcomes = await worker.api.read(files, 200);
    const expected = [
      { size: [640, 480], thumbnail: [200, 150], colour: [200, 30, 60] },
      { size: [30, 90], thumbnail: [30, 90], colour: [10, 120, 240] },
    ];
    for (const [i, { size, thumbnail, colour }] of expected.entries()) {
      const outcome = outcomes[i];
      if (!outcome?.ok) throw new Error(outcome?.reason);
      const digest = await crypto.subtle.digest('SHA-256', (await files[i]?.arrayBuffer()) ?? new ArrayBuffer());
      expect(outcome.hash).toBe([...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join(''));
      expect([outcome.width, outcome.height]).toEqual(size);
      expect(outcome.thumbnail.type).toBe('image/jpeg');
      const bitmap = await createImageBitmap(outcome.thumbnail);
      expect([bitmap.width, bitmap.height]).toEqual(thumbnail);
      const [r = 0, g = 0, b = 0] = await pixelsOf(outcome.thumbnail);
      const distance = Math.max(...[r, g, b].map((value, channel) => Math.abs(value - (colour[channel] ?? 0))));
      expect(distance).toBeLessThanOrEqual(4);
    }
  });

  it('refuses a file of gigabytes unread', async () => {
    const piece = new Blob([new Uint8Array(50_000_000)]);
    const [outcome] = await worker.api.read([new Blob([claiming(10, 10), ...new Array<Blob>(10).fill(piece)])], 50);
    expect(outcome).toMatchObject({ ok: false, kind: 'undecodable', hash: null });
    expect(outcome?.ok === false && outcome.reason).toContain('larger than 500 MB');
  });

  it('reads the good files of a batch of bad ones', async () => {
    const good = await flat('green', 20);
    const truncated = (await flat('green', 400)).slice(0, 60);
    const text = new File(['not a photo'], 'a.jpg', { type: 'image/jpeg' });
    const outcomes = await worker.api.read([text, good, new Blob([]), truncated, good], 50);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : `${outcome.kind}: ${outcome.reason}`))).toEqual([
      'undecodable: The file is damaged or not an image.',
      'ok',
      'empty-file: The file is empty (0 bytes).',
      'undecodable: The PNG image is damaged: it cannot be decoded.',
      'ok',
    ]);
    expect(outcomes.every((outcome) => outcome.hash !== null)).toBe(true);
  });
});

describe('crops', () => {
  const settings = { size: 8, cropPct: 1, interpolation: 'bicubic' } as const;
  const row = (pixels: Uint8Array, image: number) => [...pixels.subarray(image * 192, image * 192 + 3)];

  it('puts each image in its row and zeros where one failed', async () => {
    const files = [await flat('rgb(1, 2, 3)', 1), new Blob(['?']), await flat('rgb(250, 128, 7)', 90, 40)];
    const { pixels, failures } = await worker.api.crops(files, settings);
    expect(pixels).toHaveLength(3 * 192);
    expect([0, 1, 2].map((image) => row(pixels, image))).toEqual([
      [1, 2, 3],
      [0, 0, 0],
      [250, 128, 7],
    ]);
    expect(failures).toEqual([null, 'The file is damaged or not an image.', null]);
  });

  it('lays transparent pixels over white', async () => {
    const files = [
      await painted(10, 10, () => {}),
      await flat('rgba(255, 0, 0, 0.2)', 10),
      await flat('rgba(0, 0, 0, 0.5)', 10, 10, 'image/webp'),
    ];
    const { pixels } = await worker.api.crops(files, settings);
    expect(row(pixels, 0)).toEqual([255, 255, 255]);
    expect(row(pixels, 1)).toEqual([255, 204, 204]);
    for (const value of row(pixels, 2)) expect(Math.abs(value - 127)).toBeLessThanOrEqual(2);
  });

  it('keeps 8-bit values exactly', async () => {
    const pattern = (x: number, y: number) => [x, y, (x * y) % 256];
    const file = await painted(256, 256, (context) => {
      const image = new ImageData(256, 256);
      for (let i = 0; i < 256 * 256; i += 1) image.data.set([...pattern(i % 256, i >> 8), 255], i * 4);
      context.putImageData(image, 0, 0);
    });
    // The shorter side is 256 already: the crop is the middle of the image, nothing resampled.
    const { pixels } = await worker.api.crops([file], { size: 224, cropPct: 0.875, interpolation: 'bilinear' });
    const expected = Array.from({ length: 224 * 224 }, (_, i) => pattern(16 + (i % 224), 16 + Math.floor(i / 224)));
    expect(pixels).toEqual(Uint8Array.from(expected.flat()));
  });

  it('takes a frame of the image for the whole, as if it had been cut out before', async () => {
    const quarters = ['rgb(10, 0, 0)', 'rgb(0, 20, 0)', 'rgb(0, 0, 30)', 'rgb(40, 40, 40)'];
    const file = await painted(60, 40, (context) => {
      quarters.forEach((colour, at) => {
        context.fillStyle = colour;
        context.fillRect((at % 2) * 30, Math.floor(at / 2) * 20, 30, 20);
      });
    });
    const frame = { x: 0, y: 0.5, width: 0.5, height: 0.5 };
    const { pixels } = await worker.api.crops([file, file], { ...settings, frame });
    const alone = await worker.api.crops([await flat('rgb(0, 0, 30)', 30, 20)], settings);
    expect(pixels.subarray(0, 192)).toEqual(alone.pixels);
    expect(pixels.subarray(192)).toEqual(alone.pixels);
    await expect(worker.api.crops([file], { ...settings, frame: { ...frame, x: 0.6 } })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('refuses an image of too many megapixels by its header, before decoding', async () => {
    const { failures } = await worker.api.crops([claiming(20_000, 10_000)], settings);
    expect(failures[0]).toMatch(/has 200 megapixels, more than the 120/);
  });

  it('decodes a real image of 10,000 × 10,000 pixels, in its place', async () => {
    const { pixels, failures } = await worker.api.crops([await halves(10_000)], settings);
    expect(failures).toEqual([null]);
    const [left, right] = [row(pixels, 0), [...pixels.subarray(192 - 3, 192)]];
    expect([left, right]).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  it('is not misled about a size: 60,000 × 60,000 pixels are refused however they hide', async () => {
    const frame = [0x2c, 0, 0, 0, 0, 0x60, 0xea, 0x60, 0xea, 0];
    const gif = [...latin1('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, ...[0, 0, 0, 255, 255, 255], ...frame];
    const strayBytes = [0xff, 0xd8, 0xff, 0x01, 7, 7, 0xff, 0xc0, 0, 17, 8, 0xea, 0x60, 0xea, 0x60, 3];
    const extent = [0, 0, 0, 20, ...latin1('ispe'), 0, 0, 0, 0, 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60];
    const avif = [0, 0, 0, 20, ...latin1('ftypMA1B'), 0, 0, 0, 0, ...latin1('avif'), ...extent];
    const files = [gif, strayBytes, avif].map((bytes) => new Blob([Uint8Array.from(bytes)]));
    const { failures } = await worker.api.crops([claiming(60_000, 60_000), ...files], settings);
    expect(failures).toEqual(new Array(4).fill(expect.stringMatching(/has 3600 megapixels, more than the 120/)));
  });

  it('decodes nothing whose size it cannot read', async () => {
    const gif = Uint8Array.from([...latin1('GIF89a'), 1, 0, 1, 0, 0, 0, 0, 7, 7, 7]);
    const webp = Uint8Array.from([...latin1('RIFF....WEBPJUNK'), ...new Array<number>(40).fill(0)]);
    const { failures } = await worker.api.crops([new Blob([gif]), new Blob([webp])], settings);
    expect(failures).toEqual([
      'The GIF image is damaged: it cannot be decoded.',
      'The WebP image is damaged: it cannot be decoded.',
    ]);
  });

  it('goes by what a file holds, not by its name', async () => {
    const png = await flat('rgb(1, 2, 3)', 4);
    const files = ['a.jpg', 'a.svg', 'a.txt', 'a'].map((name, i) => new File([png], name, { type: TYPES[i] ?? '' }));
    const { pixels, failures } = await worker.api.crops(files, settings);
    expect(failures).toEqual([null, null, null, null]);
    for (const image of files.keys()) expect(row(pixels, image)).toEqual([1, 2, 3]);
  });

  it('decodes large images one after the other', async () => {
    const large = await flat('rgb(9, 99, 199)', 6000, 6000, 'image/jpeg');
    const { pixels, failures } = await worker.api.crops([large, large], settings);
    expect(failures).toEqual([null, null]);
    for (const image of [0, 1]) {
      const distance = row(pixels, image).map((value, channel) => Math.abs(value - ([9, 99, 199][channel] ?? 0)));
      expect(Math.max(...distance)).toBeLessThanOrEqual(3);
    }
  });

  it('refuses settings that make no image', async () => {
    await expect(worker.api.crops([], { ...settings, size: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(worker.api.crops([], { ...settings, cropPct: -1 })).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
