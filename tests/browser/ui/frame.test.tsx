import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { replaceWorkspace, openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { storageTroubleStore } from '../../../src/app/settings/storage-trouble.ts';
import { createWorkspace } from '../../../src/app/workspace.ts';
import { AppError } from '../../../src/errors.ts';
import { navigate } from '../../../src/ui/location.ts';
import { EFFICIENTNET, fakeRuns, fillComparison, RESNET } from './fake-comparison.ts';
import {
  fillDataset,
  fillFailures,
  fillJobs,
  fillModels,
  fillNotices,
  fillSearch,
  fillSettings,
} from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

function drag(type: string, ...files: readonly File[]): DragEvent {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event;
}

test('the window says what a drop will do, and hands the items over within the event', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/data');
  const zip = new File(['x'], 'photos.zip', { type: 'application/zip' });
  expect(drag('dragenter', zip).defaultPrevented).toBe(true);
  await eventually(() => expect(document.body.textContent).toContain('Drop the zip to open it as a data set'));
  const event = drag('drop', zip);
  expect(event.defaultPrevented).toBe(true);
  expect(called('addDropped')).toEqual([[event.dataTransfer?.items]]);
  await eventually(() => expect(document.body.textContent).not.toContain('Drop the zip'));
});

test('a drop is heard from the moment on at which the app is there', async () => {
  datasetListStore.setState({ status: 'empty' });
  const heard = new Promise<boolean>((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.getElementById('content') === null) return;
      observer.disconnect();
      resolve(drag('drop', new File(['x'], 'photos.zip', { type: 'application/zip' })).defaultPrevented);
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  await mountAt('/data');
  expect(await heard).toBe(true);
});

test('a drop of images without roles or classes leads to their map, and leaves alone who has gone elsewhere', async () => {
  fillDataset({ counts: { training: 0, query: 0, gallery: 40 } });
  await mountAt('/data');
  drag('drop', new File(['x'], 'photos.zip', { type: 'application/zip' }));
  await eventually(() => expect(called('firstLook')).toHaveLength(1));
  // Images with classes stay on their screen.
  expect(location.hash).toBe('#/data');
  workspace().comparison.setState({ runs: fakeRuns(false) });
  workspace().dataset.setState(({ images }) => ({ images: images.map((image) => ({ ...image, className: null })) }));
  drag('drop', new File(['x'], 'photos.zip', { type: 'application/zip' }));
  await eventually(() => expect(location.hash).toBe('#/dashboard?tab=map'));
  drag('drop', new File(['x'], 'photos.zip', { type: 'application/zip' }));
  navigate('/settings');
  await new Promise(requestAnimationFrame);
  expect(called('addDropped')).toHaveLength(3);
  expect(called('firstLook')).toHaveLength(2);
  expect(location.hash).toBe('#/settings');
});

test('text that is dragged is none of the app’s business', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/data');
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add('words', 'text/plain');
  const event = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

test('weights of another kind go to Models from any screen, and lines of Python are shown as lines', async () => {
  fillDataset();
  fillModels();
  await mountAt('/dashboard');
  drag('drop', new File(['x'], 'best.pt'));
  expect(called('importWeights')).toMatchObject([[[{ name: 'best.pt' }]]]);
  await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Models'));
  jobs.fail('models', new AppError('weights-refused', 'In Python:\nimport torch\nsave_file()'));
  const words = await eventually(() => byName('[role=alert] p', /In Python/));
  const lines = () => words.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(words).lineHeight);
  await eventually(() => expect(lines()).toBeCloseTo(3, 1));
});

test('an image on the search screen is searched with; weights go to Models', async () => {
  fillDataset();
  fillModels();
  fillSearch();
  await mountAt('/search');
  drag('drop', new File(['x'], 'a.png', { type: 'image/png' }));
  expect(called('searchFile')).toHaveLength(1);
  drag('drop', new File(['x'], 'model.safetensors'), new File(['{}'], 'config.json'));
  expect(called('importWeights')).toMatchObject([[[{ name: 'model.safetensors' }, { name: 'config.json' }]]]);
  await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Models'));
});

test('running work shows on every screen, and its Cancel cancels it', async () => {
  fillDataset();
  fillModels();
  fillJobs();
  const cancel = vi.fn();
  jobs.store.setState(({ running }) => ({ running: running.map((job) => ({ ...job, cancel })) }));
  await mountAt('/settings');
  expect(byName('section', 'Running now').textContent).toContain(
    'Model 2 of 3: Embedding with ResNet-50722 / 1,679 images12 images/s3 min left',
  );
  expect(byName('[role=progressbar]', 'Model 2 of 3: Embedding with ResNet-50').getAttribute('aria-valuenow')).toBe(
    '47',
  );
  byName('button', 'Cancel: Embedding with ResNet-50').click();
  expect(cancel).toHaveBeenCalledOnce();
  // It ends what it is in the middle of first: until then it says so, and cannot be asked again.
  jobs.store.setState(({ running }) => ({ running: running.map((job) => ({ ...job, stopping: true })) }));
  await expect.element(page.getByText('Stopping…').first()).toBeVisible();
  byName('button', 'Stopping: Embedding with ResNet-50').click();
  expect(cancel).toHaveBeenCalledOnce();
  expect(byName('nav a', /^Models/).getAttribute('aria-label')).toBe('Models, running, 41 %');
});

test('on a phone what runs has a line of its own, on the bar at the bottom', async () => {
  await page.viewport(390, 844);
  fillDataset();
  fillModels();
  fillJobs();
  await mountAt('/settings');
  const lines = byName('section', 'Running now');
  const stage = lines.querySelector<HTMLElement>('[title="Model 2 of 3: Embedding with ResNet-50"]');
  const left = [...lines.querySelectorAll('span')].find(({ textContent }) => textContent === '3 min left');
  expect(stage?.clientWidth).toBeGreaterThan(220);
  expect(left?.getBoundingClientRect().top).toBeGreaterThanOrEqual(stage?.getBoundingClientRect().bottom ?? 0);
  expect(document.documentElement.scrollWidth).toBe(document.documentElement.clientWidth);
  const bar = byName('nav', 'Screens').getBoundingClientRect();
  expect(Math.abs(lines.getBoundingClientRect().bottom - bar.top)).toBeLessThanOrEqual(1);
  // The top is the screen's, and the end of the page can be scrolled clear of the lines.
  const top = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
  expect((document.querySelector('main')?.getBoundingClientRect().top ?? 0) - top).toBeLessThan(120);
  window.scrollTo(0, document.documentElement.scrollHeight);
  expect(document.querySelector('main')?.getBoundingClientRect().bottom).toBeLessThanOrEqual(
    lines.getBoundingClientRect().top,
  );
  await page.viewport(1440, 900);
});

test('on a phone the name of what runs is shown whole, however long models are called, and its line is no higher', async () => {
  await page.viewport(390, 844);
  fillDataset();
  fillModels();
  fillJobs();
  const name = 'Embedding with ViT-B/16 CLIP (LAION-2B), with mirror images';
  jobs.store.setState(({ running }) => ({ running: running.slice(0, 1).map((job) => ({ ...job, stage: name })) }));
  await mountAt('/settings');
  const lines = byName('section', 'Running now');
  const stage = lines.querySelector<HTMLElement>(`[title="Model 2 of 3: ${name}"]`) ?? expect.fail('no stage');
  expect(stage.scrollWidth).toBeLessThanOrEqual(stage.clientWidth);
  expect(stage.scrollHeight).toBeLessThanOrEqual(stage.clientHeight + 1);
  const left = [...lines.querySelectorAll('span')].find(({ textContent }) => textContent === '3 min left');
  const [above, below] = [stage.getBoundingClientRect(), left?.getBoundingClientRect()];
  expect(below?.top).toBeGreaterThanOrEqual(above.bottom - 1);
  const line = lines.getBoundingClientRect();
  expect(line.height).toBe(59);
  expect(above.top).toBeGreaterThanOrEqual(line.top);
  expect(below?.bottom).toBeLessThanOrEqual(line.bottom);
  byName('[role=progressbar]', `Model 2 of 3: ${name}`);
  await page.viewport(1440, 900);
});

test('what starts and ends is said politely, ticks are not', async () => {
  fillDataset();
  await mountAt('/data');
  const spoken = (): string => document.querySelector('[aria-live=polite]')?.textContent ?? '';
  fillJobs();
  await eventually(() => expect(spoken()).toContain('Model 2 of 3: Embedding with ResNet-50, 47 %'));
  jobs.store.setState(({ running }) => ({
    running: running.map((job) => ({
      ...job,
      progress: { done: 1000, total: 1679, rate: null, secondsLeft: null },
    })),
  }));
  await eventually(() => expect(document.body.textContent).toContain('1,000 / 1,679 images'));
  expect(spoken()).toContain('47 %');
  jobs.store.setState({ running: [] });
  await eventually(() => expect(spoken()).toBe('Embedding with ResNet-50: ended; Downloading ViT-B/16: ended'));
});

test('a failure stands on its screen alone, until it is dismissed', async () => {
  fillDataset();
  fillModels();
  fillFailures();
  await mountAt('/models');
  expect(document.querySelectorAll('[role=alert]')).toHaveLength(1);
  const failures = jobs.store.getState().failures.length;
  byName('button', 'Dismiss this message').click();
  await eventually(() => expect(document.querySelectorAll('[role=alert]')).toHaveLength(0));
  expect(jobs.store.getState().failures).toHaveLength(failures - 1);
  expect(byName('nav a', /^Data/).getAttribute('aria-label')).toBe('Data, needs attention');
});

/**
 * A job has failed for want of files, and its button is pressed: `choose` happens while the file dialog is open. Resolves to
 * what goes on with the job, once all that follows the choice has run.
 */
async function pressedForWantOfFiles(choose: () => void) {
  fillDataset();
  fillModels();
  const again = vi.fn();
  jobs.store.setState({ failures: [] });
  jobs.fail('models', new AppError('files-gone', 'The files cannot be read any more.'), { label: 'Go on', run: again });
  workspace().dataset.setState({ files: 'gone' });
  await mountAt('/models');
  const picked = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (this: HTMLInputElement) {
    choose();
    this.dispatchEvent(new Event('cancel'));
  });
  onTestFinished(() => picked.mockRestore());
  (await eventually(() => byName('main button', 'Choose folder and continue'))).click();
  await eventually(() => expect(picked).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve));
  return again;
}

