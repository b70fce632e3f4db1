import { ARCHITECTURES } from '../../../src/models/backbones.ts';
import type { WeightSource } from '../../../src/models/parameters.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import type { Construction } from './convolution.ts';
import { efficientnet, efficientnetB0, resnet, tfEfficientnetV2B0 } from './convolutional.ts';
import { Graph } from './graph.ts';
import { vit } from './transformer.ts';

const NETWORKS: Readonly<Record<ArchitectureName, (construction: Construction) => Promise<string>>> = {
  resnet50: resnet,
  efficientnet_b0: (construction) => efficientnet(construction, efficientnetB0),
  tf_efficientnetv2_b0: (construction) => efficientnet(construction, tfEfficientnetV2B0),
  vit_base_patch16_224: vit,
  deit_tiny_patch16_224: vit,
};

/** A network for a fixed number of images [N, 3, 224, 224] as an ONNX file. */
export async function onnxFile(
  architecture: ArchitectureName,
  source: WeightSource,
  images: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = new Graph();
  const output = await NETWORKS[architecture]({ graph, source, images });
  return graph.file([images, 3, 224, 224], output, [images, ARCHITECTURES[architecture].features]);
}
