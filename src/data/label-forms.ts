import { looksLikeCoco, readCocoLabels } from './coco-labels.ts';
import { extensionOf, nameOf } from './file-kinds.ts';
import { allSteps, assertGroundTruthSize, type GroundTruth, type Steps } from './ground-truth.ts';
import { looksLikeGroundTruthCsv, readGroundTruthCsv } from './ground-truth-csv.ts';
import { looksLikeGroundTruthJson, readGroundTruthJson } from './ground-truth-json.ts';
import type { KnownNames } from './known-names.ts';
import { lookAtRecords, looksLikeClassLists, readClassLists, readLabelRecords } from './label-json.ts';
import { findListForm, readLabelList } from './label-list.ts';

/** Enough of a text to tell its form by: a header line, or a list of classes. */
export const HEADER_BYTES = 32 * 1024;

/** A way to write labels. */
interface LabelForm {
  /** Whether a text begins so; its end may be cut off. */
  looksLike(head: string, name: string, known: KnownNames): boolean;
  read(text: string, name: string, known: KnownNames | null): Steps<GroundTruth>;
}

const isJson = (text: string) => /^\uFEFF?\s*(\{|\[\s*[{\]])/.test(text);
const isJsonLike = (text: string, name: string) => isJson(text) || ['json', 'jsonl'].includes(extensionOf(name));

/** In the order in which they are tried. */
const FORMS: readonly LabelForm[] = [
  {
    looksLike: (head) => looksLikeCoco(head),
    read: (text, _, known) => readCocoLabels(text, known),
  },
  {
    looksLike: (head, _, known) => lookAtRecords(head, known)?.labels === true,
    read: (text, _, known) => readLabelRecords(text, known),
  },
  {
    looksLike: (head, _, known) => looksLikeClassLists(head, known),
    read: (text, _, known) => readClassLists(text, known),
  },
  {
    looksLike: (head, name, known) => isJsonLike(head, name) && looksLikeGroundTruthJson(head, known),
    read: (text, _, known) => readGroundTruthJson(text, known),
  },
  {
    looksLike: (head, name, known) => !isJsonLike(head, name) && looksLikeGroundTruthCsv(head, known),
    read: (text, _, known) => readGroundTruthCsv(text, known),
  },
  {
    looksLike: (head, name, known) => !isJsonLike(head, name) && listForm(head, name, known) !== null,
    *read(text, name, known) {
      const form = known && listForm(text.slice(0, HEADER_BYTES), name, known);
      return form ? yield* readLabelList(text, form, known) : yield* readGroundTruthCsv(text, known);
    },
  },
];

function listForm(head: string, name: string, known: KnownNames) {
  const found = findListForm(head, nameOf(name), known);
  return found && 'form' in found ? found.form : null;
}

/** The form of a text, or null where it begins like none. */
export function labelFormOf(head: string, name: string, known: KnownNames): LabelForm | null {
  return FORMS.find((form) => form.looksLike(head, name, known)) ?? null;
}

/** Labels from the text of a file of any form; of none, what is wrong is said as of a table or of our own JSON. */
export function groundTruthSteps(text: string, name: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const form = known && labelFormOf(text.slice(0, HEADER_BYTES), name, known);
  if (form) return form.read(text, name, known);
  return isJson(text) || extensionOf(name) === 'json'
    ? readGroundTruthJson(text, known)
    : readGroundTruthCsv(text, known);
}

/** Labels from the text of a file of any form. Throws AppError 'ground-truth-refused'. */
export function parseGroundTruth(text: string, name: string, known: KnownNames | null = null): GroundTruth {
  assertGroundTruthSize(text.length);
  return allSteps(groundTruthSteps(text, name, known));
}
