import { backendNamed } from '../../search/backends.ts';
import { html, type Markup } from '../html.ts';
import type { ReportPageFacts } from './facts.ts';
import { factsOf, tableOf } from './tables.ts';

const ENGINES = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

/** Section 5: where and how the figures were made. */
export function settingsSection(
  { environment, app, writtenAt, weights, runs, bootstrap }: ReportPageFacts,
  number: number,
): Markup {
  const { backend, adapter, workers, userAgent } = environment;
  const networks = weights.some(
    ({ architecture }) => architecture !== 'colour-gradient' && architecture !== 'own-vectors',
  );
  const none = networks
    ? 'none was opened since the page was loaded: all features were stored'
    : 'none: these models need none';
  return html`<section>
<h2>${number} Environment and settings</h2>
${factsOf([
  ['Program', app],
  ['Report written', html`<time datetime="${writtenAt}">${writtenAt.slice(0, 16).replace('T', ' ')} UTC</time>`],
  ['Engine', backend === null ? none : ENGINES[backend]],
  ['Graphics adapter', adapter],
  ['Backbone workers', backend === null ? null : workers],
  ['Browser', userAgent],
  ['Bootstrap', `seed ${bootstrap.seed}, ${bootstrap.resamples} resamples, ${bootstrap.level * 100} %`],
])}
${tableOf(
  {
    columns: ['Run', 'Classifier', 'Seed', 'Epochs trained', 'Best epoch', 'Index', 'Weights'].map((title) => ({
      title,
      numeric: ['Seed', 'Epochs trained', 'Best epoch'].includes(title),
    })),
    rows: runs.map(({ model, head, result }) => [
      `${model}, ${head}`,
      result.classifier,
      result.seed,
      result.training?.epochs ?? null,
      result.training?.bestEpoch ?? null,
      backendNamed(result.index).label,
      result.weights.join(', '),
    ]),
  },
  'Settings of the runs',
)}
</section>`;
}
