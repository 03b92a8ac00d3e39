// Text from files and arguments is shortened in messages, and costs time in proportion to its length: an expression such as /\s*\n\s*/ takes a
// quarter of an hour for a million spaces, more than a test may take.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SinapseError } from '@sinapse/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { failureLine } from '../src/failure.ts';
import { modelOption } from '../src/option-values.ts';
import { UsageError } from '../src/usage-error.ts';
import { safetensors } from './safetensors.ts';
import { sinapse, testFolder } from './sinapse.ts';

const folder = testFolder();

/** The limit that failure.ts states, with `sinapse: ` and the line's end. */
const LONGEST = 1000 + 'sinapse: \n'.length;

const texts: [string, string][] = [
  ['a million spaces', ' '.repeat(1_000_000)],
  ['a million spaces between letters', `a${' '.repeat(1_000_000)}b`],
  ['3 MB of letters', 'x'.repeat(3_000_000)],
  ['100,000 lines', 'a \n'.repeat(100_000)],
  ['controls of the terminal', '\u001b[2J\u202e\u009b'.repeat(30_000)],
];

interface Parts {
  readonly layer?: unknown;
  readonly option?: unknown;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly array?: string;
  readonly format?: string;
}

/** A model file of one dense layer, with foreign text in one part of it. */
function modelFile({
  layer = 'dense',
  option = 'units',
  value = 2,
  name = 'it',
  array = 'it/kernel',
  format = 'sinapse-model',
}: Parts): Uint8Array {
  const architecture = { layer: 'sequential', arguments: [[[name, { layer, arguments: [{ [String(option)]: value }] }]]] };
  const card = JSON.stringify({ architecture, inputShape: [1, 1, 3] });
  return safetensors(
    { __metadata__: { format, version: '2', card }, [array]: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] } },
    new Uint8Array(24),
  );
}

describe.each(texts)('%s', (_, text) => {
  it.each<[string, Parts]>([
    ['the name of a layer function', { layer: text }],
    ['the name of an option', { option: text }],
    ['the value of an option', { value: text }],
    ['the name of a layer', { name: text }],
    ['the name of an array', { array: text }],
  ])('as %s of a model file', async (_part, parts) => {
    writeFileSync(join(folder, 'model.safetensors'), modelFile(parts));
    for (const verbose of [[], ['--verbose']]) {
      const { code, stdout, stderr } = await sinapse('summary', 'model.safetensors', ...verbose);
      expect(code).toBe(1);
      const [line = '', ...stack] = stderr.split('\n');
      expect(line.length).toBeLessThanOrEqual(LONGEST);
      expect(line).toContain('model.safetensors');
      expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(stack.join('\n').length).toBeLessThanOrEqual(20_000 + 10);
    }
  });

  it('as the format of a file, which is then one of weights only', async () => {
    writeFileSync(join(folder, 'model.safetensors'), modelFile({ format: text }));
    const { code, stdout, stderr } = await sinapse('summary', 'model.safetensors');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('it/kernel');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(LONGEST);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('as a label', async () => {
    const layers = [{ layer: 'flatten', arguments: [] }, ['out', { layer: 'dense', arguments: [{ units: 2, useBias: false }] }]];
    const card = JSON.stringify({ architecture: { layer: 'sequential', arguments: [layers] }, inputShape: [8, 8, 1], labels: [text, 'b'] });
    const head = {
      __metadata__: { format: 'sinapse-model', version: '2', card },
      'out/kernel': { dtype: 'F32', shape: [64, 2], data_offsets: [0, 512] },
    };
    writeFileSync('labels.safetensors', safetensors(head, new Uint8Array(512)));
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toFile('red.png');
    const { code, stdout } = await sinapse('predict', 'labels.safetensors', 'red.png');
    expect(code).toBe(0);
    expect(stdout.length).toBeLessThan(400);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).not.toContain('\u001b[2J');
  });

  it('as a setting of a run', async () => {
    mkdirSync('run', { recursive: true });
    for (const settings of [{ [text]: 1 }, { model: text }, { dataset: text, model: 'lenet5' }]) {
      writeFileSync('run/config.json', JSON.stringify(settings));
      const { code, stderr } = await sinapse('train', '--resume', '--out', 'run');
      expect(code).toBeGreaterThan(0);
      expect(stderr.length).toBeLessThanOrEqual(LONGEST);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('as an option of a model', async () => {
    for (const option of [text, `pooling=${text}`, `${text}=1`, `a=${text}b`]) {
      const { code, stderr } = await sinapse('summary', 'lenet5', '--model-option', option);
      expect(code).toBe(2);
      expect(stderr.length).toBeLessThanOrEqual(LONGEST);
    }
  });

  it('as the name of a command, a model, a data set, a backend', async () => {
    for (const words of [
      [text],
      ['summary', text],
      ['train', '--dataset', text],
      ['backends', text],
      ['predict', 'm', 'f', '--backend', text],
    ]) {
      const { code, stderr } = await sinapse(...words);
      expect(code).toBeGreaterThan(0);
      expect(stderr.length).toBeLessThanOrEqual(LONGEST);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

it('an error that is too long keeps its beginning, and its end, which says what to do', () => {
  const line = failureLine(new UsageError(`the file ${'x'.repeat(3_000_000)} does not fit; choose another`));
  expect(line).toMatch(/^the file xxx.*x…x.*xxx does not fit; choose another$/);
  expect(line).toHaveLength(1000);
  expect(failureLine(new SinapseError('y'.repeat(1000)))).toBe('y'.repeat(1000));
});

it('spaces around the name and the value of an option do not count, those within do', () => {
  expect(modelOption('  a  =  b  c  ')).toEqual({ a: 'b  c' });
  expect(() => modelOption('a b=c')).toThrow('expected a name and a value');
  expect(modelOption('a=b=c')).toEqual({ a: 'b=c' });
});
