import { compareNames } from '../names.ts';
import { numeralOf } from '../numerals.ts';
import type { ImageRecord, Split } from '../types.ts';
import type { Notice } from './choices.ts';
import { listed } from './quoted-names.ts';

/** What two names are compared by that a user may have meant to be one. */
const looseKey = (name: string) =>
  name
    // Letters of full width are the same letters, and invisible marks (directions, zero widths) are none.
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .replace(/\p{Cf}|\p{Cc}/gu, '')
    .trim()
    // Windows takes full stops off the ends of folders' names.
    .replace(/[. ]+$/, '')
    .toLowerCase();

/** It holds nothing invisible or meaningless. */
const isPlain = (name: string) => looseKey(name) === name.toLowerCase();

/** Classes whose names differ in capitals, in blanks, in full stops at the end or in what cannot be seen alone; training's spelling is offered, else that of most images. */
export function similarClasses(images: readonly ImageRecord[]): Notice[] {
  const counts = new Map<string, { images: number; training: number }>();
  for (const { className, split } of images) {
    if (className === null) continue;
    const count = counts.get(className) ?? { images: 0, training: 0 };
    count.images++;
    if (split === 'training') count.training++;
    counts.set(className, count);
  }
  const groups = new Map<string, Map<string, { images: number; training: number }>>();
  for (const [className, count] of counts) {
    const key = looseKey(className);
    groups.set(key, (groups.get(key) ?? new Map<string, { images: number; training: number }>()).set(className, count));
  }
  const similar = [...groups.values()].filter((group) => group.size > 1);
  if (similar.length === 0) return [];
  const classes: (readonly [string, string])[] = [];
  let concerned = 0;
  for (const group of similar) {
    const spellings = [...group].sort(
      ([one, a], [other, b]) =>
        b.training - a.training || b.images - a.images || Number(isPlain(other)) - Number(isPlain(one)),
    );
    const [into = ''] = spellings[0] ?? [];
    for (const [name, count] of spellings) {
      concerned += count.images;
      if (name !== into) classes.push([name, into]);
    }
  }
  const first = listed([...(similar[0]?.keys() ?? [])]);
  const others =
    similar.length > 1 ? `, and ${numeralOf(similar.length - 1, 'more such class', 'more such classes')}` : '';
  return [
    {
      kind: 'similar-classes',
      severity: 'warning',
      path: [...(similar[0]?.keys() ?? [])][0] ?? '',
      images: concerned,
      reason: `${first} are different classes, though their names differ only in capitals, blanks, invisible signs or a full stop at the end${others}.`,
      action: 'kept apart',
      offers: [
        {
          label: similar.length === 1 ? 'Make them one class' : 'Make one class of each',
          choice: { kind: 'merge-classes', classes },
        },
      ],
    },
  ];
}

/** Queries whose classes are all missing in the gallery: none of them can be answered. */
export function classesApart(images: readonly ImageRecord[]): Notice[] {
  const classesOf = (split: Split) =>
    new Set(images.flatMap((image) => (image.split === split && image.className !== null ? [image.className] : [])));
  const [query, gallery] = [classesOf('query'), classesOf('gallery')];
  if (query.size === 0 || gallery.size === 0 || [...query].some((name) => gallery.has(name))) return [];
  const named = (classes: ReadonlySet<string>) => listed([...classes].sort(compareNames), 3);
  return [
    {
      kind: 'classes-apart',
      severity: 'warning',
      path: [...query][0] ?? '',
      images: images.filter(({ split, className }) => split === 'query' && className !== null).length,
      reason: `No query’s class is in the gallery: the queries are of ${named(query)}, the gallery is of ${named(gallery)}.`,
      action: 'kept; without a common class there are no test figures',
      offers: [],
    },
  ];
}