test('after a failure for want of files the folder is asked for first, then the job goes on', async () => {
  const again = await pressedForWantOfFiles(() => {});
  expect(again).not.toHaveBeenCalled();
  // Opened again elsewhere, nothing has to be chosen any more.
  workspace().dataset.setState({ files: 'here' });
  (await eventually(() => byName('main button', 'Go on'))).click();
  await eventually(() => expect(again).toHaveBeenCalled());
  expect(document.querySelectorAll('main [role=alert]')).toHaveLength(0);
});

test('a job does not go on where another folder is chosen than the one that it reads', async () => {
  const again = await pressedForWantOfFiles(() => {
    replaceWorkspace(createWorkspace(workspace()));
    workspace().dataset.setState({ files: 'here' });
  });
  expect(again).not.toHaveBeenCalled();
});

test('what was interrupted is said on every screen, with one button that goes on and one that leaves it', async () => {
  fillDataset();
  fillModels();
  fillNotices();
  await mountAt('/settings');
  const notice = byName('section', 'Interrupted work');
  expect(notice.textContent).toContain('Interrupted: embedding with ResNet-50.');
  byName('button', 'Continue').click();
  expect(called('continueInterrupted')).toHaveLength(1);
  await eventually(() => expect(document.querySelector('[aria-label="Interrupted work"]')).toBeNull());
  fillNotices();
  (await eventually(() => byName('button', 'Leave it'))).click();
  expect(called('forgetInterrupted')).toHaveLength(1);
});

