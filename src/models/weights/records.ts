import * as v from 'valibot';
import type { CachedWeights } from '../../types.ts';
import { type ArchitectureName, isArchitecture } from '../specs/architectures.ts';
import { preprocessingSchema, sizeChoiceSchema } from '../specs/preprocessing.ts';

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const architecture = v.custom<ArchitectureName>(isArchitecture, 'an architecture that is not known here');

/** meta.json of a complete set of weights: its being there says that the file beside it was verified. */
export const cachedSchema: v.GenericSchema<unknown, CachedWeights> = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  architecture,
  bytes: size,
  sha256: hash,
  preprocessing: preprocessingSchema,
  sizes: v.exactOptional(v.pipe(v.array(sizeChoiceSchema), v.maxLength(10))),
  hub: v.exactOptional(
    v.object({
      repository: v.pipe(v.string(), v.maxLength(200)),
      revision: v.pipe(v.string(), v.maxLength(100)),
      licence: v.nullable(v.pipe(v.string(), v.maxLength(100))),
    }),
  ),
  from: v.pipe(v.string(), v.maxLength(20_000)),
  cachedAt: v.pipe(v.number(), v.finite(), v.minValue(0)),
});

/** Where weights are from that the user brought as a file. */
export const fromFile = (name: string): string => `the file ${name}`;
export const isFromFile = ({ from }: CachedWeights): boolean => from.startsWith(fromFile(''));

/** partial.json of an unfinished download: what the kept bytes are the beginning of. */
export const partialSchema = v.object({
  url: v.string(),
  /** Expected hash of the whole file, null where the server tells none. */
  sha256: v.nullable(hash),
  /** Strong ETag of the answer that the bytes came from. */
  etag: v.nullable(v.string()),
});
export type PartialRecord = v.InferOutput<typeof partialSchema>;

/** One entry of a server's models/index.json. */
export const listedSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^\w[\w.+-]{0,99}$/, 'an id that is no plain folder name')),
  architecture,
  bytes: size,
  sha256: v.nullish(hash, null),
});
export type ListedModel = v.InferOutput<typeof listedSchema>;

export const listingSchema = v.object({ models: v.array(v.unknown()) });

/** The hub's answer to `api/models/<repository>/tree/<revision>`. */
export const treeSchema = v.array(
  v.looseObject({
    type: v.string(),
    path: v.string(),
    size,
    lfs: v.optional(v.looseObject({ oid: hash, size })),
  }),
);

/** A text as a checked record; null where it is not JSON or not of that form. */
export function parseRecord<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
