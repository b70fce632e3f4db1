import type { Layer } from '../engines/layers.ts';
import { packedLength } from '../engines/wasm/packed.ts';
import type { Network } from '../specs/architecture.ts';
import { ARCHITECTURES, type ArchitectureName } from '../specs/architectures.ts';
import { convnext } from './convnext.ts';
import { efficientnet } from './efficientnet.ts';
import { Operations } from './operations.ts';
import { resnet } from './resnet.ts';
import { vit } from './vit.ts';

/**
 * Declares a network for square images [N, size, size, 3], normalised, in `net`: the layer that makes features of them,
 * D an image.
 */
export function declareNetwork<T>(net: Operations<T>, network: Network, size: number): Layer<T> {
  switch (network.family) {
    case 'resnet':
      return resnet(net, network);
    case 'efficientnet':
      return efficientnet(net, network);
    case 'convnext':
      return convnext(net, network);
    case 'vit':
      return vit(net, network, size);
  }
}

const declared = new Map<ArchitectureName, ReadonlyMap<string, readonly number[]>>();

/** Name and shape of every tensor that a network reads. */
export function tensorsOf(architecture: ArchitectureName): ReadonlyMap<string, readonly number[]> {
  const known = declared.get(architecture);
  if (known) return known;
  const net = new Operations<never>();
  const { network, preprocessing } = ARCHITECTURES[architecture];
  declareNetwork(net, network, preprocessing.size);
  declared.set(architecture, net.tensors);
  return net.tensors;
}

/** Numbers that the network is made of, without a classifier. */
export function parametersOf(architecture: ArchitectureName): number {
  let sum = 0;
  for (const shape of tensorsOf(architecture).values()) sum += shape.reduce((product, side) => product * side, 1);
  return sum;
}

/** Bytes that the network takes on WASM, where some convolutions keep more numbers than they are stored with. */
export function wasmBytesOf(architecture: ArchitectureName): number {
  let numbers = 0;
  for (const shape of tensorsOf(architecture).values()) numbers += packedLength(shape);
  return 4 * numbers;
}
