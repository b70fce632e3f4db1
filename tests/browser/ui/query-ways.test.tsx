import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { fillDataset, fillModels, fillSearch } from './fake-state.ts';
import { byName, called, eventually, mountAt, press, unmount } from './mount.tsx';

afterEach(() => {
  unmount();
  vi.restoreAllMocks();
});

const frame = () => byName('[role=application]', /^Crop frame/);

async function mountAnswered(address = '/search'): Promise<void> {
  await page.viewport(1280, 800);
  fillDataset();
  fillModels();
  fillSearch();
  await mountAt(address);
  await eventually(() => byName('button', 'Search with a part'));
  await eventually(() => byName('button', /^Rank 10,/));
}

/** The frame comes when it is asked for, and has the focus then. */
async function askForFrame(): Promise<void> {
  expect(document.querySelector('[role=application]')).toBeNull();
  const button = byName('button', 'Search with a part');
  button.focus();
  button.click();
  await eventually(() => expect(document.activeElement).toBe(frame()));
}

function drag(target: Element, from: readonly [number, number], to: readonly [number, number]): void {
  const at = ([clientX, clientY]: readonly [number, number]) => ({ clientX, clientY, bubbles: true, pointerId: 1 });
  // A synthetic pointer cannot be captured; a real one is in the end-to-end test.
  vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => {});
  target.dispatchEvent(new PointerEvent('pointerdown', { ...at(from), button: 0 }));
  frame().dispatchEvent(new PointerEvent('pointermove', at(to)));
  frame().dispatchEvent(new PointerEvent('pointerup', at(to)));
}

test('the crop frame is dragged by a corner, searched with once it rests, written into the address, and reset', async () => {
  await mountAnswered();
  await askForFrame();
  const picture = frame().getBoundingClientRect();
  const corner = frame().querySelector('[data-handle=bottomRight]');
  if (corner === null) throw new Error('The frame has no corner.');
  drag(corner, [picture.right - 2, picture.bottom - 2], [picture.right - 2 - picture.width / 2, picture.bottom - 2]);
  // Drawn at once, searched with later.
  await eventually(() => expect(frame().getBoundingClientRect().width).toBeCloseTo(picture.width / 2, 0));
  expect(called('cropQuery')).toEqual([]);
  await eventually(() => expect(called('cropQuery')).toHaveLength(1));
  expect(workspace().search.getState().query?.crop?.width).toBeCloseTo(0.5);
  await eventually(() => expect(location.hash).toContain('crop=0%2C0%2C0.5%2C1'));
  await eventually(() =>
    byName('[role=status]', '50 % of the width and 100 % of the height, 0 % from the left and 0 % from the top'),
  );

  // Its inside moves it, no further than the picture goes.
  drag(frame(), [picture.left + 5, picture.top + 50], [picture.right + 500, picture.top + 50]);
  await eventually(() => expect(called('cropQuery')).toHaveLength(2));
  expect(workspace().search.getState().query?.crop?.x).toBeCloseTo(0.5);

  byName('button', 'Whole image').click();
  await eventually(() => expect(workspace().search.getState().query?.crop).toBeNull());
  await eventually(() => expect(document.querySelector('[role=application]')).toBeNull());
  await eventually(() => expect(location.hash).not.toContain('crop='));
});

test('by keyboard: Shift and arrows resize, arrows move, Escape takes the whole image, then closes the frame, and then goes back', async () => {
  await mountAnswered();
  const before = workspace().search.getState().query?.hash;
  await askForFrame();
  const shifted = (key: string) =>
    frame().dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: true, bubbles: true, cancelable: true }));
  for (let presses = 1; presses <= 5; presses += 1) {
    shifted('ArrowLeft');
    await eventually(() => expect(frame().getAttribute('aria-label')).toContain(`${100 - 2 * presses} % of the width`));
  }
  press('ArrowRight');
  await eventually(() => expect(frame().getAttribute('aria-label')).toContain('2 % from the left'));
  // Six presses, one after the other within a moment, are not six searches.
  await eventually(() => expect(workspace().search.getState().query?.crop?.x).toBeCloseTo(0.02));
  expect(called('cropQuery').length).toBeLessThan(6);
  press('Escape');
  await eventually(() => expect(frame().getAttribute('aria-label')).toBe('Crop frame: Whole image'));
  await eventually(() => expect(workspace().search.getState().query?.crop).toBeNull());
  expect(workspace().search.getState().query?.hash).toBe(before);
  // The frame has nothing more to take back: it closes, and the query stays.
  press('Escape');
  await eventually(() => expect(document.querySelector('[role=application]')).toBeNull());
  expect(workspace().search.getState().query?.hash).toBe(before);
  // Escape is the screen’s again.
  press('Escape');
  await eventually(() => expect(workspace().search.getState().query).toBeNull());
});

test('an address with a frame is followed', async () => {
  await mountAnswered();
  const hash = workspace().search.getState().query?.hash;
  location.hash = `#/search?query=${hash}&crop=0.1,0.2,0.5,0.5&model=resnet50.tv_in1k%3Afrozen&k=10`;
  await eventually(() => expect(called('cropQuery')).toEqual([[{ x: 0.1, y: 0.2, width: 0.5, height: 0.5 }]]));
  await eventually(() => expect(frame().getAttribute('aria-label')).toContain('10 % from the left'));
});

