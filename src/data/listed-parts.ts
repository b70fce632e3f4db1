import { numeralOf } from '../numerals.ts';
import type { ImageRecord, Role } from '../types.ts';
import type { Choices, Notice, Offer } from './choices.ts';
import { type GroundTruth, type OpenPart, PARTS } from './ground-truth.ts';
import { matchFiles } from './match-labels.ts';
import type { SplitName } from './split-names.ts';

/** The parts that tables list images in, each image in the first that names it. */
export function partsOfImages(
  images: readonly ImageRecord[],
  root: string,
  { parts = {} }: GroundTruth,
): ReadonlyMap<ImageRecord, SplitName> {
  const found = new Map<ImageRecord, SplitName>();
  for (const part of PARTS) {
    for (const { image } of matchFiles(parts[part] ?? [], { images, root, relative: false })) {
      if (image !== null && image !== 'several' && !found.has(image)) found.set(image, part);
    }
  }
  return found;
}

/** What images of a part are: until a user decides, those of a test or of validation are searched. */
export function roleOfPart(part: SplitName, decided: Choices['listedRoles']): Role {
  if (part !== 'test' && part !== 'validation') return part;
  return decided.length === 0 ? 'gallery' : (decided.find(([one]) => one === part)?.[1] ?? 'ignore');
}

/** Lists of a test and of validation that are one gallery: which is asked with, one press decides. */
export function listedPartsNotice(
  listed: ReadonlyMap<OpenPart, number>,
  images: readonly ImageRecord[],
  choices: Choices,
  root: string,
): Notice[] {
  const [test, validation] = [listed.get('test') ?? 0, listed.get('validation') ?? 0];
  const isDecided = choices.listedRoles.length > 0 || images.some(({ split }) => split === 'query');
  if (isDecided || test === 0 || validation === 0) return [];
  const offer = (label: string, roles: Choices['listedRoles']): Offer => ({
    label,
    choice: { kind: 'listed-roles', roles },
  });
  return [
    {
      kind: 'outside-roles',
      severity: 'warning',
      path: root,
      images: test + validation,
      reason: `The tables list ${numeralOf(test, 'image')} as “test” and ${numeralOf(validation, 'image')} as “validation”: which are asked with (queries), and which are searched (gallery)?`,
      action: 'all are one gallery until you decide, in which each is searched among the others',
      offers: [
        offer('Ask with “test”, search in “validation”', [
          ['test', 'query'],
          ['validation', 'gallery'],
        ]),
        offer('Ask with “validation”, search in “test”', [
          ['validation', 'query'],
          ['test', 'gallery'],
        ]),
        offer('Search “test” within itself, each image among the others; leave “validation” out', [
          ['test', 'gallery'],
        ]),
      ],
    },
  ];
}
