/** Stores filled as the real app would fill them: for the tests of the screens. */

import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { engineStore } from '../../../src/app/engine.ts';
import { type JobsState, jobs } from '../../../src/app/jobs/jobs.ts';
import { arranged, groupFor, type ModelRow } from '../../../src/app/models/models.ts';
import { emptyRow } from '../../../src/app/models/rows.ts';
import { openedStore, openedWorkspace as workspace } from '../../../src/app/opened.ts';
import type { Neighbour } from '../../../src/app/search/search.ts';
import { installationStore } from '../../../src/app/settings/install.ts';
import { pathStore } from '../../../src/app/settings/path.ts';
import { type StoragePart, settingsStore } from '../../../src/app/settings/settings.ts';
import { createWorkspace } from '../../../src/app/workspace.ts';
import { answerOfVotes } from '../../../src/core/answer.ts';
import { deriveDataset } from '../../../src/core/derive-dataset.ts';
import { AppError } from '../../../src/errors.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import type { StoredFile } from '../../../src/storage/schema.ts';
import type { Split, Weights } from '../../../src/types.ts';
import { BASELINE, EFFICIENTNET, fakeRuns, fakeScores, RESNET, VIT } from './fake-comparison.ts';

/** A name that is markup, a key of every object, and right to left, as often as told; it sorts behind all others. */
const hostile = (times = 1): string => '~<b>bold __proto__ \u202Eمرحبا🍎'.repeat(times);

export const HOSTILE_NAME = hostile();

const foods = [
  ...'apple avocado banana bread carrots cheese cherries chocolate coffee cucumber eggs fennel'.split(' '),
  ...'garlic grapes honey juice kiwi leek lemon mango melon milk mushrooms nectarine'.split(' '),
  ...'oats onion orange papaya peach pear pepper pineapple potato rice tomato'.split(' '),
  HOSTILE_NAME,
];

/** Of an image by the position of its class, and its own among all files. */
export function fakeHash(classAt: number, at: number): string {
  return `${classAt.toString(16).padStart(4, '0')}${at.toString(16).padStart(8, '0')}`.padEnd(64, '0');
}

const FOLDERS = { training: 'groceries/training', query: 'groceries/test/query', gallery: 'groceries/test/gallery' };

interface FakeDataset {
  readonly counts?: Readonly<Record<Split, number>>;
  /** Images read so far; all of them unless given. */
  readonly read?: number;
}

/** A data set derived from its files: one is no picture, one a copy from another split, and one folder is ignored. */
export function fillDataset({
  counts = { training: 849, query: 182, gallery: 648 },
  read = Number.POSITIVE_INFINITY,
}: FakeDataset = {}): void {
  const files = new Map<string, StoredFile>();
  const add = (path: string, outcome: StoredFile['outcome']) =>
    files.set(path, { datasetId: 'd1', path, bytes: 84_000, outcome });
  for (const split of ['training', 'query', 'gallery'] as const) {
    for (let at = 0; at < counts[split]; at++) {
      // Squared, so that the classes differ in size.
      const classAt = Math.floor((at / counts[split]) ** 1.25 * foods.length);
      const number = files.size;
      const hash = fakeHash(classAt, number === 1001 ? 704 : number);
      const [width, height] = number % 2 === 0 ? [400, 300] : [300, 400];
      const name = number === 3 ? 'a very long file name '.repeat(11) : `IMG_${1000 + number}`;
      add(`${FOLDERS[split]}/${foods[classAt]}/${name}.jpg`, number < read ? { ok: true, hash, width, height } : null);
    }
  }
  add(`${FOLDERS.gallery}/${HOSTILE_NAME}/broken.jpg`, {
    ok: false,
    kind: 'undecodable',
    reason: 'The file ends early.',
  });
  const ignored = `groceries/${hostile(6)}`;
  add(`${ignored}/IMG_1.jpg`, null);
  const roles = [[ignored, 'ignore']] as const;
  const facts = { id: 'd1', name: 'groceries', createdAt: 0, roles, emptyFolders: [], sourceProblems: [] };
  const derived = deriveDataset(facts, files, null);
  const holidays = 'Holiday pictures 2024, sorted by place and then by person, second attempt';
  datasetListStore.setState({
    status: 'ready',
    datasets: [
      { id: 'd1', name: 'groceries', images: derived.images.length, createdAt: 0 },
      { id: 'd2', name: holidays, images: 20_000, createdAt: 0 },
    ],
  });
  workspace().dataset.setState({ ...derived, files: 'here' });
}

/** A row of weights that are built in, with nothing of them here unless told. */
function row(id: string, changes: Partial<ModelRow> = {}, about: Partial<Weights> = {}): ModelRow {
  const known = BACKBONES.find((backbone) => backbone.id === id);
  if (!known) throw new Error(`There are no weights named ${id}.`);
  const weights = { ...known, ...about };
  return { ...emptyRow(weights, false), group: groupFor(weights, changes.cached ?? null), ...changes };
}