test('of models that were to be embedded, those that are embedded are not named as interrupted', async () => {
  fillDataset();
  fillModels();
  const job = { kind: 'embed', datasetId: 'd1', weightsIds: [RESNET, EFFICIENTNET] } as const;
  const progress = { done: 312, total: 849, unit: 'images' };
  jobs.interrupted.store.setState({ jobs: [{ job, stage: '', progress, startedAt: 0, needsInput: false }] });
  await mountAt('/settings');
  expect(byName('section', 'Interrupted work').textContent).toContain(
    'Interrupted: embedding with EfficientNet-B0, 0 / 1,679 images.',
  );
});

test('while the browser asks whether the folder may be read, that is said, and the button is busy', async () => {
  fillDataset();
  workspace().dataset.setState({ files: 'locked', asking: true });
  fillNotices();
  await mountAt('/settings');
  expect(byName('section', 'Interrupted work').textContent).toContain(
    'The browser asks whether the folder may be read',
  );
  expect(byName('button', 'Continue').dataset['loading']).toBe('true');
  workspace().dataset.setState({ asking: false });
  await eventually(() => expect(byName('button', 'Continue').dataset['loading']).toBeUndefined());
  expect(byName('section', 'Interrupted work').textContent).not.toContain('The browser asks');
});

test('where the files are gone, going on begins with choosing their folder', async () => {
  fillDataset();
  workspace().dataset.setState({ files: 'gone' });
  fillNotices(true);
  await mountAt('/models');
  expect(byName('section', 'Interrupted work').textContent).toContain(
    'cannot read the files by itself: open the folder again',
  );
  byName('button', 'Choose folder and continue');
});

