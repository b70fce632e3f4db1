import { describe, expect, it } from 'vitest';
import { inPlaceOfImage, recogniseFormat } from '../../../src/data/image-format.ts';

const name = (latin1: string) => recogniseFormat(Uint8Array.from(latin1, (c) => c.charCodeAt(0)))?.name ?? null;

describe('recogniseFormat', () => {
  it.each([
    ['\xff\xd8\xff\xe0rest', 'JPEG'],
    ['\x89PNG\r\n\x1a\n', 'PNG'],
    ['GIF89a', 'GIF'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'WebP'],
    ['\0\0\0\x1cftypavif\0\0\0\0mif1', 'AVIF'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1avif', 'AVIF'],
    ['\0\0\0\x18ftypMA1B\0\0\0\0miafavif', 'AVIF'],
    [`\0\0\x01\0\x01\0${'\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0'}`, 'ICO'],
    [`\0\0\x02\0\x01\0${'\x10\x10\0\0\x01\0\x01\0\x68\x04\0\0\x16\0\0\0'}`, 'ICO'],
    [`BM${'\0'.repeat(12)}\x28\0\0\0`, 'BMP'],
    // Uncompressed, packed, and grey TGA: the first begins as a cursor does.
    [`\0\0\x02\0\0\0\0\0\0\0\0\0\x40\0\x40\0\x18\0`, 'TGA'],
    [`\0\0\x0a\0\0\0\0\0\0\0\0\0\x40\0\x40\0\x20\x28`, 'TGA'],
    [`\0\0\x03\0\0\0\0\0\0\0\0\0\x40\0\x40\0\x08\0`, 'TGA'],
    ['P6\n3 2\n255\n', 'PPM (PNM)'],
    ['P5 # a comment\n3 2 255\n', 'PPM (PNM)'],
    [`${'\0'.repeat(128)}DICM`, 'DICOM'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC'],
    ['II*\0', 'TIFF (or camera raw)'],
    ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'SVG'],
    ['\xef\xbb\xbf<?xml version="1.0"?>\n<!-- by hand -->\n<svg>', 'SVG'],
  ])('%j is %s', (start, expected) => {
    expect(name(start)).toBe(expected);
  });

  it.each([
    '',
    'plain text',
    'BM',
    'BMW, Audi and other words, longer than a header',
    'P1 is a name',
    '\0\0\x02\0\x01\0',
    '<p>not an <svgish thing</p>',
    'RIFF\0\0\0\0WAVEfmt ',
    '\0\0\0\x18ftypisom',
    '\xff\xd8',
  ])('%j is none', (start) => {
    expect(name(start)).toBeNull();
  });
});

it('names a web page or a pointer in place of an image, also one with a drawing in it', () => {
  const head = (text: string) => new TextEncoder().encode(text);
  const page = head('<!DOCTYPE html><html><body><svg viewBox="0 0 1 1"></svg>');
  expect(recogniseFormat(page)).toBeNull();
  expect(inPlaceOfImage(page)).toMatch(/web page/);
  expect(inPlaceOfImage(head('version https://git-lfs.github.com/spec/v1\noid sha256:0'))).toMatch(/git lfs pull/);
  expect(inPlaceOfImage(head('some words'))).toBeNull();
});
