import { nameKey } from '../names.ts';
import { createCollector, type GroundTruth, groundTruthRefused, LABELS_A_STEP, type Steps } from './ground-truth.ts';
import { createScanner, type Scanner, type Value } from './json-scanner.ts';
import type { KnownNames } from './known-names.ts';
import { WANTED_FIELDS } from './thin-coco.ts';

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
