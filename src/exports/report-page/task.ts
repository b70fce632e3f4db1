import { english } from '../../metrics/format.ts';
import type { Split } from '../../types.ts';
import { html, type Markup } from '../html.ts';
import type { ReportPageFacts } from './facts.ts';
import { tableOf } from './tables.ts';

const SPLITS: readonly (readonly [Split, string])[] = [
  ['training', 'Training'],
  ['query', 'Query'],
  ['gallery', 'Gallery'],
];

const { amount, count } = english;

/** Section 1: what was asked, of which images. */
export function taskSection({ dataset }: ReportPageFacts): Markup {
  const { counts, labelled, problems } = dataset;
  const rows = SPLITS.map(([split, title]) => [
    title,
    count(counts[split]),
    count(labelled[split]),
    count(counts[split] - labelled[split]),
  ]);
  const total = problems.reduce((sum, problem) => sum + problem.count, 0);
  return html`<section>
<h2>1 Task and data</h2>
<p>Closed-set image retrieval: for each query image, the images of the gallery are ranked by their similarity to it. A
gallery image is right when it is of the query’s class. The data set “${dataset.name}” has
${amount(dataset.classes, 'class', 'classes')}.</p>
${tableOf(
  {
    columns: [
      { title: 'Split', numeric: false },
      { title: 'Images', numeric: true },
      { title: 'With a label', numeric: true },
      { title: 'Without', numeric: true },
    ],
    rows,
  },
  'Images by split',
)}
<p>${labelSentence(dataset)}${excludedSentence(dataset)}</p>
<p>${
    total === 0
      ? 'No problems were found in the files.'
      : `${amount(total, 'problem')} ${total === 1 ? 'was' : 'were'} found in the files: ${problems
          .map((problem) => `${problem.kind.replaceAll('-', ' ')} (${count(problem.count)})`)
          .join(', ')}.`
  }</p>
<p>Digest of the data (SHA-256 over splits, file hashes and labels): <code>${dataset.digest}</code></p>
</section>`;
}

/** What was taken out by hand makes figures better or worse: a reader has to know. */
function excludedSentence({ excluded }: ReportPageFacts['dataset']): string {
  const parts = SPLITS.flatMap(([split, title]) =>
    excluded[split] === 0 ? [] : [`${count(excluded[split])} of ${title.toLowerCase()}`],
  );
  const all = SPLITS.reduce((sum, [split]) => sum + excluded[split], 0);
  if (all === 0) return '';
  return ` ${amount(all, 'image was', 'images were')} excluded by hand (${parts.join(', ')}) and ${all === 1 ? 'is' : 'are'} in no figure of this report.`;
}

function labelSentence({ groundTruth, labelled, counts }: ReportPageFacts['dataset']): string {
  const scored = labelled.query + labelled.gallery;
  if (scored === 0) return 'The labels of query and gallery are not known: no test figure could be computed.';
  const from = groundTruth === null ? 'the names of the class folders' : `the file “${groundTruth}”`;
  const whole = scored === counts.query + counts.gallery ? '' : ', which do not cover every image';
  return `Labels of query and gallery come from ${from}${whole}; those of the training images from their class folders.`;
}
