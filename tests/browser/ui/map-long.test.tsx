import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { showMap } from '../../../src/app/dashboard/draw-map.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { fitted, normalised, type Place, toCanvas } from '../../../src/ui/dashboard/map/view.ts';
import { fillDashboard, fillFeatures } from './fake-dashboard.ts';
import { fillDataset } from './fake-state.ts';
import { byName, called, eventually, mountAt, press, unmount } from './mount.tsx';

afterEach(unmount);

const canvas = (): HTMLElement => byName('canvas', /^Map of /);

async function mountMap(): Promise<void> {
  await page.viewport(1440, 900);
  fillDataset({ counts: { training: 120, query: 40, gallery: 100 } });
  await fillDashboard({ a: 0 });
  await fillFeatures();
  // Drawn before it is shown: nothing moves then.
  await showMap(workspace(), workspace().dashboard.getState().a ?? '');
  await mountAt('/dashboard?tab=map');
  await eventually(canvas);
}

/** Where each point lies on the canvas while all are in sight. */
function places(): Place[] {
  const { layout, images } = workspace().map.getState();
  const size = { width: canvas().clientWidth, height: canvas().clientHeight };
  const frame = { width: Math.max(1, Math.round((4 * size.width) / size.height)) / 4, height: 1 };
  const positions = normalised(layout?.coordinates ?? new Float32Array(), frame);
  const view = fitted(positions, size);
  return images.map((_, i) => toCanvas(view, size, { x: positions[2 * i] ?? 0, y: positions[2 * i + 1] ?? 0 }));
}

function point(type: string, { x, y }: Place, more: PointerEventInit = {}): void {
  const box = canvas().getBoundingClientRect();
  const at = { clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true, cancelable: true };
  canvas().dispatchEvent(new PointerEvent(type, { ...at, ...more }));
}

function drag(through: readonly Place[], more: PointerEventInit = {}): void {
  const [first, ...rest] = through;
  if (first === undefined) return;
  point('pointerdown', first, more);
  for (const place of rest) point('pointermove', place, more);
  point('pointerup', rest.at(-1) ?? first, more);
}

const selected = (): string => byName('h2', /selected$/).textContent;

test('the map of the run shown is asked for, named, and says that neighbours are not computed on it', async () => {
  await mountMap();
  expect(called('showMap')[0]?.[0]).toBe(workspace().dashboard.getState().a);
  expect(canvas().getAttribute('aria-label')).toMatch(/^Map of 260 images, /);
  expect(document.body.textContent).toContain('Neighbours are computed in all 992 dimensions, not on this map');
  expect(document.body.textContent).toContain('UMAP, seed 0.');
  byName('button', 'Another seed').click();
  expect(called('redrawMap')).toEqual([['next-seed']]);
  await eventually(() => expect(document.body.textContent).toContain('UMAP, seed 1.'));
});

test('a lasso selects exactly what lies inside, and only what is shown', async () => {
  await mountMap();
  byName('label', 'Lasso').click();
  await eventually(() => expect(canvas().dataset['lasso']).toBe('true'));
  const { width, height } = canvas().getBoundingClientRect();
  const [left, right, top, bottom] = [width * 0.4, width * 0.62, height * 0.3, height * 0.7];
  const corners = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  const inside = places().flatMap(({ x, y }, i) => (x > left && x < right && y > top && y < bottom ? [i] : []));
  expect(inside.length).toBeGreaterThan(10);
  expect(inside.length).toBeLessThan(250);
  drag(corners);
  await eventually(() => expect(selected()).toBe(`${inside.length} images selected`));
  const { images } = workspace().map.getState();
  const queries = inside.filter((i) => images[i]?.split === 'query');
  byName('label', /^Training/).click();
  byName('label', /^Gallery/).click();
  await eventually(() => expect(document.querySelectorAll('fieldset input:checked')).toHaveLength(1));
  drag(corners);
  await eventually(() => expect(selected()).toBe(`${queries.length} images selected`));
  // The first of them, enlarged among the selected ones, is searched with.
  byName('ul', 'Selected images').querySelector('button')?.click();
  await eventually(() => byName('[role=dialog]', new RegExp(`^Image 1 of ${queries.length}`)));
  press('s');
  const run = new URLSearchParams({ model: workspace().dashboard.getState().a ?? '' });
  await eventually(() => expect(location.hash).toContain(`#/search?query=${images[queries[0] ?? 0]?.hash}&${run}`));
});

