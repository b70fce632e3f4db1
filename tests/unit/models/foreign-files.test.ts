import { expect, test } from 'vitest';
import { openSafetensors } from '../../../src/models/safetensors.ts';

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const padded = (text: string) => latin(text.padEnd(600, '\0'));

const torchZip = padded(
  'PK\x03\x04\x14\0\0\0\0\0\x2a\x1c\x7b\x5d\xf2\x91\x02\xc5\x06\0\0\0\x06\0\0\0\x10\0\0\0archive/data.pkl',
);
const tar = padded('model.pth'.padEnd(257, '\0').concat('ustar\x0000'));

test.each<[string, Uint8Array<ArrayBuffer>, string, RegExp]>([
  ['best.pt', torchZip, 'a PyTorch checkpoint', /torch\.load\("best\.pt", map_location="cpu"\)\nsave_file\(/],
  [
    'old.pth.tar',
    padded('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'),
    'a PyTorch checkpoint',
    /torch\.load\("old\.pth\.tar"/,
  ],
  ['really.tar', tar, 'a tar archive', /Unpack it first/],
  ['weights.zip', padded('PK\x03\x04\x14\0\0\0\0\0conv1.npy'), 'a zip archive', /Unpack it first/],
  ['model.safetensors.gz', padded('\x1f\x8b\x08\0\0\0\0\0\0\x03'), 'compressed by gzip', /gunzip/],
  ['model.h5', padded('\x89HDF\r\n\x1a\n'), 'an HDF5 file', /import timm/],
  ['model.gguf', padded('GGUF\x03\0\0\0'), 'a GGUF file', /import timm/],
  ['model.tflite', padded('\x1c\0\0\0TFL3'), 'a TensorFlow Lite model', /import timm/],
  ['resnet50.onnx', padded('\x08\x07\x12\x04made'), 'an ONNX model', /import timm/],
  ['dinov2.bin', torchZip, 'a PyTorch checkpoint', /torch\.load\("dinov2\.bin"/],
  [
    'scripted.pt',
    padded('PK\x03\x04'.padEnd(30, '\0').concat('net/code/__torch__.py')),
    'a PyTorch checkpoint',
    /load/,
  ],
  ['model.keras', padded('PK\x03\x04'.padEnd(30, '\0').concat('metadata.json')), 'a Keras model', /import timm/],
  ['renamed.zip', padded('PK\x03\x04'.padEnd(30, '\0').concat('model.weights.h5')), 'a Keras model', /import timm/],
  [
    'ViT-B_16.npz',
    padded('PK\x03\x04'.padEnd(30, '\0').concat('a.npy')),
    'an archive of NumPy arrays',
    /load_pretrained\("ViT-B_16\.npz"\)/,
  ],
  ['flax_model.msgpack', padded('\x82\xa6params\x84'), 'a Flax checkpoint (MessagePack)', /import timm/],
  ['resnet.engine', padded('ftrt\0\0\0\0'), 'a TensorRT engine', /import timm/],
  ['yolo.engine', padded('\x10\x01\0\0{"description"'), 'a TensorRT engine', /import timm/],
  ['ResNet50.mlmodel', padded('\x08\x01\x12\xf8\x0d\x0a'), 'a Core ML model', /import timm/],
  ['saved_model.pb', padded('\x08\x01\x12\xf8\xa3\x0d\x0a'), 'a TensorFlow graph', /import timm/],
  ['frozen.pb', padded('\x0a\x1c\x0a\x05input'), 'a TensorFlow graph', /import timm/],
  ['model.ckpt.data-00000-of-00001', padded('\x12\x34\x56\x78\x9a'), 'a part of a TensorFlow checkpoint', /timm/],
  ['model.xml', padded('<?xml version="1.0"?>\n<net name="resnet">'), 'an OpenVINO model’s description', /timm/],
  [
    'model.safetensors.index.json',
    padded('{\n  "metadata": {"total_size": 1},\n  "weight_map": {"a": "model-00001-of-00002.safetensors"}'),
    'the list of a set of weights that was saved in parts',
    /glob\("\*-of-\*\.safetensors"\)/,
  ],
  ['config.json', padded('{\n  "architecture": "resnet50"'), 'a text (JSON), not weights', /weights\. Nothing/],
  ['model.safetensors', padded('version https://git-lfs.github.com/spec/v1\noid'), 'a Git LFS pointer', /git lfs pull/],
  ['model.safetensors', padded('\n <!doctype html>'), 'a web page', /web page\. Nothing/],
])('%s is named by its content, whatever it is called, with the way out', async (name, bytes, what, remedy) => {
  const opened = openSafetensors(new File([bytes], name));
  await expect(opened).rejects.toMatchObject({ code: 'weights-refused' });
  await expect(opened).rejects.toThrow(`the file is ${what}`);
  await expect(opened).rejects.toThrow(remedy);
});

test('a quote in a name does not end the line of Python', async () => {
  await expect(openSafetensors(new File([torchZip], 'a".pt'))).rejects.toThrow('torch.load("a\\".pt"');
});

test('what is not known is called no safetensors file', async () => {
  await expect(openSafetensors(new Blob([padded('\xff\xd8\xff\xe0')]))).rejects.toThrow('no safetensors file');
});
