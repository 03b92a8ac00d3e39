import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeSafetensors } from '@sinapse/formats';
import { expect, test } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';

const folder = testFolder();
const fixture = (name: string): string => fileURLToPath(new URL(`../../../packages/zoo/fixtures/${name}`, import.meta.url));

test('summary lists the tensors of a file of PyTorch', async () => {
  copyFileSync(fixture('trained.pt'), join(folder, 'trained.pt'));
  const { code, stdout, stderr } = await sinapse('summary', 'trained.pt');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(0, 6)).toEqual([
    'trained.pt, 12 tensors',
    '',
    'features.0.weight               float32  [4,1,3,3]  36',
    'features.1.weight               float32  [4]        4',
    'features.1.bias                 float32  [4]        4',
    'features.1.running_mean         float32  [4]        4',
  ]);
  expect(stdout).toMatch(/^total +526$/m);
});

test('of NumPy and of another library, and for programs', async () => {
  const array = { dtype: 'bfloat16', shape: [2, 1], data: new Uint16Array(2) } as const;
  writeFileSync(join(folder, 'other.safetensors'), encodeSafetensors([['a\u001b[31m', array]]));
  const { events } = await sinapse('summary', 'other.safetensors', '--json');
  expect(events).toEqual([
    { event: 'tensors', file: 'other.safetensors', values: 2, tensors: [{ name: 'a?[31m', dtype: 'bfloat16', shape: [2, 1], size: 2 }] },
  ]);
  copyFileSync(fixture('trained.npz'), join(folder, 'trained.npz'));
  const narrow = await sinapse('summary', 'trained.npz', '--json');
  expect(narrow.events[0]).toMatchObject({ event: 'tensors', values: 526 });
});

test.each([
  ['legacy.pt', 'sinapse: legacy.pt: pytorch: the file has the form before PyTorch 1.6, a bare pickle; write it again'],
  ['text.npz', 'sinapse: text.npz: safetensors: the file has 5 bytes'],
])('%s is refused in one line', async (name, message) => {
  writeFileSync(join(folder, name), name === 'legacy.pt' ? Uint8Array.of(0x80, 2, 0x2e) : 'hello');
  const { code, stdout, stderr } = await sinapse('summary', name);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
  expect(stderr.trim()).not.toContain('\n');
});

test('of Keras', async () => {
  for (const [name, tensor] of [
    ['keras3.keras', 'norm1/gamma'],
    ['keras3.weights.h5', 'layers/conv2d/vars/0'],
  ] as const) {
    copyFileSync(fileURLToPath(new URL(`../../../packages/formats/fixtures/${name}`, import.meta.url)), join(folder, name));
    const { events } = await sinapse('summary', name, '--json');
    expect(events[0]!['tensors']).toContainEqual(expect.objectContaining({ name: tensor, dtype: 'float32' }));
  }
});

test('options of architectures are refused', async () => {
  const { code, stderr } = await sinapse('summary', 'trained.pt', '--input', '8,8,1');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--input is for the name of an architecture')]);
});
