import { quoted, shortened } from '../errors.ts';
import { repeatedKey } from '../repeated-key.ts';
import {
  addLabel,
  assertGroundTruthSize,
  collectClasses,
  type GroundTruth,
  groundTruthRefused,
} from './ground-truth.ts';

/**
 * Reads `{"classes": [...], "query": {"file": "class"}, "gallery": {"file": "class"}}`. `classes` may be left out, and one
 * of the splits too. Throws AppError 'ground-truth-refused' naming the key at fault.
 */
export function parseGroundTruthJson(text: string): GroundTruth {
  assertGroundTruthSize(text.length);
  const root = parse(text);
  if (!isRecord(root)) throw groundTruthRefused('it is not a JSON object');
  const repeated = repeatedKey(text);
  if (repeated !== null) throw groundTruthRefused(`it names ${quoted(repeated)} twice in one object`);
  if (root['query'] === undefined && root['gallery'] === undefined) {
    throw groundTruthRefused('it has neither "query" nor "gallery"');
  }
  const query = readLabels(root['query'], 'query');
  const gallery = readLabels(root['gallery'], 'gallery');
  const declared = readClasses(root['classes']);
  if (declared) {
    assertDeclared(query, 'query', declared);
    assertDeclared(gallery, 'gallery', declared);
  }
  return { classes: collectClasses(declared ?? [], query, gallery), query, gallery };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    throw groundTruthRefused(
      `it is not valid JSON (${error instanceof Error ? shortened(error.message) : 'unknown error'})`,
      error,
    );
  }
}

// By hand, since valibot's record() drops keys such as "__proto__", which are file names like any other.
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readLabels(value: unknown, split: string): Map<string, string> {
  const labels = new Map<string, string>();
  if (value === undefined) return labels;
  if (!isRecord(value)) throw groundTruthRefused(`"${split}" is not an object of file names and classes`);
  for (const [file, label] of Object.entries(value)) {
    if (typeof label !== 'string' || label === '') {
      throw groundTruthRefused(`the class of ${quoted(file)} in "${split}" is not a text`);
    }
    addLabel(labels, file, label, `"${split}"`);
  }
  return labels;
}

function readClasses(value: unknown): Set<string> | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) throw groundTruthRefused('"classes" is not a list');
  const classes = new Set<string>();
  for (const [index, name] of value.entries()) {
    if (typeof name !== 'string' || name === '') throw groundTruthRefused(`"classes"[${index}] is not a text`);
    classes.add(name);
  }
  return classes;
}

function assertDeclared(labels: ReadonlyMap<string, string>, split: string, declared: ReadonlySet<string>): void {
  for (const [file, label] of labels) {
    if (!declared.has(label)) {
      throw groundTruthRefused(
        `the class ${quoted(label)} of ${quoted(file)} in "${split}" is not listed in "classes"`,
      );
    }
  }
}