test('work of another tab is shown with its progress, and can be taken over', async () => {
  fillDataset();
  fillNotices();
  await mountAt('/settings');
  const notice = byName('section', 'Work in another tab');
  expect(notice.textContent).toContain('Train the head of ResNet-50: 12 / 100 epochs, 44 s left.');
  byName('button', 'Take over').click();
  expect(called('takeOver')).toHaveLength(1);
});

test('an unknown address leads home, and the skip link to the content', async () => {
  fillDataset();
  await mountAt('/nowhere');
  await eventually(() => expect(location.hash).toBe('#/data'));
  byName('button', 'Skip to the content').click();
  expect(document.activeElement?.id).toBe('content');
});

test('under 640 px nothing is wider than the window', async () => {
  await page.viewport(390, 844);
  fillDataset();
  fillModels();
  fillComparison('running');
  fillSearch();
  fillSettings();
  for (const path of ['/data', '/models', '/comparison', '/search', '/settings']) {
    await mountAt(path);
    expect(document.documentElement.scrollWidth, path).toBe(document.documentElement.clientWidth);
    unmount();
    fillDataset();
    fillModels();
    fillComparison('running');
    fillSearch();
    fillSettings();
  }
});

test('another screen begins at its top', async () => {
  fillDataset();
  fillModels();
  await mountAt('/models');
  await eventually(() => expect(document.documentElement.scrollHeight).toBeGreaterThan(innerHeight + 200));
  scrollTo({ top: 200 });
  expect(scrollY).toBe(200);
  byName('a', /^Data/).click();
  await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Data'));
  expect(scrollY).toBe(0);
});

test('where there is no room, an unfinished download is offered for deletion', async () => {
  fillDataset();
  fillModels();
  await mountAt('/comparison');
  const full = { kind: 'full', message: 'There is no room.' } as const;
  storageTroubleStore.setState({ trouble: full });
  onTestFinished(() => storageTroubleStore.setState({ trouble: null }));
  const offer = await eventually(() => byName('button', /^Delete the unfinished download of EfficientNet-B0 \(12/));
  offer.click();
  expect(called('deleteStored')).toEqual([['weights', 'efficientnet_b0.ra_in1k']]);
});

test('data sets of one name are told apart by when they were opened', async () => {
  fillDataset();
  datasetListStore.setState(({ datasets }) => ({
    datasets: [
      ...datasets,
      { id: 'd3', name: 'groceries', images: 30, createdAt: Date.UTC(2026, 10, 28, 12) },
      { id: 'd4', name: 'groceries', images: 30, createdAt: Date.UTC(2026, 10, 27, 12) },
    ],
  }));
  await mountAt('/data');
  byName('button', /^Data set: /).click();
  const choices = () =>
    [...document.querySelectorAll('[role=menuitem]')].flatMap(({ textContent }) =>
      textContent.includes('groceries') ? [textContent] : [],
    );
  await eventually(() => expect(choices()).toHaveLength(3));
  expect(new Set(choices()).size).toBe(3);
  expect(choices()[1]).toMatch(/opened .*28.*, 30$/);
  expect(
    [...document.querySelectorAll('[role=menuitem]')].some((item) => /Holiday.*opened/.test(item.textContent)),
  ).toBe(false);
});

test('a menu opened by a key gives the focus to its first item', async () => {
  fillDataset();
  await mountAt('/data');
  byName('button', /^Data set: /).focus();
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(document.activeElement).toBe(document.querySelector('[role=menuitem]')));
  await userEvent.keyboard('{Escape}');
  await eventually(() => expect(document.activeElement).toBe(byName('button', /^Data set: /)));
});

test('a notice that goes with the button that was pressed leaves the focus at its place', async () => {
  fillDataset();
  fillModels();
  await mountAt('/models');
  jobs.store.setState({
    failures: ['It ended.', 'This ended too.'].map((message, id) => {
      return { id, screen: 'models', tone: 'wrong', message, remedy: null } as const;
    }),
  });
  const dismiss = () => byName('button', 'Dismiss this message');
  (await eventually(dismiss)).focus();
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(document.querySelectorAll('[aria-label="Dismiss this message"]')).toHaveLength(1));
  await eventually(() => expect(document.activeElement).toBe(dismiss()));
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(document.querySelector('[aria-label="Dismiss this message"]')).toBeNull());
  await eventually(() => expect(document.querySelector('main')?.contains(document.activeElement)).toBe(true));
});
