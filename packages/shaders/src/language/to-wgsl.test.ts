import { expect, test } from 'vitest';
import { toWgsl } from './to-wgsl.ts';

test('declarations, functions and loops have the form of WGSL', () => {
  expect(
    toWgsl(
      'f32 sum(u32 n, f32 first) {\nf32 total = first;\nu32 k;\nfor (u32 j = 0u; j < n; j += 1u) { total += f32(j); }\nreturn total;\n}\n',
    ),
  ).toBe(
    'fn sum(n: u32, first: f32) -> f32 {\nvar total: f32 = first;\nvar k: u32;\nfor (var j: u32 = 0u; j < n; j += 1u) { total += f32(j); }\nreturn total;\n}\n',
  );
  expect(toWgsl('void word(u32 i) {\nr0 = u32(i == 0u);\n}\n')).toBe('fn word(i: u32) {\nr0 = u32(i == 0u);\n}\n');
});
