import { use } from '@sinapse/core';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOf, ConvNet, Linear } from '../test/tiny.ts';
import type { LoadWeightsOptions } from './index.ts';
import { decodeModel, encodeModel, loadWeights } from './index.ts';

beforeAll(() => void use(poisoned()));

const fileOf = async (model: ConvNet | Linear) => decodeModel(await encodeModel(model, { architecture: null }));

test('a whole file, or its arrays', async () => {
  const trained = new ConvNet(3, 1);
  const file = await fileOf(trained);
  for (const source of [file, file.arrays]) {
    const model = new ConvNet(3, 2);
    expect(loadWeights(model, source)).toEqual({ loaded: ['filter', 'dense/kernel', 'dense/bias'], kept: [], ignored: [] });
    expect(bitsOf(model)).toEqual(bitsOf(trained));
  }
});

test.each<[string, LoadWeightsOptions]>([
  ['a pattern', { only: 'f*r' }],
  ['a function', { only: (path) => !path.startsWith('dense/') }],
])('a part by %s, where the rest does not fit', async (_, options) => {
  const trained = new ConvNet(3, 1);
  const model = new ConvNet(5, 2);
  const before = bitsOf(model);
  expect(loadWeights(model, await fileOf(trained), options)).toEqual({
    loaded: ['filter'],
    kept: ['dense/kernel', 'dense/bias'],
    ignored: ['dense/bias', 'dense/kernel'], // in the order of the file
  });
  expect(bitsOf(model)).toEqual({ ...before, filter: bitsOf(trained)['filter'] });
});

test('what one side lacks is refused, unless it is said to be right', async () => {
  const { arrays } = await fileOf(new ConvNet(3, 1));
  const partial = new Map([...arrays].filter(([path]) => path !== 'filter').concat([['extra', arrays.get('filter')!]]));
  const model = new ConvNet(3, 2);
  const before = bitsOf(model);
  expect(() => loadWeights(model, partial)).toThrow('weights: "filter" is missing');
  expect(() => loadWeights(model, partial, { missing: 'keep' })).toThrow('weights: the model has no "extra"');
  expect(() => loadWeights(model, partial, { unexpected: 'ignore' })).toThrow('weights: "filter" is missing');
  expect(bitsOf(model)).toEqual(before);
  expect(loadWeights(model, partial, { missing: 'keep', unexpected: 'ignore' })).toEqual({
    loaded: ['dense/kernel', 'dense/bias'],
    kept: ['filter'],
    ignored: ['extra'],
  });
});

test('mistakes are named, and change nothing', async () => {
  const file = await fileOf(new ConvNet(3, 1));
  const model = new ConvNet(5, 2);
  const before = bitsOf(model);
  expect(() => loadWeights(model, file, { only: 'conv*' })).toThrow(
    'weights: nothing to load for "conv*"; the model has "filter, dense/kernel, dense/bias"',
  );
  expect(() => loadWeights(model, file, { only: 'd.*' })).toThrow('weights: nothing to load for "d.*"');
  expect(() => loadWeights(model, file, { only: 'dense/*' })).toThrow('weights: "dense/kernel" has shape [36,3], the model\'s has [36,5]');
  expect(() => loadWeights(model, file, { onli: 'f*' } as never)).toThrow('loadWeights: onli is no option; did you mean only?');
  expect(() => loadWeights(model, file, { missing: 'ignore' as 'keep' })).toThrow('loadWeights: missing: expected one of refuse, keep');
  expect(() => loadWeights(model, 'net.safetensors' as never)).toThrow(
    'loadWeights: the file: expected a model file, as loadModel returns it, or its arrays, got "net.safetensors"',
  );
  expect(() => loadWeights(undefined as never, file)).toThrow('loadWeights: the model: expected a model, got undefined');
  expect(bitsOf(model)['dense/kernel']).toEqual(before['dense/kernel']);
});

test.each([
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*b*', 'abc', true],
  ['a*b*c', 'a/b/x/c', true],
  ['a*b*c', 'acb', false],
  ['**', 'any', true],
  ['a', 'aa', false],
  ['*ab', 'aab', true],
  ['*a'.repeat(20), 'a'.repeat(200_000), true], // an expression with as many .* would take for ever
  [`${'*a'.repeat(20)}*b`, 'a'.repeat(200_000), false],
])('the pattern %.20s of the path %.20s: %s', (only, path, matches) => {
  const model = { [path]: new Linear(1, 1).bias };
  expect(loadWeights(model, new Map([[path, { dtype: 'float32', shape: [1], data: Float32Array.of(5) }]]), { only: matches ? only : '*' }).loaded).toEqual([path]); // prettier-ignore
  if (!matches) expect(() => loadWeights(model, new Map(), { only })).toThrow('weights: nothing to load');
});
