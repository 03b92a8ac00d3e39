// Protocol-buffer messages as bytes: https://protobuf.dev/programming-guides/encoding

const VARINT = 0;
const BITS_64 = 1;
const LENGTH = 2;
const BITS_32 = 5;

/** A message under construction. Each method writes one field with its number. */
export class Message {
  private readonly parts: Uint8Array[] = [];

  /** An int32, int64, bool or enum. */
  integer(field: number, value: number): this {
    return this.tag(field, VARINT).push(varint(value));
  }

  double(field: number, value: number): this {
    return this.tag(field, BITS_64).push(new Uint8Array(Float64Array.of(value).buffer));
  }

  float(field: number, value: number): this {
    return this.tag(field, BITS_32).push(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Doubles in one packed field. */
  doubles(field: number, values: readonly number[]): this {
    return this.bytes(field, new Uint8Array(Float64Array.from(values).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, LENGTH).push(varint(value.length)).push(value);
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Uint8Array {
    return Buffer.concat(this.parts);
  }

  private tag(field: number, type: number): this {
    return this.push(varint(field * 8 + type));
  }

  private push(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value)); // negative numbers are those of two's complement, in ten bytes
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
