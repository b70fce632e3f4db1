import { describe, expect, test } from 'vitest';
import { type Dropped, dropSentence, planDrop } from '../../../src/ui/frame/DropTarget.tsx';

const folder: Dropped = { name: 'photos', type: '', isDirectory: true };
const file = (name: string, type = ''): Dropped => ({ name, type, isDirectory: false });
const photo = file('a.jpg', 'image/jpeg');

describe('what a drop does', () => {
  test.each([
    [[folder], 'search', true, 'dataset'],
    [[file('photos.ZIP')], 'search', true, 'dataset'],
    [[file('kinds.likeness.zip')], 'search', true, 'import'],
    [[file('kinds.likeness (1).zip', 'application/zip')], 'data', false, 'import'],
    [[file('my likeness.zip')], 'data', false, 'dataset'],
    [[file('kinds.likeness.zip'), photo], 'data', false, 'dataset'],
    [[photo], 'search', true, 'query'],
    [[photo], 'search', false, 'dataset'],
    [[photo], 'data', true, 'dataset'],
    [[photo, photo], 'search', true, 'dataset'],
    [[file('model.safetensors'), file('config.json', 'application/json')], 'data', true, 'weights'],
    [[file('best.pt', 'application/zip')], 'search', true, 'weights'],
    [[file('old.PTH.tar')], 'data', false, 'weights'],
    [[file('resnet50.onnx')], 'comparison', true, 'weights'],
    [[file('net.engine')], 'data', true, 'weights'],
    [[file('Net.mlmodel')], 'data', false, 'weights'],
    [[file('pytorch_model.bin'), file('config.json', 'application/json')], 'dashboard', true, 'weights'],
    [[file('head.safetensors')], 'comparison', true, 'head'],
    [[file('photos.tar')], 'search', true, 'query'],
    [[folder, file('model.safetensors')], 'models', true, 'dataset'],
    [[file('mine.npy'), file('mine.json', 'application/json')], 'data', true, 'vectors'],
    [[file('mine.PARQUET')], 'search', true, 'vectors'],
    [[file('mine.parquet')], 'data', false, 'vectors'],
    [[file('ground_truth.json', 'application/json')], 'data', true, 'ground-truth'],
    [[file('train.txt', 'text/plain')], 'data', true, 'ground-truth'],
    [[file('metadata.jsonl', '')], 'data', true, 'ground-truth'],
    [[file('ground_truth.json', 'application/json')], 'data', false, 'dataset'],
    // A file that says it is no image is tried all the same: its name and type may be wrong.
    [[file('photo')], 'search', true, 'query'],
  ] as const)('%j on %s (data set: %s) is %s', (dropped, screen, hasDataset, plan) => {
    expect(planDrop(dropped, screen, hasDataset)).toBe(plan);
  });

  test('what is said before agrees with what is done, as far as the types tell', () => {
    expect(dropSentence(['image/png'], 'search', true)).toBe('Drop the image to search with it');
    expect(dropSentence(['image/png'], 'data', true)).toBe('Drop to open this image as a data set');
    expect(dropSentence(['image/png', 'image/jpeg'], 'search', true)).toBe('Drop to open these 2 images as a data set');
    expect(dropSentence(['application/zip'], 'search', true)).toBe('Drop the zip to open it as a data set');
    expect(dropSentence([''], 'data', false)).toBe('Drop a folder to open it as a data set');
    expect(dropSentence([''], 'models', true)).toContain('.safetensors');
    expect(dropSentence([], 'search', true)).toContain('image');
  });
});
