import { nameKey } from '../names.ts';
import { createCollector, type GroundTruth, groundTruthRefused, LABELS_A_STEP, type Steps } from './ground-truth.ts';
import { createScanner } from './json-scanner.ts';
import type { KnownNames } from './known-names.ts';

const BEGINS = /^\uFEFF?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[\s*("(?:[^"\\]|\\.)*")/;

/** Whether a text begins as JSON of classes and the files of each does; its end may be cut off. */
export function looksLikeClassLists(text: string, known: KnownNames): boolean {
  const [, file = '""'] = BEGINS.exec(text) ?? [];
  try {
    return known.has(nameKey(String(JSON.parse(file))));
  } catch {
    return false;
  }
}

/** Reads `{"apple_pie": ["apple_pie/1005649", …]}`. Throws AppError 'ground-truth-refused'. */
export function* readClassLists(text: string, known: KnownNames | null = null): Steps<GroundTruth> {
  const scan = createScanner(text);
  const collector = createCollector();
  for (const label of scan.keys()) {
    if (scan.next() !== '[') {
      scan.value(1);
      continue;
    }
    for (const _ of scan.items()) {
      const file = scan.value(2);
      if (typeof file !== 'string')
        throw groundTruthRefused('one of its lists holds something else than names of files');
      collector.add('any', file, label, 'it');
      if (collector.count % LABELS_A_STEP === 0) yield scan.share();
    }
  }
  scan.end();
  return collector.finish(null, known);
}
