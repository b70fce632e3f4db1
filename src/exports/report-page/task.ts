import { clusteredSentence } from '../../metrics/clustered-words.ts';
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
  const all = sumOf(excluded);
  if (all === 0) return '';
  return ` ${amount(all, 'image was', 'images were')} excluded by hand (${bySplit(excluded)}) and ${all === 1 ? 'is' : 'are'} in no figure of this report.`;
}

/** Labels that no file says: who repeats the figures from the files alone gets others. And those that a model said itself. */
function byHandSentence({ byHand, clustered }: ReportPageFacts['dataset']): string {
  const all = sumOf(byHand);
  const found = clusteredSentence(clustered, amount);
  const own = all === 0 ? '' : ` ${amount(all, 'label was', 'labels were')} set by hand (${bySplit(byHand)}).`;
  return found === null ? own : `${own} ${found}`;
}

type Counts = Readonly<Record<Split, number>>;

const sumOf = (counts: Counts) => SPLITS.reduce((sum, [split]) => sum + counts[split], 0);

const bySplit = (counts: Counts) =>
  SPLITS.flatMap(([split, title]) =>
    counts[split] === 0 ? [] : [`${count(counts[split])} of ${title.toLowerCase()}`],
  ).join(', ');

function labelSentence(dataset: ReportPageFacts['dataset']): string {
  const { groundTruth, trainingLabels, namesAsClasses, labelled, counts } = dataset;
  const scored = labelled.query + labelled.gallery;
  const byHand = byHandSentence(dataset);
  if (scored === 0) {
    return `The labels of query and gallery are not known: no test figure could be computed.${byHand}`;
  }
  const whole = scored === counts.query + counts.gallery ? '' : ', which do not cover every image';
  const file = groundTruth === null ? 'the names of the class folders' : `the file “${groundTruth}”`;
  const folders = `their class folders${namesAsClasses ? ' and the names of their files' : ''}`;
  const training = trainingLabels === 'folders' ? folders : `that file, and from ${folders} where it names none`;
  const handed = dataset.byHand;
  const from = (all: number, byHand: number, source: string) =>
    all === byHand ? 'were all set by hand' : `come from ${source}`;
  const ofTest = from(scored, handed.query + handed.gallery, file);
  const ofTraining = from(labelled.training, handed.training, training);
  const rest = labelled.training === 0 ? '' : `; those of the training images ${ofTraining}`;
  return `Labels of query and gallery ${ofTest}${whole}${rest}.${byHand}`;
}
