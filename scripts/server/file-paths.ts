import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * The segments of a request's path, or null for one that could mean something else than a file below a root: parent
 * folders, dotfiles, other separators, drive letters and streams (`:`), NUL, malformed escapes. The path is taken as
 * sent, since URL parsers resolve `..` on their own.
 */
export function pathSegments(target: string): string[] | null {
  const [path = ''] = target.split(/[?#]/, 1);
  if (!path.startsWith('/')) return null;
  const segments: string[] = [];
  for (const escaped of path.slice(1).split('/')) {
    let segment: string;
    try {
      segment = decodeURIComponent(escaped);
    } catch {
      return null;
    }
    if (segment.startsWith('.') || /[/\\:\p{Control}]/u.test(segment)) return null;
    segments.push(segment);
  }
  return segments;
}

/**
 * Where the file of these segments really lies, or null where there is no regular file, or a link leads out of the root. The
 * root itself may be a link. Folders, FIFOs, sockets and devices are no files: opening a FIFO would wait for its writer, on
 * one of the few threads that Node.js has for files.
 */
export async function fileInside(root: string, segments: readonly string[]): Promise<string | null> {
  try {
    const realRoot = await realpath(root);
    const file = await realpath(join(realRoot, ...segments));
    const inside = file.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
    return inside && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}
