// Written files follow the format byte by byte, and reading them returns the arrays that were written.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARRAY_TYPES, byteLength } from './named-array.ts';
import { decodeSafetensors, encodeSafetensors, FormatError, type NamedArray, type NamedArrayDtype } from './index.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

// Written by hand from the format's description: length, header, data.
// prettier-ignore
const BY_HAND = Uint8Array.from([
  0x90, 0, 0, 0, 0, 0, 0, 0, // 144 bytes of header, little endian
  ...ascii('{"__metadata__":{"made":"by hand"},'),
  ...ascii('"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},'),
  ...ascii('"n":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}'),
  ...ascii('   '), // pads to a multiple of 8
  0x00, 0x00, 0x80, 0x3f, // 1
  0x00, 0x00, 0x20, 0xc0, // -2.5
  0x07,
]);
const BY_HAND_ARRAYS: [string, NamedArray][] = [
  ['n', { dtype: 'uint8', shape: [], data: Uint8Array.of(7) }],
  ['w', { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, -2.5) }],
];

describe('the bytes', () => {
  test('of a file made by hand are written', () => {
    expect(encodeSafetensors(BY_HAND_ARRAYS, { made: 'by hand' })).toEqual(BY_HAND);
  });

  test('of a file made by hand are read', () => {
    const { arrays, metadata } = decodeSafetensors(BY_HAND);
    expect([...arrays]).toEqual([...BY_HAND_ARRAYS].reverse());
    expect({ ...metadata }).toEqual({ made: 'by hand' });
  });

  test('are those of the reference implementation, for every dtype and for names that are hard to order and to escape', () => {
    // Recorded from `safetensors.serialize` of the Python package safetensors 0.8.0, 2026-11-21.
    const header =
      '{"__metadata__":{"format":"pt"},"uint64":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},' +
      '"int64":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"float64":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},' +
      '"float32":{"dtype":"F32","shape":[1],"data_offsets":[24,28]},"uint32":{"dtype":"U32","shape":[1],"data_offsets":[28,32]},' +
      '"int32":{"dtype":"I32","shape":[1],"data_offsets":[32,36]},"bfloat16":{"dtype":"BF16","shape":[1],"data_offsets":[36,38]},' +
      '"float16":{"dtype":"F16","shape":[1],"data_offsets":[38,40]},"uint16":{"dtype":"U16","shape":[1],"data_offsets":[40,42]},' +
      '"int16":{"dtype":"I16","shape":[1],"data_offsets":[42,44]},' +
      '"\\"\\\\\\n\\u0001\u007f":{"dtype":"I8","shape":[],"data_offsets":[44,45]},' +
      '"10":{"dtype":"I8","shape":[2,0],"data_offsets":[45,45]},"9":{"dtype":"I8","shape":[1,2],"data_offsets":[45,47]},' +
      '"int8":{"dtype":"I8","shape":[1],"data_offsets":[47,48]},"\uffee":{"dtype":"I8","shape":[],"data_offsets":[48,49]},' +
      '"\u{1f600}":{"dtype":"I8","shape":[],"data_offsets":[49,50]},"uint8":{"dtype":"U8","shape":[1],"data_offsets":[50,51]},' +
      '"bool":{"dtype":"BOOL","shape":[1],"data_offsets":[51,52]}} ';
    const data = '0000000000000080feffffffffffffff000000000000f8bf0000803f00000080fdffffff803f003c0080fcff030405fb02018001';
    const arrays: [string, NamedArray][] = [
      ['bool', { dtype: 'bool', shape: [1], data: Uint8Array.of(1) }],
      ['uint8', { dtype: 'uint8', shape: [1], data: Uint8Array.of(128) }],
      ['int8', { dtype: 'int8', shape: [1], data: Int8Array.of(-5) }],
      ['\u{1f600}', { dtype: 'int8', shape: [], data: Int8Array.of(1) }],
      ['\uffee', { dtype: 'int8', shape: [], data: Int8Array.of(2) }],
      ['"\\\n\u0001\u007f', { dtype: 'int8', shape: [], data: Int8Array.of(3) }],
      ['9', { dtype: 'int8', shape: [1, 2], data: Int8Array.of(4, 5) }],
      ['10', { dtype: 'int8', shape: [2, 0], data: new Int8Array(0) }],
      ['int16', { dtype: 'int16', shape: [1], data: Int16Array.of(-4) }],
      ['uint16', { dtype: 'uint16', shape: [1], data: Uint16Array.of(2 ** 15) }],
      ['float16', { dtype: 'float16', shape: [1], data: Uint16Array.of(0x3c00) }],
      ['bfloat16', { dtype: 'bfloat16', shape: [1], data: Uint16Array.of(0x3f80) }],
      ['int32', { dtype: 'int32', shape: [1], data: Int32Array.of(-3) }],
      ['uint32', { dtype: 'uint32', shape: [1], data: Uint32Array.of(2 ** 31) }],
      ['float32', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }],
      ['float64', { dtype: 'float64', shape: [1], data: Float64Array.of(-1.5) }],
      ['int64', { dtype: 'int64', shape: [1], data: BigInt64Array.of(-2n) }],
      ['uint64', { dtype: 'uint64', shape: [1], data: BigUint64Array.of(2n ** 63n) }],
    ];
    const bytes = encodeSafetensors(arrays, { format: 'pt' });
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + 1096))).toBe(header);
    expect(Buffer.from(bytes.subarray(8 + 1096)).toString('hex')).toBe(data);
    expect(decodeSafetensors(bytes, { keepHalves: true }).arrays).toEqual(new Map(arrays));
  });

  test('of nothing are an empty header', () => {
    const bytes = encodeSafetensors([]);
    expect(bytes).toEqual(Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 0, ...ascii('{}      ')]));
    expect(decodeSafetensors(bytes).arrays.size).toBe(0);
  });
});

