// All 65,536 floats of 16 bits are read as the float32 of the same value.

import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, FormatError, widenHalves } from './index.ts';

const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
const read = (dtype: 'float16' | 'bfloat16'): Float32Array => {
  const { arrays } = decodeSafetensors(encodeSafetensors([['w', { dtype, shape: [256, 256], data: all }]]));
  const array = arrays.get('w')!;
  expect([array.dtype, array.shape]).toEqual(['float32', [256, 256]]);
  return array.data as Float32Array;
};

describe('float16', () => {
  const floats = read('float16');

  test('has the value of its definition, IEEE 754-2019, 3.4', () => {
    for (const half of all) {
      const [exponent, mantissa] = [(half >> 10) & 31, half & 1023];
      const size = exponent === 0 ? (mantissa / 1024) * 2 ** -14 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
      const value = exponent < 31 ? size : mantissa === 0 ? Infinity : NaN;
      expect(Object.is(floats[half], half < 0x8000 ? value : -value)).toBe(true);
    }
  });

  // Recorded from NumPy 2.4.6: numpy.uint16(bits).view(numpy.float16).astype(numpy.float32).
  test.each([
    [0x0001, 5.960464477539063e-8],
    [0x03ff, 0.00006097555160522461],
    [0x0400, 0.00006103515625],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0xfc00, -Infinity],
    [0x8000, -0],
  ])('%i is %d', (half, value) => expect(floats[half]).toBe(value));
});

describe('bfloat16', () => {
  const floats = read('bfloat16');
  const bits = new Uint32Array(floats.buffer);

  test('is the upper half of the float32, bit by bit, NaN too', () => {
    for (const half of all) expect(bits[half]).toBe(half * 65_536);
  });

  test.each([
    [0x3f80, 1],
    [0x0001, 9.183549615799121e-41],
    [0x7f7f, 3.3895313892515355e38],
    [0xff80, -Infinity],
    [0x8000, -0],
  ])('%i is %d', (half, value) => expect(floats[half]).toBe(value));
});

// The bits are those of NumPy 2.4.6, too.
test('a NaN of float16 keeps its sign and payload', () => {
  const bits = new Uint32Array(read('float16').buffer);
  expect([bits[0x7e00], bits[0xfe01], bits[0x7c01]]).toEqual([0x7fc00000, 0xffc02000, 0x7f802000]);
});

test('on request they stay what they are, and other arrays always do', () => {
  const bytes = encodeSafetensors([['w', { dtype: 'bfloat16', shape: [2], data: Uint16Array.of(1, 2) }]]);
  const array = decodeSafetensors(bytes, { keepHalves: true }).arrays.get('w')!;
  expect(array).toEqual({ dtype: 'bfloat16', shape: [2], data: Uint16Array.of(1, 2) });
  const doubles = { dtype: 'float64', shape: [1], data: Float64Array.of(0.1) } as const;
  expect(widenHalves(doubles)).toBe(doubles);
  expect(() => decodeSafetensors(bytes, { keepHalfs: true } as never)).toThrow(
    new FormatError('safetensors: keepHalfs is no option; there is keepHalves'),
  );
});

test.each(['F8_E4M3', 'F8_E5M2', 'F4', 'C64'])('%s is refused with its name and that of its array', (dtype) => {
  const header = new TextEncoder().encode(`{"layer.0/w":{"dtype":"${dtype}","shape":[8],"data_offsets":[0,8]}}`);
  const bytes = Uint8Array.from([header.length, 0, 0, 0, 0, 0, 0, 0, ...header, ...new Uint8Array(8)]);
  expect(() => decodeSafetensors(bytes)).toThrow(
    new FormatError(
      `safetensors: array "layer.0/w" has dtype "${dtype}"; known are U64, I64, F64, F32, U32, I32, BF16, F16, U16, I16, I8, U8, BOOL`,
    ),
  );
});
