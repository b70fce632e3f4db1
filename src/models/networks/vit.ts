/**
 * Vision Transformer (Dosovitskiy et al. 2021) and its descendants: DeiT, DeiT-III (Touvron et al. 2021, 2022), DINO,
 * DINOv2 (Caron et al. 2021, Oquab et al. 2023), the image towers of CLIP (Radford et al. 2021) and SigLIP (Zhai et al.
 * 2023). After timm's vision_transformer.py.
 */
import type { Layer } from '../engines/layers.ts';
import type { VisionTransformer } from '../specs/architecture.ts';
import type { Operations } from './operations.ts';

/** Hidden units of a block's MLP, as a multiple of the width. */
const EXPANSION = 4;

/** For square images of `size` pixels. */
export function vit<T>(net: Operations<T>, spec: VisionTransformer, size: number): Layer<T> {
  const { width, depth, patch, classToken, distillationToken, registers, positionedClassToken, normBefore } = spec;
  const classTokens = [
    ...(classToken ? [{ name: 'cls_token', count: 1 }] : []),
    ...(distillationToken ? [{ name: 'dist_token', count: 1 }] : []),
  ];
  const layers = [
    net.patchEmbedding({
      name: 'patch_embed',
      width,
      patch,
      bias: !normBefore,
      grid: size / patch,
      trainedGrid: spec.grid,
      prefix: [...classTokens, ...(registers > 0 ? [{ name: 'reg_token', count: registers }] : [])],
      positioned: positionedClassToken ? classTokens.length : 0,
    }),
  ];
  if (normBefore) layers.push(net.layerNorm({ name: 'norm_pre', epsilon: spec.epsilon }, width));
  for (let index = 0; index < depth; index++) {
    // Only the class tokens of the last block are used.
    const asking = index === depth - 1 && spec.pooling === 'token' ? classTokens.length : null;
    layers.push(block(net, `blocks.${index}`, spec, asking));
  }
  return net.network([...layers, ...head(net, spec, classTokens.length)]);
}

/** From the last block's tokens to the features. */
function head<T>(net: Operations<T>, spec: VisionTransformer, classTokens: number): Layer<T>[] {
  const { width, heads, epsilon, activation, registers, pooling, lastNorm } = spec;
  const norm = { name: lastNorm === 'before pooling' ? 'norm' : 'fc_norm', epsilon };
  if (pooling === 'attention') {
    const gather = net.attentionPool('attn_pool', norm, width, heads);
    const mlp = net.mlp({
      name: 'attn_pool.mlp',
      norm: { name: 'attn_pool.norm', epsilon },
      width,
      hidden: EXPANSION * width,
      activation,
      scale: null,
    });
    return [gather, (x) => mlp(x, x)];
  }
  const normalise = net.layerNorm(norm, width);
  if (pooling === 'token' && classTokens === 1) return [normalise];
  const mean = net.meanToken(pooling === 'token' ? 0 : classTokens + registers);
  return lastNorm === 'before pooling' ? [normalise, mean] : [mean, normalise];
}

/** Attention and an MLP, each added to its input. `asking`: how many of the first tokens go on; null for all. */
function block<T>(net: Operations<T>, name: string, spec: VisionTransformer, asking: number | null): Layer<T> {
  const { width, heads, epsilon, activation, qkvBias, layerScale } = spec;
  const attend = net.attention({
    name: `${name}.attn`,
    norm: { name: `${name}.norm1`, epsilon },
    width,
    heads,
    bias: qkvBias,
    queries: asking,
    scale: layerScale ? `${name}.ls1.gamma` : null,
  });
  const mlp = net.mlp({
    name: `${name}.mlp`,
    norm: { name: `${name}.norm2`, epsilon },
    width,
    hidden: EXPANSION * width,
    activation,
    scale: layerScale ? `${name}.ls2.gamma` : null,
  });
  const rest: Layer<T> = asking === null ? (x) => x : net.firstTokens(asking);
  return (x) => {
    const attended = attend(x, rest(x));
    return mlp(attended, attended);
  };
}
