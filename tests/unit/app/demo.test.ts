import { expect, test } from 'vitest';
import { demoResults, offeredOnDemo } from '../../../src/app/dataset/demo-results.ts';
import type { ModelRow } from '../../../src/app/models/models.ts';
import type { WeightsOrigin } from '../../../src/types.ts';
import { fakeRun, finetuned, frozen } from '../../browser/ui/fake-comparison.ts';

function row(id: string, origin: WeightsOrigin): ModelRow {
  const weights = {
    id,
    architecture: 'deit_tiny_patch16_224',
    label: `Model ${id}`,
    summary: '',
    features: 192,
    bytes: 1,
    licence: null,
    origin,
    repository: null,
    revision: null,
  } as const;
  const nothing = {
    group: 'here' as const,
    ticked: false,
    cached: null,
    partialBytes: 0,
    download: null,
    embedded: 0,
    embedding: false,
  };
  return { weights, ...nothing, imagesPerSecond: null, scores: null };
}

const rows = [row('built-in', 'built-in'), row('served', 'origin'), row('far', 'hub')];

test('a model has a result once it is scored both ways, by its latest runs', () => {
  const run = (member: Parameters<typeof fakeRun>[0]['members'][number], top1: number, seed = 0) =>
    fakeRun({ members: [member], top1, mapAtR: 0.1, recipe: { seed } });
  const runs = [run(frozen('built-in'), 0.2), run(finetuned('built-in'), 0.3), run(finetuned('built-in'), 0.4, 1)];
  expect(demoResults([...runs, run(frozen('served'), 0.5)], rows)).toMatchObject([
    { weightsId: 'built-in', label: 'Model built-in', top1: { frozen: 0.2, finetuned: 0.4 } },
  ]);
  const together = fakeRun({
    members: [finetuned('served'), frozen('built-in')],
    combine: 'mean',
    top1: 0.9,
    mapAtR: 0,
  });
  expect(demoResults([...runs, run(frozen('served'), 0.5), together], rows)).toHaveLength(1);
});

test('networks are offered whose weights are near, until they are compared: the demo downloads nothing from afar', () => {
  expect(offeredOnDemo(rows, []).map(({ weights }) => weights.id)).toEqual(['served']);
  const pair = { frozen: 0.1, finetuned: 0.2 };
  const done = { weightsId: 'served', label: '', top1: pair, top10: pair };
  expect(offeredOnDemo(rows, [done])).toEqual([]);
});
