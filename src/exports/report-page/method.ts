import { backendNamed } from '../../search/backends.ts';
import { rankingNamed } from '../../search/rankings.ts';
import type { RecipeFacts, RunFacts, WeightsFacts } from '../facts.ts';
import { html, type Markup } from '../html.ts';
import { metricsOf } from '../results-table.ts';
import type { ReportPageFacts } from './facts.ts';
import { tableOf } from './tables.ts';

/** Section 2: models, heads, ensembles, search, metrics; only those that the runs have. */
export function methodSection(facts: ReportPageFacts): Markup {
  const { runs, weights, bootstrap } = facts;
  const trained = runs.filter(({ result }) => result.head === 'finetuned');
  const seeds = [...new Set(trained.map(({ recipe }) => recipe.seed))].sort((a, b) => a - b);
  return html`<section>
<h2>2 Method</h2>
<h3>2.1 Backbones</h3>
<p>${backboneSentence(weights)}</p>
${tableOf(weightsTable(weights), 'Backbones')}
<h3>2.2 Embeddings</h3>
<p>What is searched is a unit vector for each image. Frozen: the features themselves, divided by their length.${
    trained.length > 0
      ? ' Fine-tuned: a linear projection of the features to 512 dimensions, divided by its length; the projection is learned on the training images, the backbone is not changed.'
      : ''
  }</p>
${trained.length > 0 ? html`${recipes(trained)}<p>${seedSentence(seeds)}</p>` : null}
${ensembles(runs)}
<h3>2.3 Search and metrics</h3>
<p>${orderSentence(runs)} ${searchSentence(runs)} A query counts when its label is known and the gallery has images of its class.</p>
${rankings(runs)}<ul>
${metricItems(runs)}
<li><b>Intervals</b>: ${Math.round(bootstrap.level * 100)} %; Wilson’s for shares of queries, the percentile bootstrap over the queries
(${bootstrap.resamples} resamples, seed ${bootstrap.seed}) for all others. Differences between models are paired: both are resampled with the same queries.
Where all queries have the same value or difference, resampling says nothing, and score intervals (Wilson 1927; Tango 1998) are used instead.</li>
</ul>
</section>`;
}

/** In what order neighbours stand: by similarity, unless a run is ranked otherwise. */
function orderSentence(runs: readonly RunFacts[]): string {
  const whose = runs.every(({ result }) => result.rank === 'plain')
    ? 'Neighbours are'
    : 'Unless a ranking stands beside its name, a run’s neighbours are';
  return `${whose} ranked by cosine similarity, equals by their order in the gallery;`;
}

/** Each other order that some run has. */
function rankings(runs: readonly RunFacts[]): Markup | null {
  const used = [...new Set(runs.map(({ result }) => result.rank))].filter((rank) => rank !== 'plain').map(rankingNamed);
  if (used.length === 0) return null;
  return html`<ul>${used.map(({ order, explanation }) => html`\n<li><b>Ranked ${order}</b>: ${explanation.join(' ')}</li>`)}\n</ul>\n`;
}

function searchSentence(runs: readonly RunFacts[]): string {
  const used = [...new Set(runs.map(({ result }) => result.index))].map(backendNamed);
  const approximate = used.filter(({ capabilities }) => capabilities.approximate).map(({ label }) => label);
  return approximate.length === 0
    ? 'all figures come from exact search over the whole gallery.'
    : `test rankings of some runs come from ${approximate.join(' or ')} (see the settings), all others from exact search.`;
}

/** Each metric that some run has a value of, once for all k. */
function metricItems(runs: readonly RunFacts[]): Markup {
  const items = new Map(metricsOf(runs, 'test', 'validation').map(({ term, explanation }) => [term, explanation]));
  return html`${[...items].map(([term, explanation]) => html`\n<li><b>${term}</b>: ${explanation}</li>`)}`;
}

