/** What a folder's name says about its part in an experiment. `test` and `validation` are known, and no role of ours. */
export type SplitName = 'training' | 'query' | 'gallery' | 'test' | 'validation';

const WORDS = new Map<string, SplitName>([
  ...(['train', 'training', 'trainval'] as const).map((word) => [word, 'training'] as const),
  ...(['query', 'queries', 'probe', 'probes'] as const).map((word) => [word, 'query'] as const),
  ...(['gallery', 'galleries'] as const).map((word) => [word, 'gallery'] as const),
  ...(['test', 'tests', 'testing', 'holdout', 'eval', 'evaluation'] as const).map((word) => [word, 'test'] as const),
  ...(['val', 'valid', 'validation', 'validate', 'dev'] as const).map((word) => [word, 'validation'] as const),
]);

/** Words that say nothing: "train_images", "test set", "images". */
const FILLERS = new Set(
  (
    'set sets split splits image images img imgs picture pictures pic pics photo photos data dataset datasets ' +
    'folder folders file files bounding box crop crops jpg jpegs jpeg png'
  ).split(' '),
);

/** Beside a split, "v2" and "224x224" are no more than fillers; by itself "x" may be a class. */
const tellingOf = (words: readonly string[]) =>
  words.filter((word) => !FILLERS.has(word) && word !== 'v' && word !== 'x');

/** "trainset", "testimages", "valdata": the same words without anything between them. */
const GLUED = new RegExp(`^(${[...WORDS.keys()].join('|')})(${[...FILLERS].join('|')})$`);

function wordsOf(name: string): string[] {
  return (
    name
      // "trainImages", "JPEGImages".
      .replace(/([a-zA-Z])([A-Z][a-z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{Letter}]+/u)
      .filter((word) => word !== '')
      .flatMap((word) => GLUED.exec(word)?.slice(1, 3) ?? [word])
  );
}

/**
 * The split that a folder of this name holds, where its name says nothing else: "train", "training_set", "val2017". Queries and
 * gallery may be called a test's: "test_query".
 */
export function splitNameOf(name: string): SplitName | null {
  const words = wordsOf(name);
  const said = tellingOf(words).map((word) => WORDS.get(word) ?? null);
  const isRole = said.some((split) => split === 'query' || split === 'gallery');
  const [split = null, ...others] = new Set(
    isRole ? said.filter((one) => one !== 'test' && one !== 'validation') : said,
  );
  if (others.length > 0) return null;
  // Re-identification calls its gallery so, beside a folder of queries.
  return split === 'test' && words.includes('bounding') ? 'gallery' : split;
}

/** Words for what is searched, where there are queries: by themselves they may be classes. */
const SEARCHED = new Set(
  'reference references ref refs index database db base distractor distractors enrolled enrollment enrolment'.split(
    ' ',
  ),
);

/** Whether a folder of this name beside one of queries is their gallery: "reference", "index_images". */
export function isGalleryBesideQueries(name: string): boolean {
  const telling = tellingOf(wordsOf(name));
  return telling.length === 1 && SEARCHED.has(telling[0] ?? '');
}

/** The split that a name speaks of, among other words: "my test photos", "kitchen-train-v2". */
export function splitInName(name: string): SplitName | null {
  for (const word of wordsOf(name)) {
    const split = WORDS.get(word);
    if (split) return split;
  }
  return null;
}

/** Whether a name says no more than that there are pictures: "images", "JPG files". */
export function saysNothing(name: string): boolean {
  const words = wordsOf(name);
  return words.length > 0 && words.every((word) => FILLERS.has(word));
}