test('a neighbour is dragged onto the query and searched with; other things that are dragged are not', async () => {
  await mountAnswered();
  const panel = byName('section', /^Query/);
  const tile = document.querySelectorAll('[aria-label="Nearest gallery images"] li').item(3);
  const dataTransfer = new DataTransfer();
  tile.dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true }));
  const over = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
  panel.dispatchEvent(over);
  expect(over.defaultPrevented).toBe(true);
  await eventually(() => byName('[role=status]', 'Drop to search with this image'));
  panel.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  expect(called('searchHash')).toEqual([[workspace().search.getState().neighbours[3]?.image.hash]]);
  await eventually(() => expect(document.body.textContent).not.toContain('Drop to search with this image'));

  const text = new DataTransfer();
  text.setData('text/plain', 'a'.repeat(64));
  const other = new DragEvent('dragover', { dataTransfer: text, bubbles: true, cancelable: true });
  panel.dispatchEvent(other);
  expect(other.defaultPrevented).toBe(false);
  panel.dispatchEvent(new DragEvent('drop', { dataTransfer: text, bubbles: true, cancelable: true }));
  expect(called('searchHash')).toHaveLength(1);
});

/** A camera that sees one colour. */
function fakeStream(): MediaStream {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [64, 48];
  const context = canvas.getContext('2d');
  const paint = () => {
    if (context === null) return;
    context.fillStyle = 'rgb(0, 128, 255)';
    context.fillRect(0, 0, 64, 48);
  };
  paint();
  const stream = canvas.captureStream(10);
  // A stream has no picture until something is painted again.
  const timer = setInterval(paint, 50);
  stream.getVideoTracks()[0]?.addEventListener('ended', () => clearInterval(timer));
  return stream;
}

test('the camera is asked for on the press alone, its picture searched with, and its tracks stopped', async () => {
  const stream = fakeStream();
  const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockResolvedValue(stream);
  await mountAnswered();
  expect(ask).not.toHaveBeenCalled();
  byName('button', 'Use the camera').click();
  const shutter = await eventually(() => byName('button', 'Take picture'));
  expect(ask.mock.calls[0]?.[0]).toMatchObject({ audio: false });
  expect(document.activeElement).toBe(shutter);
  shutter.click();
  await eventually(() => expect(called('searchFile')).toHaveLength(1));
  const [file] = called('searchFile')[0] ?? [];
  if (!(file instanceof File)) throw new Error('No file was searched with.');
  expect(file.name).toMatch(/^Camera \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.jpg$/);
  const bitmap = await createImageBitmap(file);
  expect([bitmap.width, bitmap.height]).toEqual([64, 48]);
  await eventually(() => expect(stream.getTracks().map((track) => track.readyState)).toEqual(['ended']));
  await eventually(() => expect(document.activeElement).toBe(byName('button', 'Use the camera')));
});

test('Escape and Cancel give the camera back and stay at the query, also when the answer comes late', async () => {
  const streams = [fakeStream(), fakeStream()];
  const given = [...streams];
  let answer = (_: MediaStream) => {};
  vi.spyOn(navigator.mediaDevices, 'getUserMedia')
    .mockImplementationOnce(async () => given.shift() ?? new MediaStream())
    .mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
  await mountAnswered();
  const before = workspace().search.getState().query?.hash;
  byName('button', 'Use the camera').click();
  await eventually(() => byName('button', 'Take picture'));
  press('Escape');
  await eventually(() => expect(streams[0]?.getTracks()[0]?.readyState).toBe('ended'));
  expect(workspace().search.getState().query?.hash).toBe(before);

  (await eventually(() => byName('button', 'Use the camera'))).click();
  (await eventually(() => byName('button', 'Cancel'))).click();
  await eventually(() => byName('button', 'Use the camera'));
  const late = given[0];
  if (late === undefined) throw new Error('The second stream was taken.');
  answer(late);
  await eventually(() => expect(late.getTracks()[0]?.readyState).toBe('ended'));
  expect(called('searchFile')).toEqual([]);
});

test('without a camera a sentence says why, and another try may find one', async () => {
  const refused = Object.assign(new Error('Permission denied'), { name: 'NotAllowedError' });
  const stream = fakeStream();
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(refused).mockResolvedValueOnce(stream);
  await mountAnswered();
  byName('button', 'Use the camera').click();
  const alert = await eventually(() => byName('[role=alert]', /The camera was not allowed/));
  alert.querySelector('button')?.click();
  await eventually(() => byName('button', 'Take picture'));
  byName('button', 'Cancel').click();
  await eventually(() => expect(stream.getTracks()[0]?.readyState).toBe('ended'));

  vi.spyOn(navigator, 'mediaDevices', 'get').mockReturnValue(undefined as never);
  (await eventually(() => byName('button', 'Use the camera'))).click();
  await eventually(() => byName('[role=alert]', /only over https/));
});

test('around the whole image the frame is drawn at its edges, with no square inside that looks like a crop', async () => {
  await mountAnswered();
  await askForFrame();
  const picture = document.querySelector('img[alt^="Query "]')?.getBoundingClientRect();
  const drawn = frame().getBoundingClientRect();
  expect([drawn.left, drawn.top, drawn.width, drawn.height].map(Math.round)).toEqual(
    [picture?.left, picture?.top, picture?.width, picture?.height].map((side) => Math.round(side ?? -1)),
  );
  expect(getComputedStyle(frame()).outlineStyle).not.toBe('none');
  expect(document.querySelector('[title="What the model sees"]')).toBeNull();
});

test('where the file cannot be read a part is not offered, with the reason; the answer stays', async () => {
  await mountAnswered();
  workspace().dataset.setState({ files: 'gone' });
  await eventually(() => expect(document.body.textContent).toContain('its file has to be read: open the folder again'));
  expect(() => byName('button', 'Search with a part')).toThrow();
  byName('button', /^Rank 10,/);
  workspace().dataset.setState({ files: 'here' });
  await eventually(() => byName('button', 'Search with a part'));
});