test('what is selected is cleared', async () => {
  await mountMap();
  byName('button', /^Select \d+ images of /).click();
  await eventually(() => expect(selected()).toMatch(/^\d+ images selected/));
  byName('button', 'Clear').click();
  await eventually(() => expect(selected()).toBe('Nothing selected'));
});

test('a pointer shows what lies under it; a press selects it, with Shift another', async () => {
  await mountMap();
  const { images } = workspace().map.getState();
  // The farthest out, which no other covers.
  const all = places();
  const far = all.reduce((best, { x }, i) => (x < (all[best]?.x ?? 0) ? i : best), 0);
  const near = all.reduce((best, { x }, i) => (x > (all[best]?.x ?? 0) ? i : best), 0);
  const [one, other] = [all[far], all[near]];
  if (!one || !other) throw new Error('There are no points.');
  point('pointermove', { x: one.x + 3, y: one.y - 2 });
  await eventually(() => expect(byName('[role=status]', /IMG_/).textContent).toContain(images[far]?.className));
  drag([one]);
  await eventually(() => expect(selected()).toBe('1 image selected'));
  drag([other], { shiftKey: true });
  await eventually(() => expect(selected()).toBe('2 images selected'));
  drag([{ x: 1, y: 1 }]);
  await eventually(() => expect(selected()).toBe('Nothing selected'));
});

test('by keyboard: points near the middle are read out and selected, and a class is', async () => {
  await mountMap();
  byName('button', 'Save PNG').focus();
  await userEvent.keyboard('{Tab}');
  expect(document.activeElement).toBe(canvas());
  const told = await eventually(() => byName('[role=status]', /IMG_/).textContent);
  for (let i = 0; i < 8; i++) press('ArrowLeft');
  await eventually(() => expect(byName('[role=status]', /IMG_/).textContent).not.toBe(told));
  press('+');
  press(' ');
  await eventually(() => expect(selected()).toBe('1 image selected'));
  press('Enter');
  const dialog = await eventually(() => byName('[role=dialog]', /^Image [\d,]+ of 260/));
  press('ArrowRight');
  press('Escape');
  await eventually(() => expect(dialog.isConnected).toBe(false));
  await eventually(() => expect(document.activeElement).toBe(canvas()));
  press('Escape');
  await eventually(() => expect(() => byName('[role=status]', /IMG_/)).toThrow());
  const { images } = workspace().map.getState();
  const kiwis = images.filter(({ className }) => className === 'kiwi').length;
  await page.getByLabelText('Find a class').fill('kiw');
  const choose = await eventually(() => byName('button', `Select ${kiwis} images of kiwi`));
  choose.click();
  await eventually(() => expect(selected()).toBe(`${kiwis} images selected`));
  expect(byName('ul', 'Selected images').querySelector('button')?.getAttribute('aria-label')).toMatch(
    /^Enlarge kiwi, Training, IMG_\d+\.jpg$/,
  );
});

test('in a low window, C opens the choice of a class in sight, with the focus in it', async () => {
  await mountMap();
  byName('button', 'Save PNG').focus();
  await userEvent.keyboard('{Tab}');
  await eventually(() => byName('[role=status]', /IMG_/));
  await page.viewport(1280, 600);
  window.scrollTo(0, 0);
  press('c');
  const field = await eventually(() => {
    const dialog = byName('[role=dialog]', /^/);
    expect(dialog.checkVisibility({ visibilityProperty: true })).toBe(true);
    expect(dialog.contains(document.activeElement)).toBe(true);
    return dialog;
  });
  await eventually(() => {
    const { top, bottom } = field.getBoundingClientRect();
    expect(top).toBeGreaterThanOrEqual(0);
    expect(bottom).toBeLessThanOrEqual(window.innerHeight);
  });
});

