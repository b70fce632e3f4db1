import type { ImageRecord, Problem } from '../types.ts';
import type { GroundTruth } from './ground-truth.ts';

/** Enough to see the pattern; a wrong file would otherwise fill the list with a line for every image. */
const MAX_PER_CAUSE = 100;

/**
 * Labels query and gallery images. Where the file and a folder disagree, the file counts: whoever wrote it meant labels, while
 * folders below query and gallery may be mere order. Images that the file does not name keep their folder's class.
 * The records keep their order; those without a change are the same objects.
 */
export function applyGroundTruth(
  images: readonly ImageRecord[],
  truth: GroundTruth,
): { images: ImageRecord[]; problems: Problem[] } {
  const contradictions: Problem[] = [];
  const unlabelled: Problem[] = [];
  const unused = { query: new Set(truth.query.keys()), gallery: new Set(truth.gallery.keys()) };
  const labelled = images.map((image) => {
    if (image.split === 'training') return image;
    const labels = truth[image.split];
    const label = labels.get(image.file);
    unused[image.split].delete(image.file);
    if (label === undefined) {
      if (image.className === null && labels.size > 0) unlabelled.push(withoutLabel(image));
      return image;
    }
    if (label === image.className) return image;
    if (image.className !== null) contradictions.push(contradiction(image, image.className, label));
    return { ...image, className: label };
  });
  const missing = [...unused.query].map((file) => noSuchFile(file, 'query'));
  missing.push(...[...unused.gallery].map((file) => noSuchFile(file, 'gallery')));
  return {
    images: labelled,
    problems: [
      ...capped(contradictions, 'labels that differ from the folder’s name'),
      ...capped(unlabelled, 'images without a label'),
      ...capped(missing, 'labels of files that are not there'),
    ],
  };
}

function capped(problems: readonly Problem[], what: string): Problem[] {
  const more = problems.length - MAX_PER_CAUSE;
  const shown = problems.slice(0, MAX_PER_CAUSE);
  const first = shown[0];
  if (more <= 0 || !first) return shown;
  return [...shown, { ...first, path: 'ground truth', reason: `There are ${more.toLocaleString('en')} more ${what}.` }];
}

function contradiction(image: ImageRecord, folder: string, label: string): Problem {
  return warning(
    image.path,
    `Its folder says “${folder}”, the ground truth “${label}”.`,
    'kept; the ground truth counts',
  );
}

function withoutLabel(image: ImageRecord): Problem {
  return warning(image.path, 'The ground truth does not name it.', 'kept without a class; left out of test figures');
}

function noSuchFile(file: string, split: 'query' | 'gallery'): Problem {
  return warning(
    `${split}/${file}`,
    `The ground truth names it, but it is not in the ${split} images.`,
    'its label is not used',
  );
}

function warning(path: string, reason: string, action: string): Problem {
  return { kind: 'ground-truth', severity: 'warning', path, reason, action };
}
