import { Message } from './protobuf.ts';

/** Field numbers are those of onnx.proto, version of the intermediate representation and of the operators beside them. */
const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/** Strings name values; integers are written as such, `{float}` as floats. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

/** An ONNX graph in the making, for one fixed shape of input. Values go by their names. */
export class Graph {
  readonly input = 'input';
  readonly #graph = new Message().text(2, 'network');
  #values = 0;

  /** Adds an operation and returns the name of its only output. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = this.#name();
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#graph.message(1, node);
    return output;
  }

  /** A constant of 32-bit floats. The array is not copied before `file`. */
  floats(values: Float32Array, shape: readonly number[]): string {
    return this.#constant(FLOAT, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), shape);
  }

  number(value: number): string {
    return this.floats(Float32Array.of(value), []);
  }

  integers(values: readonly number[]): string {
    const words = BigInt64Array.from(values, BigInt);
    return this.#constant(INT64, new Uint8Array(words.buffer), [values.length]);
  }

  /** The model file, with `output` [images, features] as its output. */
  file(inputShape: readonly number[], output: string, outputShape: readonly number[]): Uint8Array<ArrayBuffer> {
    this.#graph.message(11, valueInfo(this.input, inputShape)).message(12, valueInfo(output, outputShape));
    const opset = new Message().text(1, '').integer(2, OPSET);
    return new Message().integer(1, IR_VERSION).message(7, this.#graph).message(8, opset).bytes();
  }

  #constant(type: number, data: Uint8Array, shape: readonly number[]): string {
    const name = this.#name();
    const tensor = new Message();
    for (const side of shape) tensor.integer(1, side);
    this.#graph.message(5, tensor.integer(2, type).text(8, name).raw(9, data));
    return name;
  }

  #name(): string {
    return `v${this.#values++}`;
  }
}

function attribute(name: string, value: Attributes[string]): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, ATTRIBUTE.integer);
  if (typeof value === 'string') return message.text(4, value).integer(20, ATTRIBUTE.text);
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE.float);
  for (const one of value) message.integer(8, one);
  return message.integer(20, ATTRIBUTE.integers);
}

function valueInfo(name: string, shape: readonly number[]): Message {
  const dimensions = new Message();
  for (const side of shape) dimensions.message(1, new Message().integer(1, side));
  const tensor = new Message().integer(1, FLOAT).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
