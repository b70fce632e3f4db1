/** What is used of the objects in a COCO file's lists. */
export const WANTED_FIELDS: ReadonlySet<string> = new Set(['id', 'file_name', 'name', 'image_id', 'category_id']);

/** Leaves out of a COCO file, part by part, what labels are not in: outlines and boxes are nearly all of it. */
export interface Thinner {
  /** What is kept of the next part of the text. */
  push(text: string): string;
}

/**
 * Of the objects in the root's lists the wanted fields, as they are written; all else outside them. What is kept is read by a strict
 * scanner afterwards, so that nothing has to be checked here: a text that is cut off stays so.
 */
export function createThinner(): Thinner {
  let depth = 0;
  /** Whether the object two levels below the root is open, whose fields are chosen. */
  let inFields = false;
  let isKept = true;
  let inString = false;
  let isEscaped = false;
  /** The name that is being read; null where none is. */
  let name: string | null = null;
  let expectsName = false;
  let isFirst = true;

  return {
    push(text) {
      const kept: string[] = [];
      let from = 0;
      const stop = (at: number) => {
        if (isKept && at > from) kept.push(text.slice(from, at));
        isKept = false;
      };
      const start = (at: number) => {
        isKept = true;
        from = at;
      };
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (inString) {
          if (isEscaped) isEscaped = false;
          else if (code === BACKSLASH) isEscaped = true;
          else if (code === QUOTE) inString = false;
          if (name === null) continue;
          if (inString) {
            name += text[at];
            continue;
          }
          if (WANTED_FIELDS.has(name)) {
            kept.push(`${isFirst ? '' : ','}"${name}"`);
            isFirst = false;
            start(at + 1);
          }
          name = null;
        } else if (code === QUOTE) {
          inString = true;
          if (expectsName) [name, expectsName] = ['', false];
        } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
          depth++;
          if (code !== OPEN_OBJECT || depth !== 3) continue;
          stop(at + 1);
          [inFields, expectsName, isFirst] = [true, true, true];
        } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
          depth--;
          if (!inFields || depth !== 2) continue;
          stop(at);
          start(at);
          [inFields, expectsName] = [false, false];
        } else if (code === COMMA && inFields && depth === 3) {
          stop(at);
          expectsName = true;
        }
      }
      if (isKept) kept.push(text.slice(from));
      return kept.join('');
    },
  };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
