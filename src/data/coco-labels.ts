import { nameKey } from '../names.ts';
import { createCollector, type GroundTruth, groundTruthRefused, LABELS_A_STEP, type Steps } from './ground-truth.ts';
import { createScanner, type Scanner, type Value } from './json-scanner.ts';
import type { KnownNames } from './known-names.ts';

/** What is used of the objects in a COCO file's lists. */
const WANTED_FIELDS: ReadonlySet<string> = new Set(['id', 'file_name', 'name', 'image_id', 'category_id']);

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

/** Keys of the object that a COCO file is; the first of them stands at its beginning. */
const KEYS: readonly string[] = ['info', 'licenses', 'type', 'images', 'annotations', 'categories'];
const BEGINS = new RegExp(`^\\uFEFF?\\s*\\{\\s*"(?:${KEYS.join('|')})"\\s*:`);

/** Whether a text begins as annotations of COCO's form do; its end may be cut off. */
export function looksLikeCoco(text: string): boolean {
  return BEGINS.test(text) && /"(?:images|annotations|categories)"\s*:\s*\[/.test(text);
}

type Id = string | number;

/**
 * Reads annotations of COCO's form (`images`, `annotations`, `categories`), of which nothing but the categories of images is
 * used. An image whose annotations are of several categories gets no class. Throws AppError 'ground-truth-refused'.
 */
export function* readCocoLabels(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const scan = createScanner(text);
  const files = new Map<Id, string>();
  const names = new Map<Id, string>();
  const categoryOf = new Map<Id, Id>();
  const several = new Set<Id>();
  let count = 0;
  const take: Readonly<Record<string, (one: Readonly<Record<string, Value>>) => void>> = {
    images({ id, file_name }) {
      if (!isId(id) || typeof file_name !== 'string') throw incomplete('image', 'its "id" or its "file_name"');
      files.set(id, file_name);
    },
    categories({ id, name }) {
      if (!isId(id) || !isId(name)) throw incomplete('category', 'its "id" or its "name"');
      names.set(id, String(name));
    },
    annotations({ image_id, category_id }) {
      if (!isId(image_id)) throw incomplete('annotation', 'its "image_id"');
      // Captions and keypoints of no category say nothing of classes.
      if (!isId(category_id)) return;
      const before = categoryOf.get(image_id);
      if (before !== undefined && before !== category_id) several.add(image_id);
      categoryOf.set(image_id, category_id);
    },
  };
  for (const key of scan.keys()) {
    const add = KEYS.includes(key) ? take[key] : undefined;
    if (!add || scan.next() !== '[') {
      scan.value(1);
      continue;
    }
    for (const _ of scan.items()) {
      add(fieldsOf(scan));
      if (++count % LABELS_A_STEP === 0) yield scan.share();
    }
  }
  scan.end();
  if (files.size === 0) throw groundTruthRefused('it lists no "images"');
  if (categoryOf.size === 0) throw groundTruthRefused('none of its "annotations" names a category');
  const collector = createCollector();
  // A file may be listed once for each of its annotations, by another id.
  const classOf = new Map<string, string | null>();
  for (const [id, file] of files) {
    const category = categoryOf.get(id);
    if (category === undefined) continue;
    const name = names.get(category) ?? String(category);
    const before = classOf.get(nameKey(file));
    classOf.set(nameKey(file), several.has(id) || (before !== undefined && before !== name) ? null : name);
  }
  for (const [file, name] of classOf) {
    if (name === null) collector.addSeveral(file);
    else collector.add('any', file, name, '"annotations"');
    if (collector.count % LABELS_A_STEP === 0) yield 1;
  }
  return collector.finish(null, known);
}

function isId(value: Value | undefined): value is Id {
  return typeof value === 'string' || typeof value === 'number';
}

function incomplete(what: string, missing: string): Error {
  return groundTruthRefused(`one ${what} in it lacks ${missing}`);
}

/** The texts and numbers of one object; the rest, outlines and boxes, is passed over. */
function fieldsOf(scan: Scanner): Readonly<Record<string, Value>> {
  const fields: Record<string, Value> = Object.create(null);
  for (const key of scan.keys()) {
    const value = scan.value(3);
    if (WANTED_FIELDS.has(key)) fields[key] = value;
  }
  return fields;
}
