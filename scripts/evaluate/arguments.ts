import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunRequest } from '../../src/app/automation/automation-types.ts';
import { NAME_RULES, type NameRule } from '../../src/data/file-name-classes.ts';
import type { Classifier, Combination, HeadKind } from '../../src/exports/report.ts';
import { BACKBONE_NAMES, parseModel } from '../../src/heads/member.ts';
import { sizeProblem } from '../../src/models/specs/variants.ts';
import { INDEX_KINDS, type IndexKind } from '../../src/search/backends.ts';
import { RANKING_NAMES, type RankingName } from '../../src/search/rankings.ts';
import type { EngineChoice } from '../../src/types.ts';
import { defaultModelsDir } from '../server/models-folder.ts';

export const usage = `Usage: npm run evaluate -- --data DIR --models NAMES --out FILE [options]

  --data DIR           folder with training/<class>/, test/query/ and test/gallery/
  --models NAMES       comma-separated, of the list at the end; ensembles joined by +, as
                       resnet50+vit_base_patch16_224; a member of one may be named with
                       its head, as resnet50+resnet50:frozen
                       \`best\` chooses one of the weights in the models folder: members, combination
                       and ranking, on parts of training/ alone
  --out FILE           where the report is written (JSON)
  --heads KINDS        frozen, finetuned or both, with a comma (default frozen)
  --classifier NAME    cosine or linear, for fine-tuning (default cosine)
  --refit on|off       train the head once more on all of training/ (default on)
  --combine WAYS       mean, concat, shared, for ensembles (default mean)
  --rank NAMES         plain, class, cover: orders of the gallery, an entry each (default plain)
  --open auto|on|off   for class and cover: whether the gallery has classes that training/ has
                       not (default auto: as its labels say)
  --best-for METRICS   top-1, top-5, top-10 …: what \`best\` is chosen for, a run each (default top-10)
  --budget SECONDS     how long \`best\` may try, once all is embedded (default 1800)
  --seeds N            fine-tuned runs with the seeds 0 to N − 1 (default 1)
  --models-dir DIR     sets of weights, preferred to the hub's (default models/)
  --ground-truth FILE  labels of query and gallery (JSON or CSV) where no folders give them
  --queries FOLDERS    folders whose images ask, by name or path (as valid), whatever their names say
  --gallery FOLDERS    folders that are searched; a gallery without any queries is searched within
                       itself, each image among all others (--gallery test, of train/valid/test)
  --name-classes RULE  classes from the names of files that lie in no class folder: before-number
                       (pug_12.jpg), first-part (0002_c1.jpg), after-number (01_cat.jpg), or auto, the
                       rule that the app would offer first
  --backend NAME       auto, webgpu or wasm (default auto)
  --size N             input size in pixels, where it is not to be the weights' own
  --flip               features of image and mirror image, averaged (twice the time); with \`best\`
                       offered beside those of the image alone
  --limit N            the first N images of each split, by path
  --k NUMBERS          comma-separated, 1 to 100 (default 1,5,10)
  --index NAME         ${INDEX_KINDS.join(' or ')} (default exact)
  --rankings FILE      each query's nearest gallery images (JSON; with several runs one file each)
  --embeddings DIR     each run's embeddings (NumPy)
  --features DIR       each model's raw features (NumPy)
  --shard I/N          nothing but raw features, of the I-th of N shares of the images (0 to N − 1), for
                       many machines: parts are written into --features, finished ones are skipped,
                       and no --out is needed (docs/scale)
  --half               with --shard: features in half precision
  --part ROWS          with --shard: images a part (default 4096)
  --help               this text

Exit status: 0 done, 1 failed, 2 wrong arguments. Progress goes to standard error.
LIKENESS_CHROMIUM names the browser to use, LIKENESS_MODELS_DIR the default folder of weights.
LIKENESS_CHROMIUM_SANDBOX=0 starts it without its sandbox, in a container that forbids it.

Models:
${wrapped(BACKBONE_NAMES)}`;

