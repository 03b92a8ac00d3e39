import { specOf } from '@sinapse/core';
import type { View } from '@sinapse/core';
import type { Pass } from '@sinapse/shaders';
import { expect, test } from 'vitest';
import { fragmentShaderOf } from './print.ts';

const view = { ...specOf('float32', [6]), offset: 0 } as unknown as View;
const pass: Pass = {
  key: 'scale',
  outputs: [view],
  inputs: [view],
  parameters: { factor: 3 },
  code: () => 'void word(u32 i) {\nr0 = x0(i) * $factor;\n}\n',
};

test('a parameter is a word of a uniform, or a constant if it is baked', () => {
  expect(fragmentShaderOf(pass, { _size: 6 }, { output: 128, inputs: [128] })).toContain('r0 = x0(i) * p[0][1];');
  expect(fragmentShaderOf({ ...pass, baked: true }, { _size: 6 }, { output: 128, inputs: [128] })).toContain('r0 = x0(i) * 3u;');
});

test('an unknown parameter is an error that names it', () => {
  const wrong: Pass = { ...pass, code: () => 'void word(u32 i) {\nr0 = $facter;\n}\n' };
  expect(() => fragmentShaderOf(wrong, { _size: 6 }, { output: 128, inputs: [128] })).toThrow(
    'a shader reads $facter, which is no parameter of its pass',
  );
});
