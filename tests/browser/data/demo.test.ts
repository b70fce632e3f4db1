import { expect, test } from 'vitest';
import { composeDemo } from '../../../src/data/demo/composition.ts';
import { hands } from '../../../src/data/demo/hands.ts';
import { demoFiles, listDemo } from '../../../src/data/demo/list-demo.ts';
import { sha256 } from '../../../src/data/file-bytes.ts';

test('each hand’s pictures can be drawn, a drawing seen twice gives two pictures, the same bytes when drawn again', async () => {
  const { files } = await listDemo({ signal: new AbortController().signal });
  expect(files.map(({ path }) => path)).toEqual(composeDemo().map(({ path }) => path));
  const again = new Map(demoFiles().map((file) => [file.path, file]));
  const hashes = new Set<string>();
  for (const { id } of hands) {
    // The first two views of a hand's first drawing.
    for (const file of files.filter(({ path }) => path.includes(`/${id} `)).slice(0, 2)) {
      const blob = await file.open();
      const hash = await sha256(blob);
      expect(await sha256((await again.get(file.path)?.open()) ?? new Blob())).toBe(hash);
      hashes.add(hash);
      const bitmap = await createImageBitmap(blob);
      const view = composeDemo().find(({ path }) => path === file.path)?.view;
      expect([bitmap.width, bitmap.height]).toEqual([view?.side, view?.side]);
    }
  }
  expect(hashes.size).toBe(2 * hands.length);
});

test('a listing that is cancelled lists nothing', async () => {
  const controller = new AbortController();
  controller.abort();
  await expect(listDemo({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
});
