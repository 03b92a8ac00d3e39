// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), only the writing that ONNX models need.

/** A field's number and value: a whole number (varint), a float (fixed32), text, raw bytes, or another message. */
export type Field = readonly [number: number, value: number | bigint | string | Uint8Array | { readonly float: number } | readonly Field[]];

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The bytes of a message. */
export function encodeMessage(fields: readonly Field[]): Uint8Array {
  return joined(fields.flatMap(([number, value]) => encodeField(number, value)));
}

function encodeField(number: number, value: Field[1]): Uint8Array[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [tag(number, VARINT), varint(BigInt(value))];
  if (typeof value === 'object' && 'float' in value) {
    return [tag(number, FIXED32), new Uint8Array(Float32Array.of(value.float).buffer)];
  }
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : encodeMessage(value);
  return [tag(number, LENGTH_DELIMITED), varint(BigInt(bytes.length)), bytes];
}

function tag(number: number, wireType: number): Uint8Array {
  return varint(BigInt((number << 3) | wireType));
}

/** Encodes seven bits per byte, the lowest first; a negative number is its 64-bit two's complement. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
