// Every public function, called with values that it cannot take: it works, or throws a FormatError of one line, never a raw TypeError.

import { expect, test } from 'vitest';
import * as hdf5 from './hdf5/index.ts';
import * as formats from './index.ts';

const junk = [
  undefined,
  null,
  0,
  -1.5,
  NaN,
  'junk',
  true,
  {},
  { junk: 1 },
  [],
  [null],
  [['a', null]],
  () => {},
  Symbol('junk'),
  new ArrayBuffer(4),
];

const functions = Object.entries({ ...formats, ...hdf5 }).filter(([name]) => name !== 'FormatError') as [
  string,
  (...given: unknown[]) => unknown,
][];

test('functions are known', () => expect(functions.length).toBeGreaterThanOrEqual(11));

test.each(functions)('%s', async (_, call) => {
  const wrong: string[] = [];
  for (const given of [[], ...junk.map((value) => [value]), ...junk.map((value) => [new Uint8Array(3), value])]) {
    try {
      await call(...given);
    } catch (error) {
      const isRight = error instanceof formats.FormatError && /^\w+: .+$/u.test(error.message);
      if (!isRight) wrong.push(`${given.map(String).join(', ')}: ${String(error)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('a buffer is told from its bytes', () =>
  expect(() => formats.decodeArrays(new ArrayBuffer(4) as never)).toThrow(
    'arrays: expected the bytes of a file, a Uint8Array, got a value of type ArrayBuffer; new Uint8Array(buffer) makes one of it',
  ));
