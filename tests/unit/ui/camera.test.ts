import { expect, test } from 'vitest';
import { cameraRefusal, pictureName } from '../../../src/ui/search/camera/camera.ts';

const named = (name: string) => Object.assign(new Error('in the browser’s words'), { name });

test('each way without a camera has its sentence, and each says what to do', () => {
  const sentences = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'OtherError'].map((name) =>
    cameraRefusal(named(name)),
  );
  expect(sentences[0]).toContain('not allowed');
  expect(sentences[1]).toContain('No camera was found');
  expect(sentences[2]).toContain('another program');
  expect(new Set(sentences).size).toBe(4);
  for (const sentence of [...sentences, cameraRefusal('no error at all')]) {
    expect(sentence).toMatch(/try again, or pick an image\.$/i);
    expect(sentence).not.toContain('in the browser’s words');
  }
});

test('a picture is named by when it was taken', () => {
  expect(pictureName(new Date(2024, 4, 3, 14, 7, 31))).toBe('Camera 2024-05-03 14.07.31.jpg');
});
