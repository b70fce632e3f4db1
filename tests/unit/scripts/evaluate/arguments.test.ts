import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../../../scripts/evaluate/arguments.ts';
import { plannedRuns } from '../../../../scripts/evaluate/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-test-'));
const file = join(folder, 'labels.csv');
writeFileSync(file, 'split,file,class\n');
afterAll(() => rmSync(folder, { recursive: true }));

const needed = ['--data', folder, '--models', 'resnet50', '--out', 'r.json'];

test('reads every flag', () => {
  const args = readArguments([
    ...[
      '--data',
      folder,
      '--models',
      'resnet50, colour-gradient',
      '--heads',
      'frozen',
      '--out',
      join(folder, 'r.json'),
    ],
    ...['--models-dir', folder, '--ground-truth', file, '--backend', 'wasm', '--limit', '20', '--k', '10,1'],
    ...['--index', 'hnsw', '--rankings', '/x/r.json', '--embeddings', '/x/e', '--features', '/x/f', '--seeds', '1'],
  ]);
  expect(args).toEqual({
    dataDir: folder,
    models: ['resnet50', 'colour-gradient'],
    out: join(folder, 'r.json'),
    modelsDir: folder,
    groundTruth: file,
    backend: 'wasm',
    limit: 20,
    ks: [1, 10],
    index: 'hnsw',
    rankings: '/x/r.json',
    embeddingsDir: '/x/e',
    featuresDir: '/x/f',
  });
});

test('has the documented defaults', () => {
  expect(readArguments(needed)).toMatchObject({
    groundTruth: null,
    backend: 'auto',
    limit: null,
    ks: [1, 5, 10],
    index: 'exact',
    rankings: null,
    embeddingsDir: null,
    featuresDir: null,
  });
  expect(readArguments(['--help'])).toBe('help');
});

test.each<[string, string[], string]>([
  ['no data', needed.slice(2), '--data is missing'],
  ['no models', ['--data', folder, '--out', 'r.json'], '--models is missing'],
  ['no out', needed.slice(0, 4), '--out is missing'],
  ['an unknown flag', [...needed, '--gpu'], '--gpu'],
  ['an abbreviated flag', [...needed, '--lim', '3'], '--lim'],
  ['a stray word', [...needed, 'resnet50'], 'resnet50'],
  ['a flag without its value', [...needed, '--limit'], '--limit'],
  ['a flag given twice', [...needed, '--limit', '3', '--limit', '4'], 'twice'],
  ['an unknown model', ['--data', folder, '--models', 'vgg16', '--out', 'r'], 'vgg16'],
  ['a name of every object', ['--data', folder, '--models', 'constructor', '--out', 'r'], 'constructor'],
  ['a model named twice', ['--data', folder, '--models', 'resnet50,resnet50', '--out', 'r'], 'twice'],
  ['an empty model', ['--data', folder, '--models', 'resnet50,', '--out', 'r'], 'empty'],
  ['a data folder that is none', ['--data', file, '--models', 'resnet50', '--out', 'r'], 'no folder'],
  ['a models folder that is none', [...needed, '--models-dir', join(folder, 'nowhere')], 'no folder'],
  ['ground truth that is no file', [...needed, '--ground-truth', folder], 'no file'],
  ['an unknown backend', [...needed, '--backend', 'cuda'], 'cuda'],
  ['an unknown index', [...needed, '--index', 'annoy'], 'annoy'],
  ['k of 0', [...needed, '--k', '0'], '--k'],
  ['k above 100', [...needed, '--k', '1,101'], '101'],
  ['a k that is no number', [...needed, '--k', '1e1'], '1e1'],
  ['a limit of 0', [...needed, '--limit', '0'], '--limit'],
  ['a negative limit', [...needed, '--limit=-3'], '-3'],
  ['an unknown head', [...needed, '--heads', 'thawed'], 'thawed'],
  ['fine-tuned heads', [...needed, '--heads', 'frozen,finetuned'], 'cannot fine-tune heads yet'],
  [
    'an ensemble',
    ['--data', folder, '--models', 'resnet50+efficientnet_b0', '--out', 'r'],
    'cannot combine models yet',
  ],
  ['several seeds', [...needed, '--seeds', '3'], 'not there yet'],
  ['a classifier', [...needed, '--classifier', 'cosine'], 'not there yet'],
])('refuses %s', (_what, args, said) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(said);
});

test('plans one frozen run a model, in the given order', () => {
  const args = readArguments(['--data', folder, '--models', 'resnet50,colour-gradient', '--out', 'r', '--limit', '7']);
  if (args === 'help') throw new Error('No help was asked for.');
  const common = { head: 'frozen', classifier: null, combine: null, seed: 0, limit: 7, ks: [1, 5, 10], index: 'exact' };
  expect(plannedRuns(args)).toMatchObject([
    { model: 'resnet50', ...common },
    { model: 'colour-gradient', ...common },
  ]);
});
