import type { Weights } from '../types.ts';
import { COLOUR_GRADIENT } from './colour-gradient.ts';
import type { PublishedWeights, WeightsGroup } from './specs/architecture.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from './specs/architectures.ts';

/** The one set of weights that needs no download. */
export const COLOUR_GRADIENT_WEIGHTS = 'colour-gradient';

const DESCRIPTOR: Weights = {
  id: COLOUR_GRADIENT_WEIGHTS,
  architecture: 'colour-gradient',
  label: 'Colour and gradient',
  summary: 'classic descriptor, needs no download',
  features: COLOUR_GRADIENT.features,
  bytes: 0,
  licence: null,
  origin: 'built-in',
  repository: null,
  revision: null,
};

/** In this order on the models screen. */
const GROUPS: readonly WeightsGroup[] = ['paper', 'light', 'strong'];

const PUBLISHED = ARCHITECTURE_NAMES.flatMap((architecture) =>
  ARCHITECTURES[architecture].published.map((published) => ({ architecture, published })),
).sort((a, b) => GROUPS.indexOf(a.published.group) - GROUPS.indexOf(b.published.group));

/** The built-in sets of weights, in the order of the models screen. */
export const BACKBONES: readonly Weights[] = [
  ...PUBLISHED.map(({ architecture, published }) => onHub(architecture, published)),
  DESCRIPTOR,
];

/** The group of a built-in set of weights; null for others. */
export function groupOf(weightsId: string): WeightsGroup | null {
  return PUBLISHED.find(({ published }) => published.id === weightsId)?.published.group ?? null;
}

function onHub(architecture: ArchitectureName, published: PublishedWeights): Weights {
  const { label, summary, features } = ARCHITECTURES[architecture];
  const { id, bytes, licence } = published;
  return {
    id,
    architecture,
    label: published.label ?? label,
    summary: published.summary ?? summary,
    features,
    bytes,
    licence,
    origin: 'hub',
    repository: `timm/${id}`,
    revision: 'main',
  };
}
