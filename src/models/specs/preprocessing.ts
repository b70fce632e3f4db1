import * as v from 'valibot';
import type { Preprocessing } from './architecture.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));

const sizeChoice = {
  size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)),
  cropPct: v.pipe(positive, v.maxValue(1)),
};

export const sizeChoiceSchema = v.strictObject(sizeChoice);

/** A preprocessing as it is stored and handed on in files. */
export const preprocessingSchema: v.GenericSchema<unknown, Preprocessing> = v.strictObject({
  ...sizeChoice,
  cropMode: v.exactOptional(v.picklist(['squash', 'border'])),
  interpolation: v.picklist(['bilinear', 'bicubic']),
  flip: v.exactOptional(v.literal(true)),
  mean: v.strictTuple([finite, finite, finite]),
  std: v.strictTuple([positive, positive, positive]),
});
