import { openAsBlob } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { summarise } from '../../src/data/derive-images.ts';
import type { FolderSource, Source } from '../../src/data/sources.ts';
import { listSources } from '../../src/data/sources.ts';
import { inEnglish } from '../../src/numerals.ts';
import { readTar } from '../tar.ts';
import { open } from '../unit/data/opened.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { picture } from './pictures.ts';

/** Layouts of public data sets and all handed cases, dropped into the app: it shows what its rules say in Node, where they are tried at length. */

const SHOWN_NOTICES = 6;
const CASES = resolve(import.meta.dirname, '../fixtures/cases');

/** A folder on the disk, links left out, as browsers do. */
function fromDisk(path: string): FolderSource {
  return {
    kind: 'directory',
    name: basename(path),
    async *children(): AsyncGenerator<Source> {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        const below = join(path, entry.name);
        if (entry.isDirectory()) yield fromDisk(below);
        else if (entry.isFile()) {
          const { size } = await stat(below);
          yield { kind: 'file', name: entry.name, bytes: size, open: () => openAsBlob(below) };
        }
      }
    },
  };
}

interface Told {
  /** Classes, training, query and gallery images. */
  readonly counts: readonly string[];
  /** Sentences of the first notices, and the words on their buttons. */
  readonly notices: readonly string[];
}

async function inNode(folder: string): Promise<Told> {
  const listing = await listSources([fromDisk(folder)], { signal: new AbortController().signal });
  const { images, notices } = await open(listing);
  const { classes, counts } = summarise(images);
  return {
    counts: [classes.length, counts.training, counts.query, counts.gallery].map(String),
    notices: notices
      .slice(0, SHOWN_NOTICES)
      .map(({ reason, offers }) => plain([reason, ...offers.map(({ label }) => label)].join(' | '))),
  };
}

