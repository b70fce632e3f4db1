/** Stores filled as the real app would fill them: for the tests of the screens. */

import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { engineStore } from '../../../src/app/engine.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { arranged, groupFor, type ModelRow } from '../../../src/app/models/models.ts';
import type { Neighbour } from '../../../src/app/search/search.ts';
import { installationStore } from '../../../src/app/settings/installation.ts';
import { pathStore } from '../../../src/app/settings/path.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import type { Dataset, ImageRecord, Problem, Scores, Split, Weights } from '../../../src/types.ts';
import { BASELINE, fakeRun, frozen, RESNET } from './fake-comparison.ts';
import { emptyWorkspace, workspace } from './fake-workspace.ts';

/** A name that is markup, a key of every object, and right to left, as often as told. */
const hostile = (times = 1): string => '<b>bold</b> __proto__ \u202Eمرحبا🍎'.repeat(times);

export const HOSTILE_NAME = hostile();

const foods = [
  'apple',
  'avocado',
  'banana',
  'bread',
  'carrots',
  'cheese',
  'cherries',
  'chocolate',
  'coffee',
  'cucumber',
  'eggs',
  'fennel',
  'garlic',
  'grapes',
  'honey',
  'juice',
  'kiwi',
  'leek',
  'lemon',
  'mango',
  'melon',
  'milk',
  'mushrooms',
  'nectarine',
  'oats',
  'onion',
  'orange',
  'papaya',
  'peach',
  'pear',
  'pepper',
  'pineapple',
  'potato',
  'rice',
  'tomato',
  HOSTILE_NAME,
];

/** Class and number of an image, readable again from its hash: fake pictures are drawn from it. */
export function fakeHash(classAt: number, at: number): string {
  return `${classAt.toString(16).padStart(4, '0')}${at.toString(16).padStart(8, '0')}`.padEnd(64, '0');
}

const sizes: readonly (readonly [number, number])[] = [
  [400, 300],
  [300, 400],
  [320, 320],
  [480, 270],
  [300, 450],
];

function fakeImages(total: Readonly<Record<Split, number>>, read: number): ImageRecord[] {
  const images: ImageRecord[] = [];
  for (const split of ['training', 'query', 'gallery'] as const) {
    for (let at = 0; at < total[split]; at += 1) {
      // Squared, so that the classes differ in size.
      const classAt = Math.floor((at / total[split]) ** 1.25 * foods.length);
      const className = foods[classAt] ?? 'apple';
      const number = images.length;
      const isRead = number < read;
      const [width, height] = sizes[number % sizes.length] ?? [320, 320];
      const name = number === 3 ? `${'a very long file name '.repeat(11)}.jpg` : `IMG_${String(1000 + number)}.jpg`;
      images.push({
        datasetId: 'd1',
        path: `groceries/${split}/${className}/${name}`,
        split,
        file: `${className}/${name}`,
        className,
        bytes: 84_000,
        hash: isRead ? fakeHash(classAt, number) : null,
        width: isRead ? width : null,
        height: isRead ? height : null,
      });
    }
  }
  return images;
}

const problems: readonly Problem[] = [
  {
    kind: 'undecodable',
    severity: 'skipped',
    path: 'groceries/training/apple/broken.jpg',
    reason: 'The file ends in the middle of the picture.',
    action: 'skipped',
  },
  {
    kind: 'not-an-image',
    severity: 'skipped',
    path: `groceries/training/${HOSTILE_NAME}/notes.txt`,
    reason: 'This is a text file.',
    action: 'skipped',
  },
  {
    kind: 'leak',
    severity: 'warning',
    path: 'groceries/test/query/kiwi/IMG_2001.jpg',
    reason: 'The same image is in training, as groceries/training/kiwi/IMG_1404.jpg: it makes scores look better.',
    action: 'kept',
  },
  {
    kind: 'single-image-class',
    severity: 'warning',
    path: 'groceries/training/fennel',
    reason: 'The class has one image.',
    action: 'kept',
  },
];

export interface FakeDataset {
  readonly counts?: Readonly<Record<Split, number>>;
  /** Images read so far; all of them unless given. */
  readonly read?: number;
  readonly problems?: readonly Problem[];
}

export function fillDataset({
  counts = { training: 849, query: 182, gallery: 648 },
  read = Number.POSITIVE_INFINITY,
  problems: listed = problems,
}: FakeDataset = {}): void {
  const images = fakeImages(counts, read);
  const dataset: Dataset = {
    id: 'd1',
    name: 'groceries',
    createdAt: 0,
    classes: [...foods].sort(),
    folders: [
      { path: 'groceries/training', role: 'training', images: counts.training },
      { path: 'groceries/test/query', role: 'query', images: counts.query },
      { path: 'groceries/test/gallery', role: 'gallery', images: counts.gallery },
      { path: `groceries/${hostile(6)}`, role: 'ignore', images: 12 },
    ],
    problems: listed,
    counts,
    read: Math.min(read, images.length),
  };
  datasetListStore.setState({
    status: 'ready',
    datasets: [
      { id: 'd1', name: 'groceries', images: images.length },
      { id: 'd2', name: 'Holiday pictures 2024, sorted by place and then by person, second attempt', images: 20_000 },
    ],
  });
  workspace().dataset.setState({ dataset, images, files: 'here' });
}

