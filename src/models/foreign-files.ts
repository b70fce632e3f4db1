/** What else people have under the name of weights, told by its first bytes. */

export interface ForeignFile {
  /** As a clause: "the file is …". */
  readonly what: string;
  /** How it becomes one that can be used, lines of Python included; null where it holds no weights at all. */
  readonly remedy: string | null;
  /** Whether such a file holds weights, whatever its name, and neither images nor labels. */
  readonly weightsAlone: boolean;
}

/** Bytes of a file that are looked at. */
export const FOREIGN_BYTES = 512;

interface Kind {
  readonly what: string;
  /** `name` in lower case: protobufs say little of what they are. */
  is(bytes: Uint8Array, text: string, name: string): boolean;
  remedy: ((name: string) => string) | null;
  /** As ForeignFile's. */
  readonly weightsAlone?: true;
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

const fromVitArrays = (name: string) =>
  ` If they are a ViT's, as Google published them, timm reads them.${python(
    `import timm; ${SAVE}; m = timm.create_model("vit_base_patch16_224"); m.load_pretrained(${JSON.stringify(name)})`,
    'save_file(m.state_dict(), "model.safetensors")',
  )}`;

const fromParts = () =>
  ` Its parts become one file. In Python, in their folder:\n${mergingLines}\nThen drop model.safetensors with its config.json.`;

/** Makes one file of all parts that lie beside each other. */
export const mergingLines = `from safetensors.torch import load_file, save_file; from glob import glob
save_file({k: v for f in glob("*-of-*.safetensors") for k, v in load_file(f).items()}, "model.safetensors")`;

const isZip = begins(0x50, 0x4b, 0x03, 0x04);
/** First field 1, a small number (a version), then the tag of another field. */
const isVersioned = (bytes: Uint8Array) => begins(0x08)(bytes) && (bytes[1] ?? 0xff) < 0x20;

const KINDS: readonly Kind[] = [
  {
    what: 'an OpenVINO model’s description',
    weightsAlone: true,
    is: (_, text) => /^\s*<\?xml[^>]*>\s*<net\b|^\s*<net\b/.test(text),
    remedy: fromTimm,
  },
  { what: 'a web page', is: (_, text) => text.trimStart().startsWith('<'), remedy: null },
  {
    what: 'a Git LFS pointer, not the weights themselves',
    is: (_, text) => text.trimStart().startsWith('version https://git-lfs'),
    remedy: () => ' Run "git lfs pull" where it came from.',
  },
  {
    what: 'the list of a set of weights that was saved in parts',
    weightsAlone: true,
    is: (_, text, name) => /^\s*\{/.test(text) && (/"weight_map"/.test(text) || name.endsWith('.index.json')),
    remedy: fromParts,
  },
  { what: 'a text (JSON), not weights', is: (_, text) => /^\s*[{[]\s*["{[\]}]/.test(text), remedy: null },
  {
    what: 'a PyTorch checkpoint',
    weightsAlone: true,
    is: (bytes, text) => isZip(bytes) && /data\.pkl|\/version|\/byteorder|\/\.format_version|\/code\//.test(text),
    remedy: fromTorch,
  },
  // A pickle, as PyTorch wrote them before version 1.6, and its tar files before that.
  { what: 'a PyTorch checkpoint', is: (bytes) => begins(0x80)(bytes) && (bytes[1] ?? 9) < 6, remedy: fromTorch },
  {
    what: 'a tar archive',
    is: (bytes) => latin(bytes.subarray(257, 262)) === 'ustar',
    remedy: () => ' Unpack it first.',
  },
  {
    what: 'a Keras model',
    weightsAlone: true,
    is: (bytes, text, name) =>
      isZip(bytes) &&
      (name.endsWith('.keras') || /^(metadata\.json|config\.json|model\.weights\.h5)/.test(text.slice(30))),
    remedy: fromTimm,
  },
  {
    what: 'an archive of NumPy arrays',
    is: (bytes, text, name) => isZip(bytes) && (name.endsWith('.npz') || /^[^\0]*\.npy/.test(text.slice(30))),
    remedy: fromVitArrays,
  },
  { what: 'a NumPy array', is: begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59), remedy: fromTimm },
  { what: 'a zip archive', is: isZip, remedy: () => ' Unpack it first.' },
  { what: 'compressed by gzip', is: begins(0x1f, 0x8b), remedy: () => ' Unpack it first ("gunzip").' },
  { what: 'an HDF5 file, as Keras writes them', is: begins(0x89, 0x48, 0x44, 0x46), remedy: fromTimm },
  {
    what: 'a GGUF file, made for language models',
    weightsAlone: true,
    is: begins(0x47, 0x47, 0x55, 0x46),
    remedy: fromTimm,
  },
  {
    what: 'a TensorFlow Lite model',
    weightsAlone: true,
    is: (bytes) => latin(bytes.subarray(4, 8)) === 'TFL3',
    remedy: fromTimm,
  },
  {
    what: 'a TensorRT engine, which runs on one kind of graphics card alone',
    weightsAlone: true,
    is: (_, text, name) => /^[fp]trt/.test(text) || /\.(engine|plan|trt)$/.test(name),
    remedy: fromTimm,
  },
  // A map of few entries whose first key is a short text.
  {
    what: 'a Flax checkpoint (MessagePack)',
    is: ([map = 0, key = 0]) => ((map > 0x80 && map < 0x90) || map === 0xde) && key > 0xa0 && key < 0xc0,
    remedy: fromTimm,
  },
  {
    what: 'a Core ML model',
    weightsAlone: true,
    is: (bytes, _, name) => name.endsWith('.mlmodel') && isVersioned(bytes),
    remedy: fromTimm,
  },
  {
    what: 'a TensorFlow graph',
    weightsAlone: true,
    is: (bytes, _, name) => name.endsWith('.pb') && (isVersioned(bytes) || begins(0x0a)(bytes)),
    remedy: fromTimm,
  },
  {
    what: 'a part of a TensorFlow checkpoint',
    is: (_, __, name) => /\.(meta|index|data-\d+-of-\d+)$/.test(name),
    remedy: fromTimm,
  },
  {
    what: 'an ONNX model',
    weightsAlone: true,
    is: (bytes, _, name) =>
      isVersioned(bytes) && (name.endsWith('.onnx') || [0x12, 0x1a, 0x3a, 0x42].includes(bytes[2] ?? 0)),
    remedy: fromTimm,
  },
];

/** Eight bytes of length, of which the high ones are zero, then the header's brace. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}

/** Null for safetensors and for what is not known. `name` is the file's, for the lines that convert it. */
export function foreignFile(bytes: Uint8Array, name: string): ForeignFile | null {
  if (isSafetensors(bytes)) return null;
  const text = latin(bytes);
  const kind = KINDS.find(({ is }) => is(bytes, text, name.toLowerCase()));
  return kind
    ? { what: kind.what, remedy: kind.remedy?.(name) ?? null, weightsAlone: kind.weightsAlone ?? false }
    : null;
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
