import { quoted } from '../errors.ts';
import { numeral } from '../numerals.ts';
import type { Architecture, Network } from './specs/architecture.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from './specs/architectures.ts';

/** What files are called by that hold weights of a family, and of no other. */
const FAMILIES: Readonly<Record<Network['family'], readonly string[]>> = {
  resnet: ['resnet'],
  efficientnet: ['efficientnet', 'mobilenet'],
  convnext: ['convnext'],
  vit: ['vit', 'deit', 'dinov2', 'siglip'],
};

const FAMILY_LABELS: Readonly<Record<Network['family'], string>> = {
  resnet: 'ResNet',
  efficientnet: 'EfficientNet',
  convnext: 'ConvNeXt',
  vit: 'ViT',
};

/** "resnet50", "ResNet-50" and "resnet_50" alike, and no part of a longer word: "seresnet50" is another network. */
const wordPattern = (name: string): RegExp => {
  const parts = name.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  return new RegExp(`(?<![a-z0-9])${parts.join('[^a-z0-9]*')}(?![a-z0-9])`);
};

/** The architecture that a file is called by, the most telling one; null where there is none, or several that are no part of each other. */
function architectureIn(text: string): Architecture | null {
  const found = ARCHITECTURE_NAMES.flatMap((name) => {
    const { label } = ARCHITECTURES[name];
    const [match] = wordPattern(name).exec(text) ?? wordPattern(label).exec(text) ?? [];
    return match === undefined ? [] : [{ architecture: ARCHITECTURES[name], match }];
  }).sort((a, b) => b.match.length - a.match.length);
  const [longest, ...others] = found;
  return longest && others.every(({ match }) => longest.match.includes(match)) ? longest.architecture : null;
}

function familyIn(text: string): Network['family'] | null {
  const found = (['resnet', 'efficientnet', 'convnext', 'vit'] as const).filter((family) =>
    FAMILIES[family].some((word) => new RegExp(`(?<![a-z])${word}(?![a-z])`).test(text)),
  );
  const [only, ...others] = found;
  return only !== undefined && others.length === 0 ? only : null;
}

/** What a file of vectors is called by, where they have another size than its features, as a sentence; null where nothing contradicts it. */
export function vectorsContradiction(name: string, dimensions: number): string | null {
  const named = architectureIn(name.toLowerCase());
  if (!named || named.features === dimensions) return null;
  return `${quoted(name)} names ${named.label}, whose features are ${numeral(named.features)} numbers an image; these vectors have ${numeral(dimensions)}. They are used as they are.`;
}

/** What a file of weights is called by, where its tensors are another network's, as a sentence; null where nothing contradicts it. */
export function weightsContradiction(path: string, architecture: ArchitectureName): string | null {
  const { label, features, network } = ARCHITECTURES[architecture];
  const text = path.toLowerCase();
  const named = architectureIn(text);
  const family = named?.network.family ?? familyIn(text);
  const isSame =
    family === null ||
    (family === network.family &&
      (named === null || (named.features === features && depthOf(named.network) === depthOf(network))));
  if (isSame) return null;
  return `${quoted(path)} names ${named?.label ?? FAMILY_LABELS[family]}, but its tensors are those of ${label}: it is used as that.`;
}

const depthOf = (network: Network): string => ('depths' in network ? network.depths.join() : String(network.depth));
