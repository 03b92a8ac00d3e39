// The JSON header of a safetensors file: reading, checking and writing it.

import { FormatError, quote } from './format-error.ts';
import { JsonReader } from './json-reader.ts';
import { byteLength, type NamedArrayDtype } from './named-array.ts';

/** Most bytes of a header that is written: the reference implementation reads no longer one (`MAX_HEADER_SIZE`). */
export const LONGEST_HEADER = 100_000_000;

/** The member that holds the metadata; no array can have this name. */
export const METADATA = '__metadata__';

/** Most axes: NumPy 2 stops at 64 too, and a header of 100 MB could claim fifty million. */
export const MOST_AXES = 64;

/** Most metadata keys. V8 takes over ten minutes to build an object of eight million (its enumeration index has 23 bits). */
export const MOST_METADATA = 100_000;

/** One array: its bytes are [begin, end) of the data after the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: NamedArrayDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The code of each dtype. Arrays are written in this order: the reverse of the reference's `Dtype` enum, which is sorted by alignment. */
const CODES: ReadonlyMap<NamedArrayDtype, string> = new Map([
  ['uint64', 'U64'],
  ['int64', 'I64'],
  ['float64', 'F64'],
  ['float32', 'F32'],
  ['uint32', 'U32'],
  ['int32', 'I32'],
  ['bfloat16', 'BF16'],
  ['float16', 'F16'],
  ['uint16', 'U16'],
  ['int16', 'I16'],
  ['int8', 'I8'],
  ['uint8', 'U8'],
  ['bool', 'BOOL'],
]);

/** The dtypes in the order in which their arrays are written. */
export const DTYPE_ORDER: readonly NamedArrayDtype[] = [...CODES.keys()];

const DTYPES: ReadonlyMap<string, NamedArrayDtype> = new Map([...CODES].map(([dtype, code]) => [code, dtype]));

/** Reads the header's JSON. Throws FormatError when it is not JSON, or holds anything but arrays and metadata. */
export function parseHeader(text: string): Header {
  const reader = new JsonReader(text, 'safetensors: header');
  // The format requires this: padding may only follow the object.
  if (text[0] !== '{') throw new FormatError(`safetensors: header must begin with "{", it begins with ${quote(text.slice(0, 1))}`);
  const entries: HeaderEntry[] = [];
  let metadata = emptyRecord();
  reader.object((name) => {
    if (name === METADATA) metadata = parseMetadata(reader);
    else entries.push(parseEntry(reader, name));
  });
  reader.end();
  return { entries, metadata };
}

function parseMetadata(reader: JsonReader): Record<string, string> {
  const metadata = emptyRecord();
  let count = 0;
  reader.object((key) => {
    if (++count > MOST_METADATA) throw new FormatError(`safetensors: metadata has more than ${MOST_METADATA} keys`);
    metadata[key] = reader.string();
  });
  return metadata;
}

function parseEntry(reader: JsonReader, name: string): HeaderEntry {
  let dtype: NamedArrayDtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  reader.object((field) => {
    switch (field) {
      case 'dtype':
        dtype = parseDtype(reader, name);
        break;
      case 'shape':
        shape = parseIntegers(reader, MOST_AXES, `array ${quote(name)} has more than ${MOST_AXES} axes`);
        break;
      case 'data_offsets':
        offsets = parseIntegers(reader, 2, `array ${quote(name)} has more than two data_offsets`);
        break;
      default:
        throw new FormatError(`safetensors: array ${quote(name)} has the unknown field ${quote(field)}`);
    }
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets';
    throw new FormatError(`safetensors: array ${quote(name)} has no ${missing}`);
  }
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined) throw new FormatError(`safetensors: array ${quote(name)} has fewer than two data_offsets`);
  return { name, dtype, shape, begin, end };
}

function parseDtype(reader: JsonReader, name: string): NamedArrayDtype {
  const code = reader.string();
  const dtype = DTYPES.get(code);
  if (dtype !== undefined) return dtype;
  throw new FormatError(`safetensors: array ${quote(name)} has dtype ${quote(code)}; known are ${[...DTYPES.keys()].join(', ')}`);
}

function parseIntegers(reader: JsonReader, most: number, tooMany: string): number[] {
  const integers: number[] = [];
  reader.array(() => {
    if (integers.length === most) throw new FormatError(`safetensors: ${tooMany}`);
    integers.push(reader.integer());
  });
  return integers;
}

/** A record without a prototype, so that `__proto__` is a key like any other. */
function emptyRecord(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/**
 * Checks that each array has as many bytes as its dtype and shape need, and that the arrays cover each byte of the data exactly once.
 * Returns the entries in the order of their data. Throws FormatError.
 */
export function checkLayout(entries: readonly HeaderEntry[], dataBytes: number): readonly HeaderEntry[] {
  for (const entry of entries) checkSize(entry, dataBytes);
  const ordered = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  let before = '';
  for (const { name, begin, end } of ordered) {
    if (begin < covered) {
      throw new FormatError(`safetensors: array ${quote(name)} begins at byte ${begin} of the data, inside array ${quote(before)}`);
    }
    if (begin > covered) {
      throw new FormatError(`safetensors: bytes ${covered} to ${begin} of the data, before array ${quote(name)}, belong to no array`);
    }
    covered = end;
    before = name;
  }
  if (covered < dataBytes) {
    throw new FormatError(`safetensors: the arrays end at byte ${covered} of the data, which has ${dataBytes}`);
  }
  return ordered;
}

function checkSize({ name, dtype, shape, begin, end }: HeaderEntry, dataBytes: number): void {
  if (begin > end)
    throw new FormatError(`safetensors: array ${quote(name)} begins at byte ${begin} of the data and ends before, at ${end}`);
  if (end > dataBytes) throw new FormatError(`safetensors: array ${quote(name)} ends at byte ${end} of the data, which has ${dataBytes}`);
  const needed = byteLength(dtype, shape);
  if (needed === end - begin) return;
  const size = needed === undefined ? 'more than 2^53 - 1' : String(needed);
  throw new FormatError(
    `safetensors: array ${quote(name)} of ${dtype} [${shape.join(',')}] needs ${size} bytes, its data_offsets span ${end - begin}`,
  );
}

/** The header's bytes, padded with spaces so that the data after it begin at a multiple of 8. Throws FormatError if it is too long. */
export function formatHeader(entries: readonly HeaderEntry[], metadata: ReadonlyMap<string, string>): Uint8Array {
  // Not JSON.stringify of one object, which would move a name such as "0" to the front.
  const members = entries.map(
    ({ name, dtype, shape, begin, end }) =>
      `${JSON.stringify(name)}:{"dtype":"${CODES.get(dtype)}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
  );
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.unshift(`"${METADATA}":{${pairs.join(',')}}`);
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  if (padded.length > LONGEST_HEADER) {
    throw new FormatError(`safetensors: the header would have ${padded.length} bytes, at most ${LONGEST_HEADER} can be read`);
  }
  padded.set(json);
  return padded;
}