/** Names are shown between marks of direction; blanks at the ends of names are folded by the page. */
const plain = (text: string) =>
  inEnglish(text)
    .replace(/[\u2066-\u2069\u200e\u200f]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

async function inBrowser(page: Page, { notices }: Told): Promise<Told> {
  const fact = (name: string) =>
    page.locator('dl').getByText(name, { exact: true }).locator('xpath=following-sibling::dd');
  const facts = () =>
    Promise.all(['Classes', 'Training', 'Query', 'Gallery'].map(async (name) => (await fact(name).innerText()).trim()));
  const shown: string[] = [];
  const text = plain(await page.locator('main').innerText());
  for (const notice of notices) {
    const [reason = '', ...labels] = notice.split(' | ');
    const buttons = await Promise.all(
      labels.map(async (name) => ((await page.getByRole('button', { name, exact: true }).count()) > 0 ? name : 'none')),
    );
    shown.push([text.includes(reason) ? reason : text, ...buttons].join(' | '));
  }
  return { counts: await facts(), notices: shown };
}

const NINE = Array.from({ length: 9 }, (_, at) => at);
const label = (at: number) => ['cat', 'dog', 'bird'][at % 3] ?? '';
const rows = (of: (at: number) => string) => `${NINE.map(of).join('\n')}\n`;
const images = (of: (at: number) => string) => NINE.map((at) => of(at));
const coco = (ids: readonly number[]) =>
  JSON.stringify({
    images: ids.map((id) => ({ id, file_name: `${id}.png`, width: 48, height: 48 })),
    annotations: ids.map((id) => ({ id, image_id: id, category_id: id % 3, bbox: [0, 0, 9, 9] })),
    categories: [0, 1, 2].map((id) => ({ id, name: label(id) })),
  });

const LAYOUTS: readonly (readonly [
  name: string,
  images: readonly string[],
  texts: Readonly<Record<string, string | Uint8Array>>,
])[] = [
  ['class folders alone', images((at) => `${label(at)}/${at}.png`), {}],
  ['class folders in class folders', images((at) => `${label(at)}/kind ${at % 2} of ${label(at)}/${at}.png`), {}],
  [
    'class folders of numbers and a list of their names',
    images((at) => `${at % 3}/${at}.png`),
    { 'classes.txt': 'cat\ndog\nbird\n' },
  ],
  [
    'images and one column a class',
    images((at) => `train/${at}.png`),
    {
      'train/_classes.csv': `filename, cat, dog, bird\n${rows((at) => `${at}.png, ${[0, 1, 2].map((c) => (at % 3 === c ? 1 : 0)).join(', ')}`)}`,
    },
  ],
  [
    'splits in a column',
    images((at) => `images/${at}.png`),
    {
      'labels.csv': `file,label,split\n${rows((at) => `${at}.png,${label(at)},${at < 4 ? 'train' : at < 6 ? 'val' : 'test'}`)}`,
    },
  ],
  [
    'three lists',
    images((at) => `images/${at}.png`),
    {
      'train.txt': '0.png cat\n1.png dog\n2.png cat\n3.png dog\n',
      'val.txt': '4.png cat\n5.png dog\n',
      'test.txt': '6.png cat\n7.png dog\n8.png cat\n',
    },
  ],
  [
    'lists joined by the numbers of images',
    images((at) => `images/00${(at % 3) + 1}.${label(at)}/${at}.png`),
    {
      'images.txt': rows((at) => `${at + 1} 00${(at % 3) + 1}.${label(at)}/${at}.png`),
      'image_class_labels.txt': rows((at) => `${at + 1} ${(at % 3) + 1}`),
      'classes.txt': '1 001.cat\n2 002.dog\n3 003.bird\n',
      'train_test_split.txt': rows((at) => `${at + 1} ${at < 6 ? 1 : 0}`),
    },
  ],
  [
    'JSON of classes',
    images((at) => `images/${label(at)}/${at}.png`),
    {
      'meta/train.json': '{"cat": ["cat/0"], "dog": ["dog/1"], "bird": ["bird/2"]}',
      'meta/test.json': '{"cat": ["cat/3", "cat/6"], "dog": ["dog/4", "dog/7"], "bird": ["bird/5", "bird/8"]}',
    },
  ],
  [
    'COCO’s annotations in each split',
    images((at) => `${at < 6 ? 'train' : 'valid'}/${at}.png`),
    { 'train/_annotations.coco.json': coco([0, 1, 2, 3, 4, 5]), 'valid/_annotations.coco.json': coco([6, 7, 8]) },
  ],
  [
    'JSON Lines',
    images((at) => `train/${at}.png`),
    { 'train/metadata.jsonl': rows((at) => JSON.stringify({ file_name: `${at}.png`, label: label(at) })) },
  ],
  [
    'a table in another language and Windows-1252',
    images((at) => `fotos/${at}.png`),
    {
      'liste.csv': Buffer.from(
        `Datei;Klasse\r\n${rows((at) => `C:\\Fotos\\${at}.png;K\u00e4se ${label(at)}\r`)}`,
        'latin1',
      ),
    },
  ],
  [
    'images below train, and below val a list',
    images((at) => (at < 6 ? `train/${label(at)}/images/${at}.png` : `val/images/${at}.png`)),
    {
      'val/val_annotations.txt': NINE.slice(6)
        .map((at) => `${at}.png\t${label(at)}\t0\t0\t9\t9`)
        .join('\n'),
    },
  ],
  [
    'boxes and masks beside classes',
    images((at) => `photos/${label(at)}/${at}.png`),
    { 'annotations/0.xml': '<annotation/>', 'imagelabels.mat': 'MATLAB 5.0', 'data.yaml': 'names: [cat]' },
  ],
  [
    'captions, which are no classes',
    images((at) => `${at}.png`),
    { 'captions.csv': `file_name,text\n${rows((at) => `${at}.png,"photo, number ${at}"`)}` },
  ],
  [
    'identities in the names of files',
    images(
      (at) => `${['bounding_box_train', 'query', 'bounding_box_test'][at % 3]}/000${(at % 2) + 1}_c${at}s1_00${at}.png`,
    ),
    {},
  ],
  [
    'classes of which some differ in capitals',
    images((at) => `${['train', 'query', 'gallery'][at % 3]}/${at % 2 ? 'Cat' : 'cat'}/${at}.png`),
    {},
  ],
];

test.each(LAYOUTS)('%s', async (_, paths, texts) => {
  const folder = join(await temporaryFolder(), 'photos');
  const files = [...paths.map((path, at) => [path, picture(at % 3, at)] as const), ...Object.entries(texts)];
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const told = await inNode(folder);
  const { page, drop, errors } = await openApp();
  await drop(folder);
  await expect.poll(() => inBrowser(page, told)).toEqual(told);
  expect(errors).toEqual([]);
});

/** The folders of the handed cases that hold images. */
const FOLDERS = [
  ...['archives-not-zip/nested', 'class-names-differ/photos', 'csv-image-id-label/split', 'decomposed-names/files'],
  ...['doubled-folders/sets', 'figures-control-char/vt', 'figures-control-char/nul', 'ground-truth-paths/photos'],
  ...['identity-in-file-name/reid', 'image-with-other-ending/photos', 'numbered-classes/photos'],
  ...['refused-ground-truth/semicolon', 'refused-ground-truth/broken', 'same-size-replaced/rep'],
  ...['train-valid-test/photos', 'zip-backslashes', 'zip-shift-jis'],
];

test.each(FOLDERS)('the case %s', async (folder) => {
  const [name = ''] = folder.split('/');
  const parent = await temporaryFolder();
  for (const { path, bytes } of readTar(new Uint8Array(await readFile(join(CASES, `${name}.tar`))))) {
    await mkdir(dirname(join(parent, path)), { recursive: true });
    await writeFile(join(parent, path), bytes);
  }
  expect((await stat(join(parent, folder))).isDirectory()).toBe(true);
  const told = await inNode(join(parent, folder));
  const { page, drop, errors } = await openApp();
  await drop(join(parent, folder));
  await expect.poll(() => inBrowser(page, told)).toEqual(told);
  expect(errors).toEqual([]);
});
