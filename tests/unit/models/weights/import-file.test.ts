import { expect, test } from 'vitest';
import { importFile } from '../../../../src/models/weights/import-file.ts';
import { MemoryStore } from '../../../../src/models/weights/opfs-store.ts';
import { WeightsCache } from '../../../../src/models/weights/weights-cache.ts';

const imported = (name: string) => {
  const file = new File([new Uint8Array(64)], name);
  return importFile(new WeightsCache(new MemoryStore()), file, null, new AbortController().signal, () => {});
};

test('one part of a set of weights is refused as that, with what joins the parts', async () => {
  await expect(imported('model-00001-of-00002.safetensors')).rejects.toMatchObject({
    code: 'weights-refused',
    message: expect.stringMatching(/^This is part 1 of 2[\s\S]*save_file/),
  });
  // A set of one part is a whole file, and this one is damaged.
  await expect(imported('model-00001-of-00001.safetensors')).rejects.toThrow(/cannot be used/);
});
