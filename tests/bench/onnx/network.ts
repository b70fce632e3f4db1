import { declareNetwork } from '../../../src/models/networks/network.ts';
import { Operations, type WeightSource } from '../../../src/models/networks/operations.ts';
import { ARCHITECTURES } from '../../../src/models/specs/architectures.ts';
import type { ArchitectureName } from '../../../src/types.ts';
import { Graph } from './graph.ts';
import { onnxLayers, type Value } from './layers.ts';

/** A network for a fixed number of images [N, 3, side, side] as an ONNX file: the app's own, on an engine that writes. */
export async function onnxFile(
  architecture: ArchitectureName,
  source: WeightSource,
  images: number,
  side: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { network, features } = ARCHITECTURES[architecture];
  const graph = new Graph();
  const net = new Operations<Value>();
  const forward = declareNetwork(net, network, side);
  await net.load(source, onnxLayers(graph));
  const output = forward({ name: graph.input, shape: [images, side, side, 3], order: 'channels first' });
  const flat = graph.node('Reshape', [output.name, graph.integers([images, features])]);
  return graph.file([images, 3, side, side], flat, [images, features]);
}
