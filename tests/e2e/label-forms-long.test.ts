import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { picture } from './pictures.ts';

/** Data sets with their labels as they are published, dropped as people drop them. */

async function writeFolder(images: readonly string[], texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await temporaryFolder(), 'photos');
  const files = [
    ...images.map((path, at) => [path, picture(at % 3, at)] as const),
    ...Object.entries(texts).map(([path, text]) => [path, text] as const),
  ];
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const facts = async (page: Page) =>
  Promise.all(
    ['Classes', 'Training', 'Query', 'Gallery'].map(async (name) => {
      const fact = page.locator('dl').getByText(name, { exact: true }).locator('xpath=following-sibling::dd');
      return (await fact.innerText()).trim();
    }),
  );
const settled = (page: Page, expected: readonly string[]) => expect.poll(() => facts(page)).toEqual(expected);
const problems = (page: Page) => page.getByRole('button', { name: /show the problems/ });

const NUMBERS = Array.from({ length: 12 }, (_, at) => at);
const name = (at: number) => `${String(at).padStart(3, '0')}.png`;
const lines = (of: (at: number) => string) => `${NUMBERS.map(of).join('\n')}\n`;

test('lists without a header, a list of names of classes, and splits by the files’ names', async () => {
  const { page, drop, errors } = await openApp();
  const list = (from: number, to: number) =>
    NUMBERS.slice(from, to)
      .map((at) => `images/${name(at)} ${at % 3}\n`)
      .join('');
  const folder = await writeFolder(
    NUMBERS.map((at) => `images/${name(at)}`),
    { 'train.txt': list(0, 6), 'test.txt': list(6, 12), 'classes.txt': 'apple\npear\nplum\n' },
  );
  await drop(folder);
  await settled(page, ['3', '6', '0', '6']);
  await page.getByText('plum').first().waitFor();
  await problems(page).click();
  await page.getByText(/No folder is named as a split, and the tables are: “test.txt” lists/).waitFor();
  await page.reload();
  await settled(page, ['3', '6', '0', '6']);
  expect(errors).toEqual([]);
});

test('lists that are joined by the numbers of images', async () => {
  const { page, drop, errors } = await openApp();
  const kind = (at: number) => `00${(at % 3) + 1}.Kind`;
  const folder = await writeFolder(
    NUMBERS.map((at) => `images/${kind(at)}/${name(at)}`),
    {
      'images.txt': lines((at) => `${at + 1} ${kind(at)}/${name(at)}`),
      'image_class_labels.txt': lines((at) => `${at + 1} ${(at % 3) + 1}`),
      'classes.txt': '1 001.Kind\n2 002.Kind\n3 003.Kind\n',
      'train_test_split.txt': lines((at) => `${at + 1} ${at < 9 ? 1 : 0}`),
    },
  );
  await drop(folder);
  await settled(page, ['3', '9', '0', '3']);
  expect(await problems(page).count()).toBe(0);
  expect(errors).toEqual([]);
});

test('JSON Lines beside training, and COCO’s annotations of queries, some of several categories', async () => {
  const { page, drop, errors } = await openApp();
  const images = NUMBERS.slice(6).map((at) => ({ id: at, file_name: name(at) }));
  const annotations = images.map(({ id }) => ({ image_id: id, category_id: id % 3, bbox: [0, 0, 9, 9] }));
  const categories = ['apple', 'pear', 'plum'].map((category, id) => ({ id, name: category }));
  const folder = await writeFolder(
    [
      ...NUMBERS.slice(0, 6).map((at) => `train/${name(at)}`),
      ...NUMBERS.slice(6).flatMap((at) => [`query/${name(at)}`, `gallery/${name(at)}`]),
    ],
    {
      'train/metadata.jsonl': NUMBERS.slice(0, 6)
        .map((at) => `${JSON.stringify({ file_name: name(at), label: categories[at % 3]?.name })}\n`)
        .join(''),
      'gallery/_annotations.coco.json': JSON.stringify({ images, annotations, categories }),
      'query/_annotations.coco.json': JSON.stringify({
        images,
        annotations: [...annotations, { image_id: 6, category_id: 1 }, { image_id: 7, category_id: 2 }],
        categories,
      }),
    },
  );
  await drop(folder);
  await settled(page, ['3', '6', '6', '6']);
  await problems(page).click();
  await page.getByText('2 images have more than one class in the ground truth.').waitFor();
  expect(errors).toEqual([]);
});
