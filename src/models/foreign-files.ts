/** What else people have under the name of weights, told by its first bytes. */

export interface ForeignFile {
  /** As a clause: "the file is …". */
  readonly what: string;
  /** How it becomes one that can be used, lines of Python included; null where it holds no weights at all. */
  readonly remedy: string | null;
}

/** Bytes of a file that are looked at. */
export const FOREIGN_BYTES = 512;

interface Kind {
  readonly what: string;
  is(bytes: Uint8Array, text: string): boolean;
  remedy: ((name: string) => string) | null;
}

const begins =
  (...magic: number[]) =>
  (bytes: Uint8Array) =>
    magic.every((byte, i) => bytes[i] === byte);

const python = (...lines: readonly string[]) => ` In Python:\n${lines.join('\n')}\n`;

const SAVE = 'from safetensors.torch import save_file';

const fromTorch = (name: string) =>
  python(
    `import torch; ${SAVE}; w = torch.load(${JSON.stringify(name)}, map_location="cpu")`,
    'save_file({k: v.contiguous() for k, v in w.get("state_dict", w.get("model", w)).items()}, "model.safetensors")',
  );

const fromTimm = () =>
  ` It does not keep the names of the network's tensors; take the weights from where they were trained.${python(
    `import timm; ${SAVE}`,
    'save_file(timm.create_model("resnet50", pretrained=True).state_dict(), "model.safetensors")',
  )}`;

const KINDS: readonly Kind[] = [
  { what: 'a web page', is: (_, text) => text.trimStart().startsWith('<'), remedy: null },
  {
    what: 'a Git LFS pointer, not the weights themselves',
    is: (_, text) => text.trimStart().startsWith('version https://git-lfs'),
    remedy: () => ' Run "git lfs pull" where it came from.',
  },
  {
    what: 'a PyTorch checkpoint',
    is: (bytes, text) => begins(0x50, 0x4b, 0x03, 0x04)(bytes) && /data\.pkl|\/version|\/byteorder/.test(text),
    remedy: fromTorch,
  },
  // A pickle, as PyTorch wrote them before version 1.6, and its tar files before that.
  { what: 'a PyTorch checkpoint', is: (bytes) => begins(0x80)(bytes) && (bytes[1] ?? 9) < 6, remedy: fromTorch },
  {
    what: 'a tar archive',
    is: (bytes) => latin(bytes.subarray(257, 262)) === 'ustar',
    remedy: () => ' Unpack it first.',
  },
  { what: 'a zip archive', is: begins(0x50, 0x4b, 0x03, 0x04), remedy: () => ' Unpack it first.' },
  { what: 'compressed by gzip', is: begins(0x1f, 0x8b), remedy: () => ' Unpack it first ("gunzip").' },
  { what: 'an HDF5 file, as Keras writes them', is: begins(0x89, 0x48, 0x44, 0x46), remedy: fromTimm },
  { what: 'a GGUF file, made for language models', is: begins(0x47, 0x47, 0x55, 0x46), remedy: fromTimm },
  { what: 'a TensorFlow Lite model', is: (bytes) => latin(bytes.subarray(4, 8)) === 'TFL3', remedy: fromTimm },
  // A protobuf whose first field is a small version number, and whose second is a text.
  {
    what: 'an ONNX model',
    is: (bytes) => begins(0x08)(bytes) && (bytes[1] ?? 0) < 0x20 && [0x12, 0x1a, 0x3a, 0x42].includes(bytes[2] ?? 0),
    remedy: fromTimm,
  },
];

/** Null for safetensors and for what is not known. `name` is the file's, for the lines that convert it. */
export function foreignFile(bytes: Uint8Array, name: string): ForeignFile | null {
  // Eight bytes of length, of which the high ones are zero, then the header's brace.
  if (bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0)) return null;
  const text = latin(bytes);
  const kind = KINDS.find(({ is }) => is(bytes, text));
  return kind ? { what: kind.what, remedy: kind.remedy?.(name) ?? null } : null;
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
