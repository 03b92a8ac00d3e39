// Reads event files of TensorBoard for the tests. It shares no code with the writer: the record format is that of
// https://www.tensorflow.org/tutorials/load_data/tfrecord, the fields are those of event.proto, summary.proto and graph.proto of TensorFlow.

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version?: string;
  readonly graph?: readonly ReadNode[];
  readonly values?: readonly ReadValue[];
}

export interface ReadNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly shapes: readonly (readonly number[])[];
}

export interface ReadValue {
  readonly tag: string;
  readonly scalar?: number;
  readonly histogram?: { readonly min: number; readonly max: number; readonly num: number; readonly sum: number; readonly squares: number; readonly limits: readonly number[]; readonly counts: readonly number[] };
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number; readonly png: Uint8Array };
} // prettier-ignore

/** @throws Error when a record is cut off or a checksum is wrong */
export function readEvents(bytes: Uint8Array): ReadEvent[] {
  const file = Uint8Array.from(bytes); // a Buffer's slices would share its memory
  const events: ReadEvent[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const [head, body] = [file.subarray(at, at + 8), file.subarray(at + 12, at + 12 + length)];
    if (view.getUint32(at + 8, true) !== maskedCrc(head)) throw new Error(`record at ${at}: the checksum of its length is wrong`);
    if (view.getUint32(at + 12 + length, true) !== maskedCrc(body)) throw new Error(`record at ${at}: the checksum of its bytes is wrong`);
    events.push(readEvent(body));
    at += 16 + length;
  }
  return events;
}

/** CRC-32C bit by bit, as its definition says, then rotated right by 15 bits and shifted. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc % 2n === 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) % 2n ** 32n);
}

/** The values of each field: bytes, or bits of a number. */
type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (count: number): Uint8Array => bytes.slice(at, (at += count));
  while (at < bytes.length) {
    const tag = varint();
    const type = Number(tag & 7n);
    const value = type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : Number(varint()));
    const field = Number(tag >> 3n);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const all = (fields: Fields, field: number): Uint8Array[] => (fields.get(field) ?? []) as Uint8Array[];
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const int64 = (value: bigint | Uint8Array | undefined): number => Number(BigInt.asIntN(64, (value ?? 0n) as bigint));
const doubles = (bytes: Uint8Array): number[] => [...new Float64Array(bytes.slice().buffer)];
const double = (fields: Fields, field: number): number => (fields.has(field) ? doubles(all(fields, field)[0]!)[0]! : 0);

function readEvent(bytes: Uint8Array): ReadEvent {
  const fields = readFields(bytes);
  return {
    wallTime: double(fields, 1),
    step: int64(fields.get(2)?.[0]),
    ...(fields.has(3) && { version: text(all(fields, 3)[0]!) }),
    ...(fields.has(4) && { graph: all(readFields(all(fields, 4)[0]!), 1).map(readNode) }),
    ...(fields.has(5) && { values: all(readFields(all(fields, 5)[0]!), 1).map(readValue) }),
  };
}

function readValue(bytes: Uint8Array): ReadValue {
  const fields = readFields(bytes);
  const [scalar, image, histogram] = [2, 4, 5].map((field) => all(fields, field)[0]);
  return {
    tag: text(all(fields, 1)[0]!),
    ...(scalar && { scalar: new DataView(scalar.buffer).getFloat32(0, true) }),
    ...(histogram && { histogram: readHistogram(readFields(histogram)) }),
    ...(image && { image: readImage(readFields(image)) }),
  };
}

function readHistogram(fields: Fields): NonNullable<ReadValue['histogram']> {
  const [min, max, num, sum, squares] = [1, 2, 3, 4, 5].map((field) => double(fields, field)) as [number, number, number, number, number];
  return { min, max, num, sum, squares, limits: doubles(all(fields, 6)[0]!), counts: doubles(all(fields, 7)[0]!) };
}

function readImage(fields: Fields): NonNullable<ReadValue['image']> {
  const [height, width, channels] = [1, 2, 3].map((field) => int64(fields.get(field)?.[0])) as [number, number, number];
  return { height, width, channels, png: all(fields, 4)[0]! };
}

function readNode(bytes: Uint8Array): ReadNode {
  const fields = readFields(bytes);
  const attributes = all(fields, 5).map(readFields);
  const shapesIn = (value: Fields): number[][] =>
    all(readFields(all(value, 1)[0]!), 7).map((shape) => all(readFields(shape), 2).map((dim) => int64(readFields(dim).get(1)?.[0])));
  return {
    name: text(all(fields, 1)[0]!),
    op: text(all(fields, 2)[0]!),
    inputs: all(fields, 3).map(text),
    shapes: attributes
      .filter((entry) => text(all(entry, 1)[0]!) === '_output_shapes')
      .flatMap((entry) => shapesIn(readFields(all(entry, 2)[0]!))),
  };
}
