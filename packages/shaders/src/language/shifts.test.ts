import { expect, test } from 'vitest';
import { withShifts } from './shifts.ts';

test.each([
  ['u32 c = i % 16u;', 'u32 c = (i & 15u);'],
  ['u32 n = i / (4u * 8u * 2u);', 'u32 n = (i >> 6u);'],
  ['u32 y = (i / 16u) % 32u;', 'u32 y = (((i >> 4u)) & 31u);'],
  ['u32 y = i / 16u % 32u;', 'u32 y = ((i >> 4u) & 31u);'],
  ['x0(a + (i + 1u) / 4u)', 'x0(a + ((i + 1u) >> 2u))'],
  ['f32(3u * 2u) + f32(2u * 2u * 2u)', 'f32(6u) + f32(8u)'],
  ['u32 one = i / 1u + i % 1u;', 'u32 one = (i >> 0u) + (i & 0u);'],
])('%s', (code, expected) => {
  expect(withShifts(code)).toBe(expected);
});

test.each(['i / 6u', 'i % $columns', 'a * b / 8u', 'a / b % 4u', 'f(x) / 8u', 'c.x / 8u', 'i / 4', 'i / (65536u * 65536u)'])(
  '%s stays',
  (code) => {
    expect(withShifts(code)).toBe(code);
  },
);

test.each(['i / 8u', 'i % 8u', '(i / 4u) % 16u'])('%s gives the same numbers', (form) => {
  // eslint-disable-next-line no-implied-eval -- the forms above, whose operators mean the same in JavaScript where every quotient is floored
  const evaluate = (code: string) => new Function('i', `return ${code.replaceAll(/(\d)u/g, '$1')}`) as (i: number) => number;
  const [divided, shifted] = [evaluate(form.replace(/i \/ (\d+)u/, 'Math.floor(i / $1)')), evaluate(withShifts(form))];
  const numbers = Array.from({ length: 200 }, (_, i) => i);
  expect(numbers.map(shifted)).toEqual(numbers.map(divided));
});