/** Names in lines of at most 100 characters. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const longer = `${lines.at(-1)}, ${name}`;
    if (lines.length > 0 && longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(`  ${name}`);
  }
  return lines.join(',\n');
}

/** Wrong arguments: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** All paths are absolute. */
export interface Arguments {
  readonly dataDir: string;
  /** Backbones, or members joined by `+`. */
  readonly models: readonly string[];
  /** The k of each top-k accuracy that a model is to be chosen for; none where `best` is not asked for. */
  readonly bestFor: readonly number[];
  readonly budgetSeconds: number;
  readonly heads: readonly HeadKind[];
  readonly classifier: Classifier;
  readonly refit: boolean;
  readonly combine: readonly Combination[];
  readonly ranks: readonly RankingName[];
  readonly open: RunRequest['open'];
  readonly seeds: number;
  readonly out: string;
  readonly modelsDir: string;
  readonly groundTruth: string | null;
  /** Folders that are given a role, by name or path. */
  readonly roles: readonly (readonly [folder: string, role: 'query' | 'gallery'])[];
  /** Where classes are to come from the names of files; null where they are not. */
  readonly nameClasses: NameRule | 'auto' | null;
  readonly backend: EngineChoice;
  /** Input size in pixels; null for the weights' own. */
  readonly size: number | null;
  /** Features are the mean of those of image and mirror image. */
  readonly flip: boolean;
  readonly limit: number | null;
  readonly ks: readonly number[];
  readonly index: IndexKind;
  readonly rankings: string | null;
  readonly embeddingsDir: string | null;
  readonly featuresDir: string | null;
  /** What is embedded in place of an evaluation; `out` is then empty. */
  readonly shard: Shard | null;
}

/** One of several shares of a data set's images. */
export interface Shard {
  /** From 0. */
  readonly shard: number;
  readonly of: number;
  readonly partRows: number;
  readonly half: boolean;
  readonly featuresDir: string;
}

/** The one backbone that is no network: it has no variants. */
const COLOURS = 'colour-gradient';

const NAME_CLASSES: readonly (NameRule | 'auto')[] = ['auto', ...NAME_RULES];

/** Among the models: the one that is best on validation. */
const BEST = 'best';

const text = { type: 'string' } as const;

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments | 'help' {
  const values = flags(args);
  if (values.help) return 'help';
  const named = list('--models', required('--models', values.models));
  const models = named.filter((name) => name !== BEST).map(model);
  const shard = shardOf(values);
  if (shard && named.includes(BEST))
    throw new UsageError('--shard embeds with the models that are named, not with `best`.');
  return {
    dataDir: folder('--data', required('--data', values.data)),
    models,
    bestFor: named.includes(BEST) ? list('--best-for', values['best-for'] ?? 'top-10').map(topK) : [],
    budgetSeconds: wholeNumber('--budget', values.budget ?? '1800', 1_000_000),
    heads: several('--heads', values.heads ?? 'frozen', ['frozen', 'finetuned']),
    classifier: oneOf('--classifier', values.classifier ?? 'cosine', ['cosine', 'linear']),
    refit: oneOf('--refit', values.refit ?? 'on', ['on', 'off']) === 'on',
    combine: several('--combine', values.combine ?? 'mean', ['mean', 'concat', 'shared']),
    ranks: several('--rank', values.rank ?? 'plain', RANKING_NAMES),
    open: oneOf('--open', values.open ?? 'auto', ['auto', 'on', 'off']),
    seeds: wholeNumber('--seeds', values.seeds ?? '1', 1000),
    out: shard ? '' : resolve(required('--out', values.out)),
    modelsDir: values['models-dir'] === undefined ? defaultModelsDir() : folder('--models-dir', values['models-dir']),
    groundTruth: values['ground-truth'] === undefined ? null : file('--ground-truth', values['ground-truth']),
    roles: roles(values.queries, values.gallery),
    nameClasses:
      values['name-classes'] === undefined ? null : oneOf('--name-classes', values['name-classes'], NAME_CLASSES),
    backend: oneOf('--backend', values.backend ?? 'auto', ['auto', 'webgpu', 'wasm']),
    size: values.size === undefined ? null : inputSize(values.size, models),
    flip: flip(values.flip, models),
    limit: values.limit === undefined ? null : wholeNumber('--limit', values.limit, Number.MAX_SAFE_INTEGER),
    ks: list('--k', values.k ?? '1,5,10')
      .map((k) => wholeNumber('--k', k, 100))
      .sort((a, b) => a - b),
    index: oneOf('--index', values.index ?? 'exact', INDEX_KINDS),
    rankings: optionalPath(values.rankings),
    embeddingsDir: optionalPath(values.embeddings),
    featuresDir: optionalPath(values.features),
    shard,
  };
}

function flags(args: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({
      args: [...args],
      tokens: true,
      options: {
        data: text,
        models: text,
        out: text,
        heads: text,
        classifier: text,
        refit: text,
        combine: text,
        rank: text,
        open: text,
        seeds: text,
        'best-for': text,
        budget: text,
        'models-dir': text,
        'ground-truth': text,
        queries: text,
        gallery: text,
        'name-classes': text,
        backend: text,
        size: text,
        flip: { type: 'boolean' },
        limit: text,
        k: text,
        index: text,
        rankings: text,
        embeddings: text,
        features: text,
        shard: text,
        half: { type: 'boolean' },
        part: text,
        help: { type: 'boolean' },
      },
    });
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.rawName] : []));
    const repeated = names.find((name, i) => names.indexOf(name) !== i);
    if (repeated) throw new UsageError(`${repeated} is given twice.`);
    return values;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Nothing would be made of these. */
