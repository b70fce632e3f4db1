/** ViT and DeiT as ONNX graphs, in the operations that PyTorch's exporter writes. */
import { type Construction, shapeOf } from './convolution.ts';

const PATCH = 16;
const TOKENS = 197;
const HEAD_WIDTH = 64;
const EPSILON = 1e-6;

export async function vit(construction: Construction): Promise<string> {
  const { graph, source, images } = construction;
  const [width = 0] = shapeOf(source, 'patch_embed.proj.weight');
  const filter = graph.floats(await source.read('patch_embed.proj.weight'), [width, 3, PATCH, PATCH]);
  const bias = graph.floats(await source.read('patch_embed.proj.bias'), [width]);
  const patches = graph.node('Conv', [graph.input, filter, bias], {
    kernel_shape: [PATCH, PATCH],
    strides: [PATCH, PATCH],
  });
  const rows = graph.node('Reshape', [patches, graph.integers([images, width, TOKENS - 1])]);
  const token = await source.read('cls_token');
  const tokens = new Float32Array(images * width).map((_, i) => token[i % width] ?? 0);
  const joined = graph.node(
    'Concat',
    [graph.floats(tokens, [images, 1, width]), graph.node('Transpose', [rows], { perm: [0, 2, 1] })],
    { axis: 1 },
  );
  let x = graph.node('Add', [joined, graph.floats(await source.read('pos_embed'), [1, TOKENS, width])]);
  for (let index = 0; source.shape(`blocks.${index}.norm1.weight`); index++) {
    const name = `blocks.${index}`;
    const normed = await layerNorm(construction, x, `${name}.norm1`);
    x = graph.node('Add', [x, await attention(construction, normed, `${name}.attn`)]);
    const hidden = await linear(construction, await layerNorm(construction, x, `${name}.norm2`), `${name}.mlp.fc1`);
    x = graph.node('Add', [x, await linear(construction, gelu(construction, hidden), `${name}.mlp.fc2`)]);
  }
  const classTokens = slice(construction, await layerNorm(construction, x, 'norm'), 1, 0, 1);
  return graph.node('Reshape', [classTokens, graph.integers([images, width])]);
}

async function attention(construction: Construction, x: string, name: string): Promise<string> {
  const { graph, source, images } = construction;
  const [, width = 0] = shapeOf(source, `${name}.qkv.weight`);
  const heads = width / HEAD_WIDTH;
  const qkv = await linear(construction, x, `${name}.qkv`);
  const split = (part: number, perm: readonly number[]) => {
    const own = slice(construction, qkv, 2, part * width, (part + 1) * width);
    const byHead = graph.node('Reshape', [own, graph.integers([images, TOKENS, heads, HEAD_WIDTH])]);
    return graph.node('Transpose', [byHead], { perm });
  };
  const query = graph.node('Mul', [split(0, [0, 2, 1, 3]), graph.number(1 / Math.sqrt(HEAD_WIDTH))]);
  const scores = graph.node('Softmax', [graph.node('MatMul', [query, split(1, [0, 2, 3, 1])])], { axis: -1 });
  const gathered = graph.node('MatMul', [scores, split(2, [0, 2, 1, 3])]);
  const together = graph.node('Transpose', [gathered], { perm: [0, 2, 1, 3] });
  const flat = graph.node('Reshape', [together, graph.integers([images, TOKENS, width])]);
  return linear(construction, flat, `${name}.proj`);
}

async function linear({ graph, source }: Construction, x: string, name: string): Promise<string> {
  const [outputs = 0, inputs = 0] = shapeOf(source, `${name}.weight`);
  const weight = await source.read(`${name}.weight`);
  const turned = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) turned[i * outputs + o] = weight[o * inputs + i] ?? 0;
  }
  const product = graph.node('MatMul', [x, graph.floats(turned, [inputs, outputs])]);
  return graph.node('Add', [product, graph.floats(await source.read(`${name}.bias`), [outputs])]);
}

async function layerNorm({ graph, source }: Construction, x: string, name: string): Promise<string> {
  const shape = shapeOf(source, `${name}.weight`);
  const scale = graph.floats(await source.read(`${name}.weight`), shape);
  const shift = graph.floats(await source.read(`${name}.bias`), shape);
  return graph.node('LayerNormalization', [x, scale, shift], { axis: -1, epsilon: { float: EPSILON } });
}

/** x · (1 + erf(x / √2)) / 2 */
function gelu({ graph }: Construction, x: string): string {
  const erf = graph.node('Erf', [graph.node('Div', [x, graph.number(Math.SQRT2)])]);
  return graph.node('Mul', [graph.node('Mul', [x, graph.node('Add', [erf, graph.number(1)])]), graph.number(0.5)]);
}

function slice({ graph }: Construction, x: string, axis: number, begin: number, end: number): string {
  return graph.node('Slice', [x, graph.integers([begin]), graph.integers([end]), graph.integers([axis])]);
}
