import { BlobReader, BlobWriter, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js/lib/zip-core-custom.js';

type Content = readonly (readonly [name: string, data?: Blob | string | null, options?: ZipWriterAddDataOptions])[];

/** A real archive; data null makes a folder. */
export async function zipOf(content: Content): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
  for (const [name, data = name, given] of content) {
    if (data === null) await writer.add(name, undefined, { directory: true });
    else await writer.add(name, new BlobReader(new Blob([data])), given);
  }
  return writer.close();
}
