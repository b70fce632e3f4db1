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
      'frozen,finetuned',
      '--out',
      join(folder, 'r.json'),
    ],
    ...['--models-dir', folder, '--ground-truth', file, '--backend', 'wasm', '--limit', '20', '--k', '10,1'],
    ...['--index', 'hnsw', '--rankings', '/x/r.json', '--embeddings', '/x/e', '--features', '/x/f', '--seeds', '3'],
    ...['--classifier', 'linear', '--refit', 'off', '--combine', 'concat,shared'],
    ...['--rank', 'cover,plain', '--open', 'on', '--queries', 'valid', '--gallery', 's/test/'],
    ...['--name-classes', 'first-part'],
  ]);
  expect(args).toEqual({
    dataDir: folder,
    models: ['resnet50', 'colour-gradient'],
    bestFor: [],
    budgetSeconds: 1800,
    heads: ['frozen', 'finetuned'],
    classifier: 'linear',
    refit: false,
    combine: ['concat', 'shared'],
    ranks: ['cover', 'plain'],
    open: 'on',
    seeds: 3,
    out: join(folder, 'r.json'),
    modelsDir: folder,
    groundTruth: file,
    roles: [
      ['valid', 'query'],
      ['s/test', 'gallery'],
    ],
    nameClasses: 'first-part',
    backend: 'wasm',
    shard: null,
    size: null,
    flip: false,
    limit: 20,
    ks: [1, 10],
    index: 'hnsw',
    rankings: '/x/r.json',
    embeddingsDir: '/x/e',
    featuresDir: '/x/f',
  });
});

test('a folder cannot both ask and be searched', () => {
  expect(() => readArguments([...needed, '--queries', 'test', '--gallery', 'valid,test/'])).toThrow(/within itself/);
});

test('an input size goes with every run', () => {
  const args = readArguments([...needed.with(3, 'resnet50,deit_tiny_patch16_224'), '--size', '288']);
  if (args === 'help') throw new Error('No help was asked for.');
  expect(plannedRuns(args).map(({ size }) => size)).toEqual([288, 288]);
});

