import { folderOf, isSystemPath, joinPath, nameOf } from '../data/file-kinds.ts';
import type { ListedFile } from '../data/listing.ts';
import { FOREIGN_BYTES, foreignFile, isSafetensors } from '../models/foreign-files.ts';

/** A weight file among what was dropped, and the config.json beside it. */
export interface WeightSet {
  readonly path: string;
  /** Named by its folder where its own name says nothing, as in timm's layout. */
  readonly open: () => Promise<File>;
  readonly openConfig: () => Promise<Blob | null>;
}

/** Files whose first bytes are looked at. */
const MOST_LOOKED_AT = 200;

/** Endings of what holds nothing but weights; others hold images and labels as well. */
const WEIGHTS_ALONE = /\.(safetensors(\.index\.json)?|pt|pth|pth\.tar|ckpt|bin|msgpack|weights\.h5)$/i;

/**
 * Weight files in what was dropped, told by their first bytes, or by their names where those say too little; for what holds no
 * image. Where there are safetensors, no others are listed: they are mostly the same weights in another form.
 */
export async function weightSetsIn(files: readonly ListedFile[]): Promise<WeightSet[]> {
  const visible = files.filter(({ path }) => !isSystemPath(path));
  const configs = new Map(visible.map((file) => [file.path, file]));
  const found: { readonly file: ListedFile; readonly usable: boolean }[] = [];
  for (const file of visible.slice(0, MOST_LOOKED_AT)) {
    const head = await headOf(file);
    const usable = isSafetensors(head);
    const foreign = foreignFile(head, nameOf(file.path));
    const named = WEIGHTS_ALONE.test(file.path);
    if (usable || named || foreign?.weightsAlone) found.push({ file, usable });
  }
  const usable = found.filter((each) => each.usable);
  return (usable.length > 0 ? usable : found).map(({ file }) => ({
    path: file.path,
    open: async () => new File([await file.open()], weightsName(file.path)),
    openConfig: async () => (await configs.get(joinPath(folderOf(file.path), 'config.json'))?.open()) ?? null,
  }));
}

async function headOf({ open }: ListedFile): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await open()).slice(0, FOREIGN_BYTES).arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

function weightsName(path: string): string {
  const name = nameOf(path);
  const folder = nameOf(folderOf(path));
  return name === 'model.safetensors' && folder !== '' ? `${folder}.safetensors` : name;
}
