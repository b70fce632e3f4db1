import { describe, expect, test } from 'vitest';
import type { ModelRow } from '../../../src/app/models/models.ts';
import type { CachedWeights, Weights } from '../../../src/types.ts';
import { embedPlan } from '../../../src/ui/models/embed-plan.ts';

function weights(changes: Partial<Weights>): Weights {
  return {
    id: 'resnet50.tv_in1k',
    architecture: 'resnet50',
    label: 'ResNet-50',
    summary: '',
    features: 2048,
    bytes: 100_000_000,
    licence: null,
    origin: 'hub',
    repository: null,
    revision: null,
    ...changes,
  };
}

const cached: CachedWeights = {
  id: 'resnet50.tv_in1k',
  architecture: 'resnet50',
  bytes: 100_000_000,
  sha256: '',
  preprocessing: { size: 224, cropPct: 0.875, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
  from: '',
  cachedAt: 0,
};

function row(changes: Partial<ModelRow>, ofWeights: Partial<Weights> = {}): ModelRow {
  return {
    weights: weights(ofWeights),
    ticked: true,
    cached,
    group: 'hub',
    partialBytes: 0,
    download: null,
    embedded: 0,
    embedding: false,
    imagesPerSecond: 10,
    scores: null,
    ...changes,
  };
}

const planFor = (rows: readonly ModelRow[], images: number) => embedPlan({ rows, counted: true }, images);

describe('what Embed says that it will do', () => {
  test('all images with all ticked models', () => {
    expect(planFor([row({}), row({}), row({ ticked: false })], 1679)).toEqual({
      label: 'Embed 1,679 images with 2 models',
      note: 'Takes about 5.6 min on this machine.',
      possible: true,
    });
  });

  test('models that are done do not count', () => {
    expect(planFor([row({ embedded: 1679 }), row({})], 1679).label).toBe('Embed 1,679 images with 1 model');
  });

  test('the rest, where it stopped', () => {
    expect(planFor([row({ embedded: 1000 })], 1679).label).toBe('Embed the remaining 679 images with 1 model');
    expect(planFor([row({ embedded: 1000 }), row({})], 1679).label).toBe('Continue embedding with 2 models');
  });

  test('how much is downloaded first, less what is here already', () => {
    const plan = planFor([row({ cached: null, partialBytes: 12_000_000 }), row({})], 10);
    expect(plan.note).toContain('Downloads 88 MB of weights first.');
    expect(planFor([row({ cached: null }, { bytes: null })], 10).note).toContain('Downloads weights first.');
    expect(planFor([row({ cached: null }, { origin: 'built-in', bytes: 0 })], 10).note).not.toContain('Downloads');
  });

  test('how long it takes as this machine was measured, and of what that is not known', () => {
    const unknown = (label: string) => row({ imagesPerSecond: null }, { label });
    expect(planFor([row({ embedded: 700 }), row({ imagesPerSecond: 2 })], 1000).note).toBe(
      'Takes about 8.8 min on this machine.',
    );
    expect(planFor([row({}), unknown('ViT-B/16')], 1000).note).toBe(
      'Takes about 1.7 min on this machine; how long ViT-B/16 takes is known after the first images.',
    );
    expect(planFor([unknown('A'), unknown('B')], 10).note).toBe(
      'How long A and B take is known after the first images.',
    );
    // The first images are done, and were too few to tell.
    expect(planFor([row({ imagesPerSecond: null, embedded: 12 }, { label: 'A' })], 40).note).toBe(
      'How long A takes is known once more images are done.',
    );
    expect(planFor([unknown('A'), unknown('B'), unknown('C')], 10).note).toContain('How long 3 models take');
  });

  test('what a licence forbids, before it is downloaded', () => {
    const of = (cachedOrNot: CachedWeights | null) =>
      planFor([row({ cached: cachedOrNot }, { licence: 'cc-by-nc-4.0', label: 'DINO' })], 10).note;
    expect(of(null)).toContain('DINO: cc-by-nc-4.0 forbids commercial use.');
    expect(of(cached)).not.toContain('forbids');
  });

  test.each([
    [[row({ ticked: false })], 10, 'Tick at least one model.'],
    [[row({})], 0, 'Open a data set first.'],
    [[row({ embedding: true })], 10, 'Embedding now. Results appear as they come.'],
    [[row({ embedded: 1 })], 1, 'The one image is embedded with the ticked models.'],
    [[row({ embedded: 10 })], 10, 'All 10 images are embedded with the ticked models.'],
  ])('says why it does nothing (%#)', (rows, images, note) => {
    expect(planFor(rows, images)).toMatchObject({ possible: false, note });
  });

  test('before it is pressed, that the files cannot be read any more; where one press asks for them, it is offered', () => {
    const waiting = { rows: [row({})], counted: true };
    expect(embedPlan(waiting, 152, 'gone')).toEqual({
      label: 'Embed 152 images with 1 model',
      note: 'The browser cannot read the images’ files now: open the folder again to go on.',
      possible: false,
    });
    expect(embedPlan(waiting, 152, 'locked').possible).toBe(true);
    expect(embedPlan({ rows: [row({ embedded: 152 })], counted: true }, 152, 'gone').note).toContain('All 152 images');
  });

  // Pressed then, it would promise to embed what may long be there.
  test('nothing before it is counted what is embedded', () => {
    const plan = embedPlan({ rows: [row({})], counted: false }, 1679);
    expect(plan).toEqual({ label: 'Embed', note: 'Counting what is embedded…', possible: false });
  });
});