test('has the documented defaults', () => {
  expect(readArguments(needed)).toMatchObject({
    heads: ['frozen'],
    classifier: 'cosine',
    refit: true,
    combine: ['mean'],
    ranks: ['plain'],
    open: 'auto',
    seeds: 1,
    groundTruth: null,
    roles: [],
    nameClasses: null,
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
  ['a size of no network', [...needed, '--size', '9'], 'ResNet-50 takes images of 32 to 1024 pixels'],
  ['a size that is no number', [...needed, '--size', 'large'], '--size'],
  [
    'a size that a patch does not divide',
    [...needed.with(3, 'deit_tiny_patch16_224'), '--size', '230'],
    'multiples of 16',
  ],
  ['a size for what has none', [...needed.with(3, 'colour-gradient'), '--size', '224'], 'one size'],
  ['a limit of 0', [...needed, '--limit', '0'], '--limit'],
  ['a negative limit', [...needed, '--limit=-3'], '-3'],
  ['an unknown head', [...needed, '--heads', 'thawed'], 'thawed'],
  ['an unknown member', ['--data', folder, '--models', 'resnet50+vgg16', '--out', 'r'], 'vgg16'],
  ['an unknown kind of member', ['--data', folder, '--models', 'resnet50:warm', '--out', 'r'], 'resnet50:warm'],
  ['a member named twice', ['--data', folder, '--models', 'resnet50+resnet50', '--out', 'r'], 'twice'],
  ['an unknown classifier', [...needed, '--classifier', 'arcface'], 'arcface'],
  ['an unknown combination', [...needed, '--combine', 'max'], 'max'],
  ['refit neither on nor off', [...needed, '--refit', 'yes'], 'yes'],
  [
    'a metric that nothing is chosen for',
    [...needed.slice(0, 2), '--models', 'best', '--out', 'r', '--best-for', 'mrr'],
    'mrr',
  ],
  ['an unknown ranking', [...needed, '--rank', 'class,best'], '"best"'],
  ['open neither on nor off', [...needed, '--open', 'yes'], 'yes'],
  ['no seeds', [...needed, '--seeds', '0'], '--seeds'],
])('refuses %s', (_what, args, said) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(said);
});

test('plans one frozen run a model, in the given order', () => {
  const args = readArguments(['--data', folder, '--models', 'resnet50,colour-gradient', '--out', 'r', '--limit', '7']);
  if (args === 'help') throw new Error('No help was asked for.');
  const common = {
    head: 'frozen',
    classifier: null,
    combine: null,
    seed: 0,
    size: null,
    flip: false,
    limit: 7,
    ks: [1, 5, 10],
    index: 'exact',
  };
  expect(plannedRuns(args)).toMatchObject([
    { model: 'resnet50', ...common },
    { model: 'colour-gradient', ...common },
  ]);
});

function planned(...args: string[]) {
  const read = readArguments(['--data', folder, '--out', 'r', ...args]);
  if (read === 'help') throw new Error('No help was asked for.');
  return plannedRuns(read).map(({ model, head, classifier, combine, seed }) => [
    model,
    head,
    classifier,
    combine,
    seed,
  ]);
}

test('plans heads and seeds: a frozen model has no seed', () => {
  expect(
    planned('--models', 'resnet50', '--heads', 'frozen,finetuned', '--seeds', '2', '--classifier', 'linear'),
  ).toEqual([
    ['resnet50', 'frozen', null, null, 0],
    ['resnet50', 'finetuned', 'linear', null, 0],
    ['resnet50', 'finetuned', 'linear', null, 1],
  ]);
});

test('chooses the best beside models that are named, for top-10 unless told otherwise', () => {
  const read = (...args: string[]) => {
    const found = readArguments(['--data', folder, '--out', 'r', ...args]);
    if (found === 'help') throw new Error('No help was asked for.');
    return found;
  };
  expect(read('--models', 'best')).toMatchObject({ models: [], bestFor: [10] });
  expect(plannedRuns(read('--models', 'best'))).toEqual([]);
  expect(read('--models', 'resnet50,best', '--best-for', 'top-1,top-10', '--budget', '60')).toMatchObject({
    models: ['resnet50'],
    bestFor: [1, 10],
    budgetSeconds: 60,
  });
});

test('plans every ranking of a seed before the next seed: they share its embeddings', () => {
  const args = readArguments([
    ...['--data', folder, '--models', 'resnet50', '--heads', 'finetuned', '--out', 'r'],
    ...['--seeds', '2', '--rank', 'plain,class,cover', '--open', 'off'],
  ]);
  if (args === 'help') throw new Error('No help was asked for.');
  expect(plannedRuns(args).map(({ seed, rank, open }) => [seed, rank, open])).toEqual(
    [0, 1].flatMap((seed) => ['plain', 'class', 'cover'].map((rank) => [seed, rank, 'off'])),
  );
});

test('plans ensembles by every combination; nothing is shared without heads', () => {
  const model = 'resnet50+deit_tiny_patch16_224';
  expect(planned('--models', model, '--heads', 'frozen,finetuned', '--combine', 'mean,concat,shared')).toEqual([
    [model, 'frozen', null, 'mean', 0],
    [model, 'frozen', null, 'concat', 0],
    [model, 'finetuned', 'cosine', 'mean', 0],
    [model, 'finetuned', 'cosine', 'concat', 0],
    [model, 'finetuned', 'cosine', 'shared', 0],
  ]);
});

test('a model that names its heads is made once', () => {
  const model = 'resnet50+resnet50:frozen';
  expect(planned('--models', model, '--heads', 'frozen,finetuned', '--combine', 'concat')).toEqual([
    [model, 'finetuned', 'cosine', 'concat', 0],
  ]);
  expect(planned('--models', 'resnet50:frozen', '--heads', 'finetuned')).toEqual([
    ['resnet50:frozen', 'frozen', null, null, 0],
  ]);
});

const shardOf = (...flags: string[]) => readArguments(['--data', folder, '--models', 'resnet50', ...flags]);

test('a shard needs no report', () => {
  expect(shardOf('--features', '/x/f', '--shard', '3/16', '--half')).toMatchObject({
    out: '',
    shard: { shard: 3, of: 16, partRows: 4096, half: true, featuresDir: '/x/f' },
  });
});

test.each([
  ['a shard beyond the last', ['--features', 'f', '--shard', '4/4'], 'from 0 to N − 1'],
  ['a shard that is no share', ['--features', 'f', '--shard', '1'], 'takes I/N'],
  ['a shard of none', ['--features', 'f', '--shard', '0/0'], 'takes I/N'],
  ['a shard without a folder', ['--shard', '0/4'], '--features is missing'],
  ['a report of a shard', ['--features', 'f', '--shard', '0/4', '--out', 'r.json'], '--out does not go with --shard'],
  ['half precision without a shard', ['--out', 'r.json', '--half'], 'go with --shard'],
  ['parts of nothing', ['--features', 'f', '--shard', '0/4', '--part', '0'], '--part'],
  ['the best in a shard', ['--models', 'best', '--features', 'f', '--shard', '0/4'], 'given twice'],
])('refuses %s', (_, flags, reason) => {
  expect(() => shardOf(...flags)).toThrow(reason);
});
