import type { Architecture } from './architecture.ts';
import { CONVNEXTS } from './convnext.ts';
import { EFFICIENTNETS } from './efficientnet.ts';
import { RESNETS } from './resnet.ts';
import { VISION_TRANSFORMERS } from './vit.ts';

const SPECS = { ...RESNETS, ...EFFICIENTNETS, ...CONVNEXTS, ...VISION_TRANSFORMERS };

/** timm's name of an architecture that has a network here. */
export type ArchitectureName = keyof typeof SPECS;

/** Everything that is known of the architectures without their weights. A new size is one more entry of its family's file. */
export const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = SPECS;

export function isArchitecture(name: unknown): name is ArchitectureName {
  return typeof name === 'string' && Object.hasOwn(ARCHITECTURES, name);
}

/** In the order of the specs. */
export const ARCHITECTURE_NAMES: readonly ArchitectureName[] = Object.keys(ARCHITECTURES).filter(isArchitecture);