function weights(changes: Partial<Weights> & Pick<Weights, 'id' | 'architecture' | 'label' | 'summary'>): Weights {
  return {
    features: 2048,
    bytes: 102_469_840,
    licence: 'Apache-2.0',
    origin: 'hub',
    repository: `timm/${changes.id}`,
    revision: 'main',
    ...changes,
  };
}

function scores(top1: number, top5: number, top10: number, mapAtR: number): Scores {
  return {
    queries: 182,
    skipped: 2,
    topk: { '1': top1, '5': top5, '10': top10 },
    mapAtR,
    mrr: 0.7,
    ci95: { '10': [top10 - 0.031, Math.min(1, top10 + 0.022)] },
  };
}

function row(changes: Partial<ModelRow> & Pick<ModelRow, 'weights'>): ModelRow {
  return {
    group: groupFor(changes.weights, changes.cached ?? null),
    ticked: false,
    cached: null,
    partialBytes: 0,
    download: null,
    embedded: 0,
    embedding: false,
    imagesPerSecond: null,
    scores: null,
    ...changes,
  };
}

function cached(id: string): NonNullable<ModelRow['cached']> {
  return {
    id,
    architecture: 'resnet50',
    bytes: 102_469_840,
    sha256: '0'.repeat(64),
    preprocessing: {
      size: 224,
      cropPct: 0.875,
      interpolation: 'bilinear',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    from: 'this app’s server',
    cachedAt: 0,
  };
}

export function fillModels(): void {
  const images = workspace().dataset.getState().images.length;
  engineStore.setState({
    engine: {
      kind: 'wasm',
      adapter: null,
      workers: 2,
      reason: 'WebGPU offers no graphics card here, only a software one, which is slower than WASM.',
    },
  });
  workspace().models.setState({
    counted: true,
    rows: arranged([
      row({
        weights: weights({
          id: 'resnet50.tv_in1k',
          architecture: 'resnet50',
          label: 'ResNet-50',
          summary: 'classic convolutional network, strong baseline',
          licence: 'BSD-3-Clause',
        }),
        ticked: true,
        cached: cached('resnet50.tv_in1k'),
        embedded: images,
        imagesPerSecond: 11.8,
        scores: scores(0.681, 0.923, 0.978, 0.328),
      }),
      row({
        weights: weights({
          id: 'efficientnet_b0.ra_in1k',
          architecture: 'efficientnet_b0',
          label: 'EfficientNet-B0',
          summary: 'small, thrifty convolutional network',
          features: 1280,
          bytes: 21_355_344,
          origin: 'origin',
        }),
        ticked: true,
        partialBytes: 12_000_000,
      }),
      row({
        weights: weights({
          id: 'vit_base_patch16_224.augreg2_in21k_ft_in1k',
          architecture: 'vit_base_patch16_224',
          label: 'ViT-B/16',
          summary: 'large transformer, wants a GPU',
          features: 768,
          bytes: 346_284_714,
        }),
        download: { receivedBytes: 123_000_000, totalBytes: 346_284_714, bytesPerSecond: 4_200_000, secondsLeft: 53 },
      }),
      row({
        weights: weights({
          id: 'deit_tiny_patch16_224.fb_in1k',
          architecture: 'deit_tiny_patch16_224',
          label: 'DeiT-Tiny',
          summary: 'small transformer for modest machines',
          features: 192,
          bytes: 22_880_000,
        }),
      }),
      row({
        weights: weights({
          id: hostile(8),
          architecture: 'resnet50',
          label: hostile(8),
          summary: 'weights that you dropped',
          licence: null,
          origin: 'local',
          repository: null,
        }),
      }),
      row({
        weights: weights({
          id: 'colour-gradient',
          architecture: 'colour-gradient',
          label: 'Colour and gradient',
          summary: 'classic descriptor, needs no download',
          features: 992,
          bytes: 0,
          licence: null,
          origin: 'built-in',
          repository: null,
        }),
        ticked: true,
        embedded: images,
        imagesPerSecond: 420,
        scores: scores(0.341, 0.604, 0.731, 0.092),
      }),
    ]),
  });
}

/** A query that is answered, with k neighbours, most of them right. */
export function fillSearch(k = 10): void {
  const { images } = workspace().dataset.getState();
  const gallery = images.filter((image) => image.split === 'gallery');
  const query = images.find((image) => image.split === 'query' && image.className === 'banana') ?? images[0];
  if (query === undefined || query.hash === null) throw new Error('Fill the data set first.');
  const right = gallery.filter((image) => image.className === query.className);
  const wrong = gallery.filter((image) => image.className !== query.className);
  const neighbours: Neighbour[] = Array.from({ length: k }, (_, at) => {
    const image = at % 4 === 3 ? wrong[(wrong.length - 1 - at) % wrong.length] : right[at % right.length];
    if (image === undefined) throw new Error('The gallery is too small.');
    return { rank: at + 1, image, similarity: 0.912 - at * 0.021, correct: image.className === query.className };
  });
  if (workspace().comparison.getState().runs.length === 0) {
    workspace().comparison.setState({
      runs: [
        fakeRun({ members: [frozen(RESNET)], top1: 0.681, mapAtR: 0.328 }),
        fakeRun({ members: [frozen(BASELINE)], top1: 0.341, mapAtR: 0.092 }),
      ],
    });
  }
  workspace().search.setState({
    runId: RESNET,
    k,
    indexChoice: 'hnsw',
    index: { status: 'ready', kind: 'hnsw', kernel: 'simd', built: 1, recallAt10: 0.998, indexMs: 0.4, exactMs: 2.1 },
    query: { hash: query.hash, name: query.path, image: query, crop: null },
    status: 'done',
    error: null,
    neighbours,
    answer: {
      by: 'head',
      guesses: [
        { className: query.className ?? '', share: 0.62 },
        { className: wrong.at(-1)?.className ?? '', share: 0.21 },
        { className: wrong.at(0)?.className ?? '', share: 0.08 },
      ],
      voters: 0,
    },
    rankable: true,
    timing: { embedMs: 38, searchMs: 0.42, galleryImages: gallery.length, index: 'hnsw' },
  });
}

export function fillSettings(): void {
  settingsStore.setState({
    storage: {
      usedBytes: 212_400_000,
      quotaBytes: 61_200_000_000,
      persisted: false,
      weightsLast: true,
      parts: [
        { id: 'weights', label: 'Weights of the backbones', bytes: 125_300_000, entries: 2, items: [] },
        {
          id: 'features',
          label: 'Features',
          bytes: 17_200_000,
          entries: 3358,
          items: [
            { id: 'f', label: 'EfficientNetV2-B0 (tf_efficientnetv2_b0.in1k)', bytes: 17_200_000, entries: 3358 },
          ],
        },
        { id: 'thumbnails', label: 'Thumbnails', bytes: 69_400_000, entries: 1679, items: [] },
        { id: 'datasets', label: 'Data sets, with their heads and results', bytes: 510_000, entries: 2, items: [] },
        { id: 'queries', label: 'Queries', bytes: 0, entries: 0, items: [] },
      ],
    },
  });
}

export function fillJobs(): void {
  jobs.store.setState({
    running: [
      {
        id: 1,
        screen: 'models',
        scope: null,
        job: null,
        stage: 'Embedding with ResNet-50',
        unit: 'images',
        progress: { done: 722, total: 1679, rate: 11.8, secondsLeft: 81 },
        part: { noun: 'model', number: 2, of: 3, secondsAfter: 100 },
        stopping: false,
        cancel: () => {},
      },
      {
        id: 2,
        screen: 'models',
        scope: null,
        job: null,
        stage: 'Downloading ViT-B/16',
        unit: 'bytes',
        progress: { done: 123_000_000, total: 346_284_714, rate: 4_200_000, secondsLeft: 53 },
        part: null,
        stopping: false,
        cancel: () => {},
      },
    ],
  });
}

export function fillFailures(): void {
  jobs.store.setState({
    failures: (['data', 'models', 'comparison', 'search', 'dashboard', 'settings'] as const).map((screen, id) => ({
      id,
      screen,
      tone: 'wrong',
      message:
        'The download of EfficientNet-B0 stopped: the server closed the connection. 12 MB are kept; try again to continue.',
      remedy: { label: 'Try again', run: () => {} },
    })),
  });
}

/** Work that a reload broke off, and work of another tab. */
export function fillNotices(needsInput = false): void {
  const job = { kind: 'embed', datasetId: 'd', weightsIds: ['resnet50.tv_in1k'] } as const;
  const progress = { done: 312, total: 849, unit: 'images' };
  jobs.interrupted.store.setState({
    jobs: [{ job, stage: '', progress, startedAt: 0, needsInput }],
  });
  const elsewhere = {
    stage: 'Train the head of ResNet-50',
    unit: 'epochs',
    progress: { done: 12, total: 100, rate: 2, secondsLeft: 44 },
    part: null,
  } as const;
  jobs.otherTab.store.setState({ working: [elsewhere] });
}

/** As at the start of the app, before anything stored has been read. */
export function emptyStores(): void {
  jobs.store.setState(jobs.store.getInitialState(), true);
  installationStore.setState(installationStore.getInitialState(), true);
  jobs.interrupted.store.setState(jobs.interrupted.store.getInitialState(), true);
  jobs.otherTab.store.setState(jobs.otherTab.store.getInitialState(), true);
  pathStore.setState(pathStore.getInitialState(), true);
  emptyWorkspace();
  engineStore.setState(engineStore.getInitialState(), true);
  settingsStore.setState(settingsStore.getInitialState(), true);
}
