/** Files that the test server offers, and the pixels in them. */

export async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.blob();
}

export async function fetchJson(url: string): Promise<unknown> {
  return JSON.parse(await (await fetchBlob(url)).text());
}

/** The 8-bit RGB pixels of a PNG, [height, width, 3]. */
export async function decodeCrop(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const bitmap = await createImageBitmap(await fetchBlob(url), { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas.');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return new Uint8Array(data.filter((_, i) => i % 4 !== 3));
}