test('ten classes have a colour; another has to wait until one is unticked', async () => {
  await mountMap();
  const box = (name: string): HTMLInputElement => {
    const row = [...document.querySelectorAll('ul[aria-label="Classes on the map"] li')].find((item) =>
      item.textContent.startsWith(name),
    );
    const input = row?.querySelector('input');
    if (!input) throw new Error(`There is no class ${name}.`);
    return input;
  };
  const list = byName('ul', 'Classes on the map');
  expect(list.querySelectorAll('input:checked').length).toBeGreaterThan(5);
  await page.getByLabelText('Find a class').fill('pear');
  const pear = await eventually(() => box('pear'));
  expect(pear.disabled).toBe(true);
  await page.getByLabelText('Find a class').fill('apple');
  (await eventually(() => box('apple'))).click();
  await page.getByLabelText('Find a class').fill('pear');
  await eventually(() => expect(box('pear').disabled).toBe(false));
  box('pear').click();
  await eventually(() => expect(box('pear').checked).toBe(true));
});

test('clusters are found, in the number that is asked for, and named: their images get a class', async () => {
  await mountMap();
  await page.getByLabelText('Number of clusters').fill('1');
  byName('button', 'Find clusters').click();
  await eventually(() => expect(document.body.textContent).toContain('A whole number from 2 to 100.'));
  expect(called('findClusters')).toEqual([]);
  await page.getByLabelText('Number of clusters').fill('4');
  byName('button', 'Find clusters').click();
  const list = await eventually(() => byName('ul', 'Clusters on the map'));
  expect([...list.querySelectorAll('input')]).toHaveLength(4);
  byName('button', 'Name Cluster 2').click();
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('sea{Enter}');
  const { images, clusters } = workspace().map.getState();
  const second = images.flatMap(({ path }) => (clusters?.of.get(path) === 1 ? [path] : []));
  expect(second.length).toBeGreaterThan(10);
  const [[choice]] = called('decide') as [[{ kind: string; className: string; paths: string[] }]];
  const { runs } = workspace().comparison.getState();
  const label = runs.find(({ id }) => id === workspace().dashboard.getState().a)?.label;
  expect(choice).toMatchObject({ kind: 'class', className: 'sea', clusteredBy: label });
  expect([...choice.paths].sort()).toEqual(second.sort());
  // A single image has been looked at: its label is the user's own.
  const [place] = places();
  if (!place) throw new Error('There is no point.');
  drag([place]);
  await eventually(() => expect(selected()).toBe('1 image selected'));
  byName('button', 'Class…').click();
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('sky{Enter}');
  const [, [own]] = called('decide') as [unknown, [object]];
  expect(own).toMatchObject({ kind: 'class', className: 'sky' });
  expect(own).not.toHaveProperty('clusteredBy');
  byName('button', 'Show classes').click();
  await eventually(() => byName('ul', 'Classes on the map'));
  // Chosen among classes, images are no cluster.
  byName('button', /^Select \d+ images of /).click();
  (await eventually(() => byName('button', 'Class…'))).click();
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('land{Enter}');
  const [, , [third]] = called('decide') as [unknown, unknown, [object]];
  expect(third).toMatchObject({ kind: 'class', className: 'land' });
  expect(third).not.toHaveProperty('clusteredBy');
});

