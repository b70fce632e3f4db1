import { AppError } from '../../errors.ts';

/** File systems allow names of 255 bytes. */
const LONGEST = 200;

/**
 * The name of the folder that keeps a set of weights. Ids come from outside: everything but letters, digits, `_`, `-`
 * and inner dots is escaped, so that no id is a path and no two ids share a folder.
 * @throws AppError 'bad-argument' for an empty or endless id.
 */
export function folderName(id: string): string {
  const bytes = new TextEncoder().encode(id);
  const name = Array.from(bytes, (byte, i) => {
    const character = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9_-]/.test(character) || (character === '.' && i > 0);
    return plain ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (name === '' || name.length > LONGEST) {
    throw new AppError('bad-argument', 'These weights have no usable name. Nothing was changed.');
  }
  return name;
}