function backboneSentence(weights: readonly WeightsFacts[]): string {
  const descriptor = weights.some(({ architecture }) => architecture === 'colour-gradient');
  const own = weights.some(({ architecture }) => architecture === 'own-vectors');
  const network = weights.some(
    ({ architecture }) => architecture !== 'colour-gradient' && architecture !== 'own-vectors',
  );
  const by = [
    network ? 'a network trained on ImageNet, up to its last layer but one' : null,
    descriptor ? 'a descriptor of colours and gradients, which has no weights' : null,
    own ? 'something outside this app, whose vectors were imported' : null,
  ].filter((text) => text !== null);
  return `Each image is turned into features by ${by.join(', or by ')}.`;
}

function weightsTable(weights: readonly WeightsFacts[]) {
  return {
    columns: ['Backbone', 'Weights', 'Features', 'Licence', 'Preprocessing', 'SHA-256 of the weights'].map((title) => ({
      title,
      numeric: title === 'Features',
    })),
    rows: weights.map(({ id, label, features, licence, preprocessing, sha256, repository }) => [
      label,
      repository ?? id,
      features,
      licence,
      preprocessing === null
        ? null
        : `${preprocessing.size} px, crop ${preprocessing.cropPct}, ${preprocessing.interpolation}${preprocessing.flip ? ', averaged with the mirror image' : ''}, mean ${preprocessing.mean.join(' ')}, std ${preprocessing.std.join(' ')}`,
      sha256,
    ]),
  };
}

/** Each recipe once, whatever its seeds. */
function recipes(runs: readonly RunFacts[]): Markup {
  const texts = new Set(
    runs.map(({ loaded, recipe }) =>
      loaded === null
        ? recipeSentence(recipe)
        : `A head from a file (its digest begins with ${loaded}) was used as it is.`,
    ),
  );
  return html`<ul>${[...texts].map((text) => html`\n<li>${text}</li>`)}\n</ul>`;
}

function recipeSentence(recipe: RecipeFacts): string {
  const { classifier, learningRate, epochs, patience, batch, weightDecay, dropout, labelSmoothing, scale, refit } =
    recipe;
  const logits = classifier === 'cosine' ? `cosine classifier, logits scaled by ${scale}` : 'linear classifier';
  const penalties = [
    weightDecay > 0 ? `weight decay ${weightDecay}` : null,
    dropout > 0 ? `dropout ${dropout}` : null,
    labelSmoothing > 0 ? `label smoothing ${labelSmoothing}` : null,
  ].filter((text) => text !== null);
  const regular = penalties.length > 0 ? `; ${penalties.join(', ')}` : '';
  const again = refit
    ? ' Then once more on all training images, for as many epochs as were best: these heads give the test figures.'
    : '';
  return `${logits[0]?.toUpperCase()}${logits.slice(1)}, softmax cross-entropy, Adam with learning rate ${learningRate}, batches of ${batch}, at most ${epochs} epochs, stopped after ${patience} without a lower validation loss${regular}. Fitted to about 70 % of the training images of each class; 20 % are the validation gallery, 10 % the validation queries.${again}`;
}

function seedSentence(seeds: readonly number[]): string {
  return seeds.length === 1
    ? `The seed is ${seeds[0]}; one seed says nothing about how much another would change.`
    : `Seeds: ${seeds.join(', ')}.`;
}

const COMBINATIONS = {
  mean: 'Mean: the members’ 512-dimensional embeddings are averaged and divided by the length again.',
  concat: 'Concat: the members’ embeddings side by side, so that the similarity is the mean of the members’ cosines.',
  shared: 'Shared: the members’ heads are trained together against one classifier, then averaged as in mean.',
} as const;

function ensembles(runs: readonly RunFacts[]): Markup | null {
  const ways = (['mean', 'concat', 'shared'] as const).filter((way) =>
    runs.some(({ result }) => result.combine === way),
  );
  if (ways.length === 0) return null;
  const projected = runs.some(
    ({ result, members }) =>
      result.combine !== null && result.combine !== 'concat' && members.some(({ head }) => head === 'frozen'),
  );
  return html`<p>Ensembles combine the embeddings of two or more models:</p>
<ul>${ways.map((way) => html`\n<li>${COMBINATIONS[way]}</li>`)}${
    projected
      ? html`\n<li>A frozen member of an average first goes through a seeded Gaussian projection to 512 dimensions.</li>`
      : null
  }
</ul>`;
}
