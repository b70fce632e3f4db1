import type { Preprocessing, Weights } from '../types.ts';
import { COLOUR_GRADIENT } from './colour-gradient.ts';

/** Vectors that a user brought: a model without a network, which is known by what it was read from alone. */
export interface OwnVectors {
  /** For people. */
  readonly name: string;
  /** Hash of all that it was read from, lower-case hex. */
  readonly sha256: string;
  readonly dimensions: number;
}

/** Most numbers an image: more than any network's features have, and fewer than the pixels of a picture. */
export const MOST_DIMENSIONS = 8192;
const MOST_NAME = 120;

const KEY = /^own-vectors@([0-9a-f]{64})\/(\d{1,4})\/(.{1,120})$/su;

/** The features key of such vectors. It tells all there is to know of them, so that nothing beside the vectors is stored. */
export const ownVectorsKey = ({ name, sha256, dimensions }: OwnVectors): string =>
  `own-vectors@${sha256}/${dimensions}/${[...name].slice(0, MOST_NAME).join('')}`;

/** What a features key tells; null of any other model's. */
export function parseOwnVectors(key: string): OwnVectors | null {
  const [, sha256, digits, name] = KEY.exec(key) ?? [];
  const dimensions = Number(digits);
  if (sha256 === undefined || name === undefined || dimensions < 1 || dimensions > MOST_DIMENSIONS) return null;
  return { name, sha256, dimensions };
}

/** As a row of the models screen. */
export const ownWeights = ({ name, sha256, dimensions }: OwnVectors): Weights => ({
  id: `own-vectors.${sha256.slice(0, 16)}`,
  architecture: 'own-vectors',
  label: name,
  summary: 'vectors that you imported',
  features: dimensions,
  bytes: 0,
  licence: null,
  origin: 'own',
  repository: null,
  revision: null,
});

/** Nothing is known of how their images were prepared, and nothing is prepared for them here. */
export const OWN_PREPROCESSING: Preprocessing = COLOUR_GRADIENT.preprocessing;
