import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { folderOf, nameOf } from './file-kinds.ts';

/** Files of a folder that are named one by one, at most. */
const NAMED_ONE_BY_ONE = 3;

/**
 * Problems that differ in nothing but the file's name, a line for each folder instead of one for each file: of a thousand
 * lines of one sentence, the second is not read. The lines keep their order. Up to `named` files of a folder have lines of their own.
 */
export function aLineForEachFolder(problems: readonly Problem[], named = NAMED_ONE_BY_ONE): Problem[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const { kind, severity, path, reason, action } = problem;
    const key = JSON.stringify([kind, severity, folderOf(path), reason.replace(`“${nameOf(path)}”`, ''), action]);
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length <= named) return group;
    const folder = folderOf(first.path);
    const others = `${numeral(group.length - 1)} others`;
    const where = folder === '' ? 'outside any folder' : `in “${nameOf(folder)}”`;
    return [{ ...first, path: folder, reason: `${first.reason} The same holds for ${others} ${where}.` }];
  });
}
