// Broken and malicious files: each is refused with one line that says what is wrong and where.

import { describe, expect, test } from 'vitest';
import { decodeSafetensors, FormatError } from './index.ts';

const encoder = new TextEncoder();

/** A file with this header and data, and the right header length. */
function file(header: string | Uint8Array, data: string | Uint8Array = ''): Uint8Array {
  const [head, tail] = [header, data].map((part) => (typeof part === 'string' ? encoder.encode(part) : part)) as [Uint8Array, Uint8Array];
  return claim(BigInt(head.length), Uint8Array.from([...head, ...tail]));
}

/** A file that claims this header length. */
function claim(headerBytes: bigint, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + rest.length);
  new DataView(bytes.buffer).setBigUint64(0, headerBytes, true);
  bytes.set(rest, 8);
  return bytes;
}

const entry = (dtype: string, shape: string, offsets: string): string => `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
const ONE = entry('U8', '[1]', '[0,1]');
const U8 = (begin: number, end: number): string => entry('U8', `[${end - begin}]`, `[${begin},${end}]`);

const refusal = (message: string): FormatError => new FormatError(`safetensors: ${message}`);

/** Number of times the reader looks at a character of the header while a callback runs. */
function charactersLookedAt(callback: () => void): number {
  let count = 0;
  const original = Object.getOwnPropertyDescriptor(String.prototype, 'charCodeAt')!;
  const charCodeAt = original.value as (this: string, index: number) => number;
  Object.defineProperty(String.prototype, 'charCodeAt', {
    ...original,
    value(this: string, index: number) {
      count++;
      return charCodeAt.call(this, index);
    },
  });
  try {
    callback();
  } finally {
    Object.defineProperty(String.prototype, 'charCodeAt', original);
  }
  return count;
}

test('the error has its own name and class', () => {
  expect(() => decodeSafetensors(new Uint8Array(0))).toThrow(FormatError);
  expect(new FormatError('x')).toMatchObject({ name: 'FormatError', message: 'x' });
});

describe('the length in front', () => {
  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'the file has 0 bytes, the length of its header alone takes 8'],
    ['seven bytes', new Uint8Array(7), 'the file has 7 bytes, the length of its header alone takes 8'],
    ['no header', claim(0n, new Uint8Array(0)), 'header must begin with "{", it begins with ""'],
    [
      'a header past 2^53',
      claim(2n ** 53n - 1n, new Uint8Array(112)),
      'header says 9007199254740991 bytes, the file has 120, 8 of them before it',
    ],
    [
      'a header of 2^64 - 1',
      claim(2n ** 64n - 1n, encoder.encode('{}')),
      'header says 18446744073709551615 bytes, the file has 10, 8 of them before it',
    ],
    [
      'a header one byte longer than the file',
      claim(3n, encoder.encode('{}')),
      'header says 3 bytes, the file has 10, 8 of them before it',
    ],
    ['a header above 100 MB', claim(100_000_001n, new Uint8Array(100_000_001)), 'header says 100000001 bytes, at most 100000000 are read'],
  ])('%s', (_, bytes, expected) => {
    expect(() => decodeSafetensors(bytes)).toThrow(refusal(expected));
  });
});

describe('the text of the header', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['not UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'header is not valid UTF-8'],
    ['an overlong UTF-8 form', Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d), 'header is not valid UTF-8'],
    ['a surrogate in UTF-8', Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d), 'header is not valid UTF-8'],
    ['a byte order mark', '\ufeff{}', 'header must begin with "{", it begins with "\\u{feff}"'],
    ['white space in front', ' {}', 'header must begin with "{", it begins with " "'],
    ['an array', '[]', 'header must begin with "{", it begins with "["'],
    ['null', 'null', 'header must begin with "{", it begins with "n"'],
    ['an object without end', '{', 'header: expected a string at character 1, found the end'],
    ['a comma too many', `{"a":${ONE},}`, 'header: expected a string at character 53, found "}"'],
    ['no comma', `{"a":${ONE}"b":${ONE}}`, 'header: expected "," or "}" at character 52, found "\\""'],
    ['no colon', `{"a" ${ONE}}`, 'header: expected ":" at character 5, found "{"'],
    ['two objects', '{}{}', 'header: expected the end at character 2, found "{"'],
    ['padding with zeros', '{}\0', 'header: expected the end at character 2, found "\\u0000"'],
    ['a comment', '{/**/}', 'header: expected a string at character 1, found "/"'],
    ['a name without quotes', '{a:1}', 'header: expected a string at character 1, found "a"'],
    ['a name without end', '{"a', 'header: the string at character 1 has no end'],
    ['a name that ends in a backslash', '{"a\\', 'header: the string at character 1 has no end'],
    ['an unknown escape', '{"\\x41":1}', 'header: the string at character 1 has an invalid escape'],
    ['a line break in a name', '{"a\nb":1}', 'header: a bare control character in the string at character 1'],
    ['an escaped half of a surrogate pair', `{"\\ud800":${ONE}}`, 'header: the string at character 1 is not valid Unicode'],
    ['a name twice', `{"a":${ONE},"a":${ONE}}`, 'header: the name "a" comes twice in one object, again at character 53'],
    [
      'a name twice, once escaped',
      `{"a":${ONE},"\\u0061":${ONE}}`,
      'header: the name "a" comes twice in one object, again at character 53',
    ],
    [
      'metadata twice',
      '{"__metadata__":{},"__metadata__":{}}',
      'header: the name "__metadata__" comes twice in one object, again at character 19',
    ],
    ['a metadata key twice', '{"__metadata__":{"a":"1","a":"2"}}', 'header: the name "a" comes twice in one object, again at character 25'],
    ['a number in metadata', '{"__metadata__":{"a":1}}', 'header: expected a string at character 21, found "1"'],
    ['an object in metadata', '{"__metadata__":{"a":{}}}', 'header: expected a string at character 21, found "{"'],
    ['an array for metadata', '{"__metadata__":["a"]}', 'header: expected "{" at character 16, found "["'],
    ['null for metadata', '{"__metadata__":null}', 'header: expected "{" at character 16, found "n"'],
  ])('%s', (_, header, expected) => {
    expect(() => decodeSafetensors(file(header, 'x'))).toThrow(refusal(expected));
  });

  test.each(['{}', '{}  ', '{} \n\r\t', '{ }', '{"__metadata__":{}}', ' { } '.trimStart()])('%j is an empty file', (header) => {
    const { arrays, metadata } = decodeSafetensors(file(header));
    expect(arrays.size).toBe(0);
    expect(Object.keys(metadata)).toEqual([]);
  });
});

describe('an entry', () => {
  test.each<[string, string, string]>([
    ['null', '{"a":null}', 'header: expected "{" at character 5, found "n"'],
    ['as an array', '{"a":["U8",[1],[0,1]]}', 'header: expected "{" at character 5, found "["'],
    ['empty', '{"a":{}}', 'array "a" has no dtype'],
    ['without shape', '{"a":{"dtype":"U8"}}', 'array "a" has no shape'],
    ['without offsets', '{"a":{"dtype":"U8","shape":[1]}}', 'array "a" has no data_offsets'],
    ['with an unknown field', '{"a":{"strides":[1]}}', 'array "a" has the unknown field "strides"'],
    ['with a field twice', '{"a":{"shape":[1],"shape":[1]}}', 'header: the name "shape" comes twice in one object, again at character 18'],
    ['with a field of every object', '{"a":{"constructor":1}}', 'array "a" has the unknown field "constructor"'],
    [
      'of an unknown dtype',
      `{"a":${entry('F8_E4M3', '[1]', '[0,1]')}}`,
      'array "a" has dtype "F8_E4M3"; known are U64, I64, F64, F32, U32, I32, BF16, F16, U16, I16, I8, U8, BOOL',
    ],
    [
      'of a dtype that every object has',
      `{"a":${entry('__proto__', '[1]', '[0,1]')}}`,
      'array "a" has dtype "__proto__"; known are U64, I64, F64, F32, U32, I32, BF16, F16, U16, I16, I8, U8, BOOL',
    ],
    ['with a dtype that is a number', '{"a":{"dtype":1}}', 'header: expected a string at character 14, found "1"'],
    ['with a shape that is null', '{"a":{"shape":null}}', 'header: expected "[" at character 14, found "n"'],
    ['with a negative size', '{"a":{"shape":[-1]}}', 'header: expected a non-negative integer at character 15, found "-"'],
    ['with a size in quotes', '{"a":{"shape":["1"]}}', 'header: expected a non-negative integer at character 15, found "\\""'],
    ['with a nested shape', '{"a":{"shape":[[1]]}}', 'header: expected a non-negative integer at character 15, found "["'],
    ['with a broken size', '{"a":{"shape":[1.0]}}', 'header: the number at character 15 is not a plain integer'],
    ['with an exponent', '{"a":{"shape":[1e9]}}', 'header: the number at character 15 is not a plain integer'],
    ['with a leading zero', '{"a":{"shape":[01]}}', 'header: the number at character 15 is not a plain integer'],
    ['with a size of 2^53', '{"a":{"shape":[9007199254740992]}}', 'header: the number at character 15 is above 2^53 - 1'],
    ['with a size that no float64 holds', '{"a":{"shape":[9007199254740993]}}', 'header: the number at character 15 is above 2^53 - 1'],
    ['with a size of a million digits', `{"a":{"shape":[${'9'.repeat(1e6)}]}}`, 'header: the number at character 15 is above 2^53 - 1'],
    ['with an offset of 2^64', '{"a":{"data_offsets":[0,18446744073709551616]}}', 'header: the number at character 24 is above 2^53 - 1'],
    ['with one offset', `{"a":${entry('U8', '[1]', '[0]')}}`, 'array "a" has fewer than two data_offsets'],
    ['with three offsets', `{"a":${entry('U8', '[1]', '[0,1,2]')}}`, 'array "a" has more than two data_offsets'],
    ['with 65 axes', `{"a":${entry('U8', `[${Array<number>(65).fill(1).join(',')}]`, '[0,1]')}}`, 'array "a" has more than 64 axes'],
    [
      'whose sizes multiply past 2^53',
      `{"a":${entry('U8', '[4194304,4194304,4194304,0]', '[0,0]')}}`,
      'array "a" of uint8 [4194304,4194304,4194304,0] needs more than 2^53 - 1 bytes, its data_offsets span 0',
    ],
    [
      'whose bytes multiply past 2^64 to zero',
      `{"a":${entry('F64', '[4294967296,536870912]', '[0,0]')}}`,
      'array "a" of float64 [4294967296,536870912] needs more than 2^53 - 1 bytes, its data_offsets span 0',
    ],
    [
      'larger than its offsets',
      `{"a":${entry('F32', '[1000000,1000000]', '[0,1]')}}`,
      'array "a" of float32 [1000000,1000000] needs 4000000000000 bytes, its data_offsets span 1',
    ],
    ['smaller than its offsets', `{"a":${entry('U8', '[0]', '[0,1]')}}`, 'array "a" of uint8 [0] needs 0 bytes, its data_offsets span 1'],
    ['a scalar without bytes', `{"a":${entry('F32', '[]', '[0,0]')}}`, 'array "a" of float32 [] needs 4 bytes, its data_offsets span 0'],
  ])('%s', (_, header, expected) => {
    expect(() => decodeSafetensors(file(header, 'x'))).toThrow(refusal(expected));
  });
});

describe('the layout of the data', () => {
  test.each<[string, string, string, string]>([
    ['offsets backwards', `{"a":${entry('U8', '[1]', '[1,0]')}}`, 'x', 'array "a" begins at byte 1 of the data and ends before, at 0'],
    ['a truncated file', `{"a":${U8(0, 4)}}`, 'xxx', 'array "a" ends at byte 4 of the data, which has 3'],
    ['an offset far outside', `{"a":${U8(2 ** 52, 2 ** 52 + 1)}}`, 'x', 'array "a" ends at byte 4503599627370497 of the data, which has 1'],
    ['trailing bytes', `{"a":${U8(0, 1)}}`, 'xPK', 'the arrays end at byte 1 of the data, which has 3'],
    ['data without arrays', '{}', 'x', 'the arrays end at byte 0 of the data, which has 1'],
    ['a hole in front', `{"a":${U8(1, 2)}}`, 'xx', 'bytes 0 to 1 of the data, before array "a", belong to no array'],
    ['a hole between', `{"a":${U8(0, 1)},"b":${U8(3, 4)}}`, 'xxxx', 'bytes 1 to 3 of the data, before array "b", belong to no array'],
    ['an overlap', `{"a":${U8(0, 3)},"b":${U8(2, 4)}}`, 'xxxx', 'array "b" begins at byte 2 of the data, inside array "a"'],
    ['the same bytes twice', `{"a":${U8(0, 1)},"b":${U8(0, 1)}}`, 'x', 'array "b" begins at byte 0 of the data, inside array "a"'],
    [
      'an empty array inside another',
      `{"a":${U8(0, 2)},"b":${U8(1, 1)}}`,
      'xx',
      'array "b" begins at byte 1 of the data, inside array "a"',
    ],
    ['an empty array past the end', `{"a":${U8(0, 1)},"b":${U8(2, 2)}}`, 'x', 'array "b" ends at byte 2 of the data, which has 1'],
  ])('%s', (_, header, data, expected) => {
    expect(() => decodeSafetensors(file(header, data))).toThrow(refusal(expected));
  });

  test('may be in any order in the header, with empty arrays between', () => {
    const header = `{"c":${U8(2, 3)},"e":${U8(2, 2)},"a":${entry('U16', '[]', '[0,2]')},"f":${U8(3, 3)}}`;
    const { arrays } = decodeSafetensors(file(header, '\x01\x02\x03'));
    expect([...arrays.keys()]).toEqual(['a', 'e', 'c', 'f']);
    expect(arrays.get('a')!.data).toEqual(Uint16Array.of(0x0201));
    expect(arrays.get('e')).toEqual({ dtype: 'uint8', shape: [0], data: new Uint8Array(0) });
  });
});

describe('names that mean something to JavaScript', () => {
  test('are ordinary names', () => {
    const header = `{"__proto__":${U8(0, 1)},"constructor":${U8(1, 2)},"__metadata__":{"__proto__":"p","hasOwnProperty":"h"}}`;
    const { arrays, metadata } = decodeSafetensors(file(header, '\x01\x02'));
    expect([...arrays.keys()]).toEqual(['__proto__', 'constructor']);
    expect(arrays.get('__proto__')!.data).toEqual(Uint8Array.of(1));
    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'p'],
      ['hasOwnProperty', 'h'],
    ]);
    expect(({} as Record<string, unknown>)['p']).toBeUndefined();
    expect(Object.getPrototypeOf(Object.prototype)).toBeNull();
  });

  test('are absent from metadata that does not have them', () => {
    expect(decodeSafetensors(file('{}')).metadata['constructor']).toBeUndefined();
  });
});

describe('what is too much', () => {
  test.each<[string, string, string]>([
    ['a million arrays in one another', `{"a":${'['.repeat(1e6)}`, 'header: expected "{" at character 5, found "["'],
    ['a million objects in one another', '{"a":'.repeat(1e6), 'array "a" has the unknown field "a"'],
    [
      'a shape of a million arrays',
      `{"a":{"shape":${'['.repeat(1e6)}`,
      'header: expected a non-negative integer at character 15, found "["',
    ],
    ['a shape of a million ones', `{"a":{"shape":[${'1,'.repeat(1e6)}1]}}`, 'array "a" has more than 64 axes'],
    [
      'a million metadata keys',
      `{"__metadata__":{${Array.from({ length: 1e6 }, (_, i) => `"${i}":""`).join(',')}}}`,
      'metadata has more than 100000 keys',
    ],
    ['a million spaces', `{${' '.repeat(1e6)}`, 'header: expected a string at character 1000001, found the end'],
  ])('%s is refused in one pass', (_, header, expected) => {
    const bytes = file(header);
    const looks = charactersLookedAt(() => expect(() => decodeSafetensors(bytes)).toThrow(refusal(expected)));
    expect(looks).toBeGreaterThan(0);
    // Each character is looked at twice: to skip spaces and to read. Going back, or starting over for each member, takes a million times as many looks.
    expect(looks).toBeLessThan(3 * header.length);
  });

  test('of a name is cut short in the message', () => {
    expect(() => decodeSafetensors(file(`{"${'n'.repeat(1e6)}":{}}`))).toThrow(refusal(`array "${'n'.repeat(80)}…" has no dtype`));
  });

  test('of invisible characters in a name is spelled out, on one line', () => {
    expect(() => decodeSafetensors(file('{"a\u2028\u202e\u009b2J\\n":{}}'))).toThrow(
      refusal('array "a\\u{2028}\\u{202e}\\u{9b}2J\\n" has no dtype'),
    );
  });
});
