import { expect, test } from 'vitest';
import { runOf } from '../../../src/core/chosen-run.ts';
import { evaluate, USUAL_SETTINGS } from '../../../src/core/evaluation.ts';
import { trainedTogether } from '../../../src/core/run.ts';
import { type RunChoice, storedRunSchema } from '../../../src/core/run-choice.ts';
import { rowsOf } from '../../../src/core/run-name.ts';
import { keepHead, openedHead, savedHead } from '../../../src/core/saved-heads.ts';
import { trainHeads } from '../../../src/core/train-heads.ts';
import { getRuns } from '../../../src/storage/runs.ts';
import { freshDatabase } from '../storage/fresh-database.ts';
import { contextOver } from './context.ts';
import { CLASSES, makeData, recipe } from './two-backbones.ts';

const never = new AbortController().signal;

test('a head from a file is scored with how many of the data set’s classes it knows, and keeps its own', async () => {
  const descriptor = contextOver(freshDatabase()).weights.find('colour-gradient') ?? expect.fail('no descriptor');
  const { featuresKey } = contextOver(freshDatabase()).weights.usable(descriptor) ?? expect.fail('no features');
  const { database, images } = await makeData(undefined, 1.5, { [featuresKey]: descriptor.features });
  const context = contextOver(database);
  const members = [{ weightsId: descriptor.id, head: 'finetuned' as const }];
  const choice: RunChoice = { members, combine: null, recipe, loaded: null, rank: 'plain' };
  const run = (await runOf(context, choice, { datasetId: 'd', images })) ?? expect.fail('no run');
  for (const group of trainedTogether(run)) await trainHeads(context, run, group, never, () => {});
  const own = await evaluate(context, choice, { datasetId: 'd', images }, USUAL_SETTINGS, never);
  expect(own?.classesKnown).toBeUndefined();

  // A data set of which it knows one class, with two of its own.
  const others = images
    .filter(({ className }) => className !== 'class 1')
    .map((image) => (image.className === 'class 0' ? image : { ...image, className: `other ${image.className}` }));
  const opened = await openedHead(context, await savedHead(context, run), never);
  await keepHead(context, 'd', opened);
  const scored = await evaluate(context, opened.choice, { datasetId: 'd', images: others }, USUAL_SETTINGS, never);
  expect(scored?.classesKnown).toEqual({ known: 1, of: CLASSES - 1 });
  const stored = [...(await getRuns(database, 'd', storedRunSchema)).values()];
  expect(rowsOf(context.weights, stored).map(({ classesKnown }) => classesKnown?.of)).toContain(CLASSES - 1);

  const loaded = (await runOf(context, opened.choice, { datasetId: 'd', images: others })) ?? expect.fail('no run');
  const twice = await openedHead(context, await savedHead(context, loaded), never);
  expect(twice.saved.classes).toEqual(opened.saved.classes);
});
