import { shortened } from '../errors.ts';
import { numeral, numeralOf } from '../numerals.ts';
import type { ImageRecord } from '../types.ts';
import type { Notice } from './choices.ts';
import { folderOf, nameOf } from './file-kinds.ts';
import { saysNothing, splitNameOf } from './split-names.ts';

/** Share of the images that lie deeper than their class folders, and of the inner folders that have names of their own. */
const NEARLY_ALL = 0.9;

/**
 * Classes in folders of kinds ("a/abbey", "cars/sedan"): the outer folders are taken for the classes, and it may be the inner ones
 * that are meant. Inner folders of one name in several classes ("day 1") are none.
 */
export function nestedClasses(images: readonly ImageRecord[], classFolders: ReadonlySet<string>): Notice[] {
  const outerOf = new Map<string, Set<string>>();
  const outer = new Set<string>();
  let deep = 0;
  let classed = 0;
  let example = '';
  for (const { path, className } of images) {
    if (className === null) continue;
    classed++;
    const inner = folderOf(path);
    const folder = classFolderAround(inner, classFolders);
    // A table or a user gave it another class.
    if (folder === null || nameOf(folder) !== className) return [];
    outer.add(className);
    if (inner === folder) continue;
    deep++;
    example ||= `${className}/${inner.slice(folder.length + 1)}`;
    const name = nameOf(inner);
    outerOf.set(name, (outerOf.get(name) ?? new Set()).add(className));
  }
  const names = [...outerOf.keys()];
  const own = names.filter((name) => outerOf.get(name)?.size === 1 && couldBeClass(name));
  if (names.length <= outer.size || deep < NEARLY_ALL * classed || own.length < NEARLY_ALL * names.length) return [];
  return [
    {
      kind: 'nested-classes',
      severity: 'warning',
      path: [...classFolders][0] ?? '',
      images: deep,
      reason: `The ${numeralOf(outer.size, 'class folder')} hold folders themselves (“${shortened(example)}”): ${numeral(names.length)} in all, each with a name of its own.`,
      action: 'kept; the outer folders are the classes',
      offers: [
        { label: `Take the innermost folders as classes (${numeral(names.length)})`, choice: { kind: 'innermost' } },
      ],
    },
  ];
}

function classFolderAround(folder: string, classFolders: ReadonlySet<string>): string | null {
  for (let around = folder; around !== ''; around = folderOf(around)) if (classFolders.has(around)) return around;
  return null;
}

const couldBeClass = (name: string) => /\p{Letter}/u.test(name) && !saysNothing(name) && splitNameOf(name) === null;

/**
 * Names for innermost folders as classes, by folder: the last part of their paths below the split's folder, or all of it
 * where two of them end alike. `below`: folders, with these paths.
 */
export function innermostNames(below: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const paths = new Map<string, Set<string>>();
  for (const path of below.values()) paths.set(nameOf(path), (paths.get(nameOf(path)) ?? new Set()).add(path));
  return new Map(
    [...below].map(([folder, path]) => [folder, (paths.get(nameOf(path))?.size ?? 0) > 1 ? path : nameOf(path)]),
  );
}