export function fillModels(): void {
  const { length: embedded } = workspace().dataset.getState().images;
  const reason = 'WebGPU offers no graphics card here, only a software one, which is slower than WASM.';
  engineStore.setState({ engine: { kind: 'wasm', adapter: null, workers: 2, reason } });
  const { preprocessing } = ARCHITECTURES.resnet50;
  const file = { id: RESNET, architecture: 'resnet50', bytes: 102_469_840, sha256: '0'.repeat(64) } as const;
  const cached = { ...file, preprocessing, from: 'this app’s server', cachedAt: 0 };
  const dropped = { origin: 'local', summary: 'weights that you dropped', licence: null, repository: null } as const;
  const download = { receivedBytes: 123e6, totalBytes: 346_284_714, bytesPerSecond: 4_200_000, secondsLeft: 53 };
  const rows = [
    row(RESNET, { ticked: true, embedded, cached, imagesPerSecond: 11.8, scores: fakeScores(0.681, 0.328) }),
    row(EFFICIENTNET, { ticked: true, partialBytes: 12_000_000 }, { origin: 'origin' }),
    row(VIT, { download }),
    row('deit_tiny_patch16_224.fb_in1k'),
    row(RESNET, {}, { ...dropped, id: hostile(8), label: hostile(8) }),
    row(BASELINE, { ticked: true, embedded, imagesPerSecond: 420, scores: fakeScores(0.341, 0.092) }),
  ];
  workspace().models.setState({ counted: true, rows: arranged(rows) });
}

/** A query that is answered, with k neighbours, most of them right. */
export function fillSearch(k = 10): void {
  const { images } = workspace().dataset.getState();
  const gallery = images.filter((image) => image.split === 'gallery');
  const query = images.find((image) => image.split === 'query' && image.className === 'banana') ?? images[0];
  if (query === undefined || query.hash === null) throw new Error('Fill the data set first.');
  const right = gallery.filter((image) => image.className === query.className);
  const wrong = gallery.filter((image) => image.className !== query.className);
  const neighbours = Array.from({ length: k }, (_, at): Neighbour => {
    const image = (at % 4 === 3 ? wrong.at(-1 - at) : right[at % right.length]) ?? query;
    return { rank: at + 1, image, similarity: 0.912 - at * 0.021, correct: image.className === query.className };
  });
  workspace().comparison.setState(({ runs }) => ({
    runs: runs.length > 0 ? runs : fakeRuns().slice(0, 2).toReversed(),
  }));
  workspace().search.setState({
    runId: fakeRuns()[1]?.id ?? null,
    k,
    indexChoice: 'hnsw',
    index: { status: 'ready', kind: 'hnsw', kernel: 'simd', built: 1, recallAt10: 0.998, indexMs: 0.4, exactMs: 2.1 },
    query: { hash: query.hash, name: query.path, image: query, crop: null },
    status: 'done',
    error: null,
    neighbours,
    answer: answerOfVotes(neighbours.map(({ image }) => image.className)),
    rankable: true,
    timing: { embedMs: 38, searchMs: 0.42, galleryImages: gallery.length, index: 'hnsw' },
  });
}

export function fillSettings(): void {
  const features = { label: 'Features', bytes: 17_200_000, entries: 3358 };
  const item = { ...features, id: 'f', label: 'EfficientNetV2-B0 (tf_efficientnetv2_b0.in1k)' };
  const parts: StoragePart[] = [
    { id: 'weights', label: 'Weights of the backbones', bytes: 125_300_000, entries: 2, items: [] },
    { ...features, id: 'features', items: [item] },
    { id: 'queries', label: 'Queries', bytes: 0, entries: 0, items: [] },
  ];
  const storage = { usedBytes: 212_400_000, quotaBytes: 61_200_000_000, persisted: false, weightsLast: true, parts };
  settingsStore.setState({ storage });
}

export function fillJobs(): void {
  const embedding: JobsState['running'][number] = {
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
  };
  const progress = { done: 123_000_000, total: 346_284_714, rate: 4_200_000, secondsLeft: 53 };
  const download = { ...embedding, id: 2, stage: 'Downloading ViT-B/16', unit: 'bytes', progress, part: null };
  jobs.store.setState({ running: [embedding, download] });
}

export function fillFailures(): void {
  const error = new AppError(
    'download-failed',
    'The download stopped: the server closed the connection. 12 MB are kept.',
  );
  for (const screen of ['data', 'models', 'comparison', 'search', 'dashboard', 'settings'] as const) {
    jobs.fail(screen, error, { label: 'Try again', run: () => {} });
  }
}

/** Work that a reload broke off, and work of another tab. */
export function fillNotices(needsInput = false): void {
  const job = { kind: 'embed', datasetId: 'd', weightsIds: [RESNET] } as const;
  const progress = { done: 312, total: 849, unit: 'images' };
  jobs.interrupted.store.setState({ jobs: [{ job, stage: '', progress, startedAt: 0, needsInput }] });
  const trained = { done: 12, total: 100, rate: 2, secondsLeft: 44 };
  const elsewhere = { stage: 'Train the head of ResNet-50', unit: 'epochs', progress: trained, part: null };
  jobs.otherTab.store.setState({ working: [elsewhere] });
}

/** As at the start of the app, before anything stored has been read. */
export function emptyStores(): void {
  const singletons = [jobs.store, installationStore, jobs.interrupted.store, jobs.otherTab.store, pathStore];
  for (const store of [...singletons, engineStore, settingsStore])
    Reflect.apply(store.setState, store, [store.getInitialState(), true]);
  openedStore.setState({ workspace: createWorkspace(workspace()) });
}