test('the clusters’ field says how many are shown, until another number is typed, and how many may be asked for', async () => {
  await mountMap();
  const field = () => byName('input', 'Number of clusters');
  // As many as are easily distinguished among 260 images, while none are shown.
  expect(field()).toHaveProperty('value', '10');
  const { images } = workspace().map.getState();
  const show = (count: number) => {
    const of = new Map(images.map(({ path }, i) => [path, i % count]));
    workspace().map.setState({ clusters: { runId: workspace().dashboard.getState().a ?? '', count, of } });
  };
  // Clusters of an earlier visit.
  show(6);
  await eventually(() => expect(field()).toHaveProperty('value', '6'));
  show(3);
  await eventually(() => expect(field()).toHaveProperty('value', '3'));
  const typed = page.getByLabelText('Number of clusters');
  await typed.fill('101');
  await eventually(() => expect(field().getAttribute('aria-invalid')).toBe('true'));
  expect(document.body.textContent).toContain('A whole number from 2 to 100.');
  await typed.fill('7');
  await eventually(() => expect(field().getAttribute('aria-invalid')).not.toBe('true'));
  // What is being typed is the user's.
  show(4);
  await eventually(() => expect(byName('ul', 'Clusters on the map').querySelectorAll('input')).toHaveLength(4));
  expect(field()).toHaveProperty('value', '7');
  byName('button', 'Find clusters').click();
  expect(called('findClusters')).toEqual([[7]]);
});

test('a map in the making shows how far it is, and can be stopped and taken up', async () => {
  await mountMap();
  workspace().map.setState({
    status: 'drawing',
    stage: 'neighbours',
    progress: { done: 722, total: 1679, rate: 60, secondsLeft: 16 },
  });
  workspace().map.setState(({ layout }) => ({ layout: layout && { ...layout, method: 'pca', settled: false } }));
  await eventually(() => expect(document.body.textContent).toContain('nearest neighbours: 722 of 1,679, 16 s left.'));
  expect(byName('[role=progressbar]', 'Drawing the map').getAttribute('aria-valuenow')).toBe('43');
  expect(byName('button', 'Another seed')).toHaveProperty('disabled', true);
  byName('button', 'Cancel').click();
  expect(called('cancelMap')).toHaveLength(1);
  workspace().map.setState({ status: 'cancelled', stage: null, progress: null });
  await eventually(() => expect(document.body.textContent).toContain('The map is not finished.'));
  byName('button', 'Draw the map').click();
  expect(called('redrawMap')).toEqual([['same-seed']]);
});

test('the table has every point, and the map can be taken away as a table and as a picture', async () => {
  await mountMap();
  byName('button', 'Save PNG').click();
  const [[picture] = []] = await eventually(() => {
    expect(called('saveMapPicture')).toHaveLength(1);
    return called('saveMapPicture');
  });
  if (!(picture instanceof Blob)) throw new Error('No picture was saved.');
  const { width, height } = await createImageBitmap(picture);
  expect(width).toBe(2000);
  expect(height).toBeGreaterThan(1600);
  byName('label', 'Table').click();
  const table = await eventually(() => byName('table', 'Points of the map'));
  expect(table.getAttribute('aria-rowcount')).toBe('261');
  byName('button', 'Download as CSV').click();
  expect(called('saveMapPoints')).toHaveLength(1);
});

test('another theme, while the map is shown, is another ground', async () => {
  settingsStore.setState({ theme: 'light' });
  await mountMap();
  const corner = (): number => {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    if (context === null) throw new Error('This browser draws on no canvas.');
    for (const drawn of document.querySelectorAll('canvas')) context.drawImage(drawn, 0, 0);
    return context.getImageData(0, 0, 1, 1).data[0] ?? 0;
  };
  await eventually(() => expect(corner()).toBeGreaterThan(240));
  byName('button', 'Use the dark theme').click();
  await eventually(() => expect(corner()).toBeLessThan(40));
  byName('button', 'Use the light theme').click();
  await eventually(() => expect(corner()).toBeGreaterThan(240));
});

test('of a sample it says so', async () => {
  await mountMap();
  workspace().map.setState({ available: 20_830 });
  const sentence = 'A sample of 260 of 20,830 images, drawn by split and class in proportion.';
  await eventually(() => expect(document.body.textContent).toContain(sentence));
});
