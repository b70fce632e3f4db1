import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

/** Embeddings with what is known of their images; a block becomes a row group. */
export interface ParquetBlock {
  readonly rows: readonly {
    readonly path: string;
    readonly split: string;
    readonly class: string | null;
    /** SHA-256 of the file. */
    readonly hash: string;
  }[];
  /** [rows, dimensions], row-major; stays the caller's. */
  readonly embeddings: Float32Array;
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

const text = (name: string, repetition: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED') =>
  ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: repetition }) as const;

/** The embedding is a list of floats, as DuckDB, pandas, Spark, LanceDB, Qdrant and Milvus take vectors. */
const schema: Schema = [
  { name: 'root', num_children: 5 },
  text('path'),
  text('split'),
  text('class', 'OPTIONAL'),
  text('hash'),
  { name: 'embedding', num_children: 1, converted_type: 'LIST', repetition_type: 'REQUIRED' },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
];

/**
 * A Parquet file (parquet.apache.org) in pieces, each the taker's own: columns path, split, class, hash and embedding. `about` is
 * kept as JSON in its metadata, under the key `likeness`.
 */
export async function* parquetPieces(
  blocks: AsyncIterable<ParquetBlock>,
  about: unknown,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema,
    // Embeddings hardly compress, and are not looked up by range.
    codec: 'UNCOMPRESSED',
    statistics: false,
    kvMetadata: [{ key: 'likeness', value: JSON.stringify(about) }],
    createdBy: 'Likeness',
  });
  const drain = () => {
    const piece = new Uint8Array(bytes.buffer, 0, bytes.index).slice();
    // Positions in the file are counted by `offset`, which goes on.
    bytes.index = 0;
    return piece;
  };
  for await (const { rows, embeddings } of blocks) {
    if (rows.length === 0) continue;
    const width = embeddings.length / rows.length;
    await writer.write({
      rowGroupSize: rows.length,
      columnData: [
        { name: 'path', data: rows.map(({ path }) => path) },
        { name: 'split', data: rows.map(({ split }) => split) },
        { name: 'class', data: rows.map((row) => row.class) },
        { name: 'hash', data: rows.map(({ hash }) => hash) },
        { name: 'embedding', data: rows.map((_, i) => Array.from(embeddings.subarray(i * width, (i + 1) * width))) },
      ],
    });
    yield drain();
  }
  await writer.finish();
  yield drain();
}