const NOT_WITH_SHARDS = ['out', 'rankings', 'embeddings', 'heads', 'rank', 'combine', 'seeds', 'name-classes'] as const;

/** @throws UsageError */
function shardOf(values: ReturnType<typeof flags>): Shard | null {
  if (values.shard === undefined) {
    if (values.half || values.part !== undefined) throw new UsageError('--half and --part go with --shard.');
    return null;
  }
  const [, shard, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(values.shard)?.map(Number) ?? [];
  if (shard === undefined || of === undefined || shard >= of) {
    throw new UsageError(`--shard takes I/N with I from 0 to N − 1, as 0/16, not "${values.shard}".`);
  }
  const idle = NOT_WITH_SHARDS.find((name) => values[name] !== undefined);
  if (idle) throw new UsageError(`--${idle} does not go with --shard, which writes features alone.`);
  return {
    shard,
    of,
    partRows: wholeNumber('--part', values.part ?? '4096', 100_000),
    half: values.half ?? false,
    featuresDir: resolve(required('--features', values.features)),
  };
}

/** @throws UsageError where a folder is to be both. */
function roles(queries: string | undefined, gallery: string | undefined): Arguments['roles'] {
  const given = [
    ...(queries === undefined ? [] : list('--queries', queries).map((name) => [name, 'query'] as const)),
    ...(gallery === undefined ? [] : list('--gallery', gallery).map((name) => [name, 'gallery'] as const)),
  ].map(([name, role]) => [name.replace(/\/+$/, ''), role] as const);
  const names = given.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice)
    throw new UsageError(
      `--queries and --gallery both name ${twice}: leave it to --gallery alone, to search it within itself.`,
    );
  return given;
}

/** "top-10" as 10. @throws UsageError */
function topK(metric: string): number {
  const [, k] = /^top-(\d+)$/.exec(metric) ?? [];
  if (k === undefined) throw new UsageError(`--best-for takes top-1 to top-100, not "${metric}".`);
  return wholeNumber('--best-for', k, 100);
}

/** A model with its members checked. @throws UsageError */
function model(name: string): string {
  try {
    // As fine-tuned, since `resnet50+resnet50:frozen` would name one model twice as frozen.
    parseModel(name, 'finetuned');
    return name;
  } catch (error) {
    throw new UsageError(`--models: ${error instanceof Error ? error.message : name}`);
  }
}

/** A size that every backbone can take. @throws UsageError */
function inputSize(value: string, models: readonly string[]): number {
  const size = wholeNumber('--size', value, 4096);
  for (const { backbone } of models.flatMap((name) => parseModel(name, 'finetuned'))) {
    const problem = backbone === COLOURS ? `${backbone} looks at one size alone` : sizeProblem(backbone, size);
    if (problem) throw new UsageError(`--size ${size}: ${problem}.`);
  }
  return size;
}

/** @throws UsageError */
function flip(value: boolean | undefined, models: readonly string[]): boolean {
  if (value && models.some((name) => parseModel(name, 'finetuned').some(({ backbone }) => backbone === COLOURS)))
    throw new UsageError(`--flip: ${COLOURS} looks at images as they are.`);
  return value ?? false;
}

function required(flag: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing.`);
  return value;
}

function list(flag: string, value: string): string[] {
  const items = value.split(',').map((item) => item.trim());
  if (items.includes('')) throw new UsageError(`${flag} has an empty entry: "${value}".`);
  const repeated = items.find((item, i) => items.indexOf(item) !== i);
  if (repeated) throw new UsageError(`${flag} names ${repeated} twice.`);
  return items;
}

function oneOf<T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`${flag} takes ${choices.join(' or ')}, not "${value}".`);
  return found;
}

function several<T extends string>(flag: string, value: string, choices: readonly T[]): T[] {
  return list(flag, value).map((item) => oneOf(flag, item, choices));
}

function wholeNumber(flag: string, value: string, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > max) throw new UsageError(`${flag} takes whole numbers from 1 to ${max}, not "${value}".`);
  return number;
}

function optionalPath(value: string | undefined): string | null {
  return value === undefined ? null : resolve(value);
}

function folder(flag: string, value: string): string {
  const path = resolve(value);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${flag}: ${path} is no folder.`);
  return path;
}

function file(flag: string, value: string): string {
  const path = resolve(value);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`${flag}: ${path} is no file.`);
  return path;
}
