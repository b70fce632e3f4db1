import { cropInto, framed, isFrame } from '../data/crop.ts';
import { failureKind, refuseLargeFile, withDecoded } from '../data/decode.ts';
import { sha256 } from '../data/file-bytes.ts';
import { LABELLED_SPLITS } from '../data/ground-truth.ts';
import { knownNames } from '../data/known-names.ts';
import { mapAhead } from '../data/lanes.ts';
import { placeLabels } from '../data/place-labels.ts';
import { labelSteps, readGroundTruth } from '../data/read-labels.ts';
import { plainResample, type Resample } from '../data/resample.ts';
import { fetchSimdResample } from '../data/resample-simd.ts';
import { pixelsOverWhite, type ThumbnailType, thumbnail } from '../data/white-canvas.ts';
import { AppError, toAppError } from '../errors.ts';
import { beat } from './beat.ts';
import type { CropSettings, ImageWorker, ReadOutcome } from './protocol.ts';
import { move, serve } from './serve.ts';
import { controlledBy, stepper } from './steps.ts';

/** One image being resampled and two being decoded meanwhile. */
const AT_ONCE = 3;

/** Pixels of a photo for one of its thumbnail, along a side, with which decoding it smaller does not show. */
const ENOUGH = 2.5;

async function readFile(file: Blob, thumbnailSide: number, type?: ThumbnailType): Promise<ReadOutcome> {
  let hash: string | null = null;
  try {
    refuseLargeFile(file);
    hash = await sha256(file);
    beat();
    const known = hash;
    return await withDecoded(
      file,
      async (bitmap, { width, height }) => {
        return { ok: true, hash: known, width, height, thumbnail: await thumbnail(bitmap, thumbnailSide, type) };
      },
      ENOUGH * thumbnailSide,
    );
  } catch (error) {
    const failure = toAppError(error);
    return { ok: false, hash, kind: failureKind(file, failure), reason: failure.message };
  } finally {
    beat();
  }
}

/** Fetched with the first crop; without it all is the same, and slower. */
let fetching: Promise<Resample> | null = null;

function fastestResample(): Promise<Resample> {
  fetching ??= fetchSimdResample()
    .catch(() => null)
    .then((fast) => fast ?? plainResample);
  return fetching;
}

const api: ImageWorker = {
  read: (files, thumbnailSide, type) => mapAhead(files, AT_ONCE, (file) => readFile(file, thumbnailSide, type)),

  async crops(files, settings) {
    checkSettings(settings);
    const imageLength = settings.size * settings.size * 3;
    const pixels = new Uint8Array(files.length * imageLength);
    const out = new Uint8ClampedArray(pixels.buffer);
    const resample = await fastestResample();
    const failures = await mapAhead(files, AT_ONCE, async (file, index) => {
      try {
        // Decoded whole: features of a photo that was decoded smaller would differ from PyTorch's.
        await withDecoded(file, (bitmap) => {
          const source = pixelsOverWhite(bitmap);
          const part = settings.frame ? framed(source, settings.frame) : source;
          cropInto(part, settings, out, index * imageLength, resample);
        });
        return null;
      } catch (error) {
        return toAppError(error).message;
      } finally {
        beat();
      }
    });
    return move({ pixels, failures }, pixels.buffer);
  },

  async labels(file, name, paths, linked, control) {
    return controlledBy(control, async ({ signal, report }) => {
      const { text, guessed } = await readGroundTruth(file, { signal, report });
      const steps = await labelSteps(text, name, linked, knownNames(paths));
      const truth = placeLabels(await stepper([signal], report).steps(steps), name, paths);
      return move({ truth, guessed }, ...LABELLED_SPLITS.map((split) => truth.labels[split].codes.buffer));
    });
  },
};

function checkSettings({ size, cropPct, frame }: CropSettings): void {
  if (frame && !isFrame(frame)) throw new AppError('bad-argument', 'The crop frame does not lie in the image.');
  if (!Number.isInteger(size) || size < 1 || !(cropPct > 0) || Math.floor(size / cropPct) < 1) {
    throw new AppError('bad-argument', `No image can be cropped to ${size} pixels at a crop share of ${cropPct}.`);
  }
}

serve(api);
