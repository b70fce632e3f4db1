/** As much of Protocol Buffers' wire format as writing an ONNX file takes. */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A message in the making; what is put into it is not copied before `bytes`. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  integer(field: number, value: number): this {
    return this.#tag(field, VARINT).#put(varint(value));
  }

  float(field: number, value: number): this {
    return this.#tag(field, FIXED32).#put(new Uint8Array(new Float32Array([value]).buffer));
  }

  raw(field: number, value: Uint8Array): this {
    return this.#tag(field, BYTES).#put(varint(value.length)).#put(value);
  }

  text(field: number, value: string): this {
    return this.raw(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    this.#tag(field, BYTES).#put(varint(value.#length));
    for (const part of value.#parts) this.#put(part);
    return this;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #tag(field: number, type: number): this {
    return this.#put(varint(field * 8 + type));
  }

  #put(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** Seven bits a byte, the lowest first; negative numbers as 64 bits of two's complement. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}