const wholeName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a"b', '\\', '0', ''),
);
const anyArray: fc.Arbitrary<NamedArray> = fc
  .tuple(fc.constantFrom(...(Object.keys(ARRAY_TYPES) as NamedArrayDtype[])), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const bytes = byteLength(dtype, shape)!;
    return fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((random) => ({ dtype, shape, data: new ARRAY_TYPES[dtype](Uint8Array.from(random).buffer) }));
  });
const anyArrays = fc.uniqueArray(fc.tuple(wholeName, anyArray), { selector: ([name]) => name, maxLength: 8 });
const anyMetadata = fc.dictionary(wholeName, wholeName, { maxKeys: 4 });

/** The bits of an array, because toEqual treats all NaN as equal. */
const bits = ({ data }: NamedArray): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

describe('a round trip', () => {
  test('keeps every name, dtype, shape, bit and word', () => {
    fc.assert(
      fc.property(anyArrays, anyMetadata, (arrays, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(arrays, metadata), { keepHalves: true });
        expect(read.arrays.size).toBe(arrays.length);
        for (const [name, array] of arrays) {
          const back = read.arrays.get(name)!;
          expect([back.dtype, back.shape, back.data.constructor]).toEqual([array.dtype, array.shape, array.data.constructor]);
          expect(bits(back)).toEqual(bits(array));
        }
        expect(new Map(Object.entries(read.metadata))).toEqual(new Map(Object.entries(metadata)));
      }),
    );
  });

  test('gives the same bytes whatever the order of arrays and metadata', () => {
    fc.assert(
      fc.property(anyArrays, anyMetadata, (arrays, metadata) => {
        const bytes = encodeSafetensors(arrays, metadata);
        const reversed = Object.fromEntries(Object.entries(metadata).reverse());
        expect(encodeSafetensors([...arrays].reverse(), reversed)).toEqual(bytes);
        const read = decodeSafetensors(bytes, { keepHalves: true });
        expect(encodeSafetensors(read.arrays, read.metadata)).toEqual(bytes);
      }),
    );
  });

  test('puts the data at a multiple of 8, and each array at a multiple of its element', () => {
    fc.assert(
      fc.property(anyArrays, (arrays) => {
        const bytes = encodeSafetensors(arrays);
        const headerBytes = new DataView(bytes.buffer).getUint32(0, true);
        expect(headerBytes % 8).toBe(0);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<
          string,
          { data_offsets: number[] }
        >;
        for (const [name, { dtype }] of arrays) {
          const begin = Object.getOwnPropertyDescriptor(header, name)!.value.data_offsets[0] as number;
          expect(begin % ARRAY_TYPES[dtype].BYTES_PER_ELEMENT).toBe(0);
        }
      }),
    );
  });
});

