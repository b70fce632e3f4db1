/** Files of the TensorFlow Embedding Projector: vectors, metadata, sprite, and the configuration that names them. */

/** The projector takes sprites of at most this side, in pixels. */
export const SPRITE_SIDE = 8192;
/** Larger thumbnails do not look better at the size of a point. */
const LARGEST_TILE = 64;

export interface SpriteLayout {
  /** Side of one thumbnail in pixels. */
  readonly tile: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/** Where `count` square thumbnails lie in the sprite: row by row from the left, as large as fits. Null for no image, or for more than there are pixels. */
export function spriteLayout(count: number): SpriteLayout | null {
  if (count < 1) return null;
  const columns = Math.ceil(Math.sqrt(count));
  const tile = Math.min(LARGEST_TILE, Math.floor(SPRITE_SIDE / columns));
  if (tile < 1) return null;
  return { tile, columns, width: columns * tile, height: Math.ceil(count / columns) * tile };
}

/** Values of `matrix` [n, dimensions] with seven significant digits, a row a line, in pieces. */
export function* vectorsTsv(matrix: Float32Array, dimensions: number): Generator<string> {
  for (let start = 0; start < matrix.length; start += dimensions) {
    const row = Array.from(matrix.subarray(start, start + dimensions), (value) => String(Number(value.toPrecision(7))));
    yield `${row.join('\t')}\n`;
  }
}

/** A header and one line an image, in the order of the vectors. */
export function* metadataTsv(
  images: readonly { readonly split: string; readonly file: string; readonly className: string | null }[],
): Generator<string> {
  yield 'file\tclass\tsplit\n';
  for (const { split, file, className } of images) {
    yield `${tsvCell(file)}\t${tsvCell(className ?? '')}\t${tsvCell(split)}\n`;
  }
}

/** TSV has no quoting: what would end a cell or a line becomes a space. */
export function tsvCell(text: string): string {
  return text.replace(/[\t\r\n\v\f\u0085\u2028\u2029]+/g, ' ');
}

/** `projector_config.pbtxt`, which TensorBoard looks for. */
export function projectorConfig(name: string, layout: SpriteLayout | null): string {
  const sprite = layout
    ? `  sprite {\n    image_path: "sprite.png"\n    single_image_dim: ${layout.tile}\n    single_image_dim: ${layout.tile}\n  }\n`
    : '';
  return `embeddings {\n  tensor_name: ${JSON.stringify(name)}\n  tensor_path: "vectors.tsv"\n  metadata_path: "metadata.tsv"\n${sprite}}\n`;
}

export function projectorReadme(images: number, missing: number, layout: SpriteLayout | null): string {
  const pictures =
    layout === null
      ? 'There is no sprite: thumbnails were left out.'
      : missing === 0
        ? `sprite.png holds a thumbnail of every image, ${layout.tile} × ${layout.tile} pixels each.`
        : `sprite.png holds thumbnails of ${layout.tile} × ${layout.tile} pixels; ${missing} of ${images} images have none and are grey there.`;
  return `Embeddings for the TensorFlow Embedding Projector

vectors.tsv   one embedding a line, ${images} in all
metadata.tsv  file, class and split of the same images, after a header
${layout ? 'sprite.png    thumbnails in the same order, row by row\n' : ''}
${pictures}

With TensorBoard, thumbnails included:

    tensorboard --logdir <this folder>

and choose "Projector" in the menu. projector_config.pbtxt names the files.

With the projector's page (https://projector.tensorflow.org): press "Load" and choose vectors.tsv, then metadata.tsv.
That page belongs to others: what you load there leaves the protection of this app.

Colour by "class". The points of a projection are near each other where its picture could keep them so; the neighbours
that were scored were found in the full space.
`;
}
