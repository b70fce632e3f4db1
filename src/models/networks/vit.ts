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
  const { width, depth, heads, patch, classToken, registers, positionedClassToken, normBefore, epsilon } = spec;
  const layers = [
    net.patchEmbedding({
      name: 'patch_embed',
      width,
      patch,
      bias: !normBefore,
      grid: size / patch,
      trainedGrid: spec.grid,
      prefix: [
        ...(classToken ? [{ name: 'cls_token', count: 1 }] : []),
        ...(registers > 0 ? [{ name: 'reg_token', count: registers }] : []),
      ],
      positioned: classToken && positionedClassToken ? 1 : 0,
    }),
  ];
  if (normBefore) layers.push(net.layerNorm({ name: 'norm_pre', epsilon }, width));
  for (let index = 0; index < depth; index++) {
    // Of the last block, only the class token is used.
    const last = index === depth - 1 && spec.pooling === 'token';
    layers.push(block(net, `blocks.${index}`, spec, last));
  }
  const norm = { name: 'norm', epsilon };
  if (spec.pooling === 'token') return net.network([...layers, net.layerNorm(norm, width)]);
  const gather = net.attentionPool('attn_pool', norm, width, heads);
  const mlp = net.mlp({
    name: 'attn_pool.mlp',
    norm: { name: 'attn_pool.norm', epsilon },
    width,
    hidden: EXPANSION * width,
    activation: spec.activation,
    scale: null,
  });
  return net.network([...layers, gather, (x) => mlp(x, x)]);
}

/** Attention and an MLP, each added to its input. */
function block<T>(net: Operations<T>, name: string, spec: VisionTransformer, last: boolean): Layer<T> {
  const { width, heads, epsilon, activation, layerScale } = spec;
  const attend = net.attention({
    name: `${name}.attn`,
    norm: { name: `${name}.norm1`, epsilon },
    width,
    heads,
    ...(last ? { queries: 1 } : {}),
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
  const asking: Layer<T> = last ? net.firstTokens(1) : (x) => x;
  return (x) => {
    const attended = attend(x, asking(x));
    return mlp(attended, attended);
  };
}