describe('memory', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('is read at an offset of %i bytes', (offset) => {
    const shifted = new Uint8Array(new ArrayBuffer(BY_HAND.length + 16), offset, BY_HAND.length);
    shifted.set(BY_HAND);
    expect(decodeSafetensors(shifted)).toEqual(decodeSafetensors(BY_HAND));
  });

  test.each([
    ['a Uint8Array', Uint8Array.from(BY_HAND)],
    ['a Buffer, whose slice is a view', Buffer.from(BY_HAND)],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(BY_HAND.length))],
  ])('of %s is copied: a later write reaches nothing', (_, bytes) => {
    bytes.set(BY_HAND);
    const { arrays } = decodeSafetensors(bytes);
    bytes.fill(0xff);
    expect([...arrays]).toEqual([...BY_HAND_ARRAYS].reverse());
    for (const { data } of arrays.values()) expect(data.buffer).toBeInstanceOf(ArrayBuffer);
    bytes.set(BY_HAND);
    for (const { data } of arrays.values()) data.fill(3 as never);
    expect(Uint8Array.from(bytes)).toEqual(BY_HAND);
  });

  test('of the arrays written is copied, also when they view a part of it', () => {
    const data = Float32Array.of(9, 1, -2.5, 9).subarray(1, 3);
    const bytes = encodeSafetensors([['w', { dtype: 'float32', shape: [2], data }]]);
    data.fill(0);
    expect(decodeSafetensors(bytes).arrays.get('w')!.data).toEqual(Float32Array.of(1, -2.5));
  });
});

describe('encodeSafetensors refuses', () => {
  const u8 = (shape: number[], length: number): NamedArray => ({ dtype: 'uint8', shape, data: new Uint8Array(length) });
  test.each<[string, Parameters<typeof encodeSafetensors>, string]>([
    [
      'a name twice',
      [
        [
          ['a', u8([1], 1)],
          ['a', u8([2], 2)],
        ],
      ],
      'two arrays have the name "a"',
    ],
    ['the name of the metadata', [[['__metadata__', u8([1], 1)]]], 'no array can have the name "__metadata__"'],
    ['half a surrogate pair', [[['a\ud800', u8([1], 1)]]], 'the array name "a\\ud800" is not valid Unicode'],
    ['too few elements', [[['a', u8([2, 2], 3)]]], 'array "a" of shape [2,2] needs 4 elements, its data have 3'],
    ['a negative size', [[['a', u8([-1], 0)]]], 'array "a" has shape [-1]; sizes are non-negative integers'],
    ['a broken size', [[['a', u8([1.5], 1)]]], 'array "a" has shape [1.5]; sizes are non-negative integers'],
    [
      'sizes past 2^53',
      [[['a', u8([2 ** 52, 4, 0], 0)]]],
      'array "a" of shape [4503599627370496,4,0] needs more than 2^53 - 1 elements, its data have 0',
    ],
    ['65 axes', [[['a', u8(Array<number>(65).fill(1), 1)]]], 'array "a" has 65 axes, at most 64 can be written'],
    [
      'another typed array',
      [[['a', { dtype: 'float16', shape: [1], data: new Float32Array(1) }]]],
      'array "a" of float16 needs its data in a Uint16Array, got a Float32Array',
    ],
    [
      'an unknown dtype',
      [[['a', { dtype: 'constructor' as NamedArrayDtype, shape: [1], data: new Uint8Array(1) }]]],
      'array "a" has dtype "constructor"; known are uint64, int64, float64, float32, uint32, int32, bfloat16, float16, uint16, int16, int8, uint8, bool',
    ],
    ['a number in metadata', [[], { epoch: 3 as unknown as string }], 'metadata "epoch" is a number, only strings can be written'],
    ['broken text in metadata', [[], { a: '\udc00' }], 'metadata "a" is not valid Unicode'],
    [
      'more metadata than is read',
      [[], Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [i, '']))],
      'metadata has more than 100000 keys',
    ],
    ['a header no one reads', [[], { a: 'x'.repeat(100_000_000) }], 'the header would have 100000032 bytes, at most 100000000 can be read'],
  ])('%s', (_, args, message) => {
    expect(() => encodeSafetensors(...args)).toThrow(new FormatError(`safetensors: ${message}`));
  });
});
