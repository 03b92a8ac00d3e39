import type { Model } from '@sinapse/core';
import { SinapseError, tensor, use, walk, withBackend, meta } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import type { NamedArray } from '@sinapse/formats';
import {
  batchNorm,
  conv2d,
  convNorm,
  dense,
  dropout,
  flatten,
  layerNorm,
  maxPool2d,
  multiHeadAttention,
  separableConv2d,
  sequential,
} from '@sinapse/layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { lenet5 } from '../lenet5/lenet5.ts';
import { resnet50 } from '../resnet/resnet.ts';
import { exportWeights } from './export-weights.ts';
import { fromTorchOrder, toTorchOrder } from './layout.ts';
import { loadPretrained } from './load-pretrained.ts';
import { PretrainedError } from './misfits.ts';
import { cellsOf } from './cells-of.ts';
import { torchCells } from './torch-cells.ts';

beforeAll(() => void use(reference()));

const model = () => {
  const made = sequential([
    ['conv1', convNorm({ filters: 2, kernelSize: [3, 2], padding: 1 })],
    [
      'block',
      sequential([
        ['conv', conv2d({ filters: 4, kernelSize: 3 })],
        ['norm', batchNorm()],
      ]),
    ],
    ['pool', maxPool2d({ window: 2 })],
    ['flatten', flatten()],
    ['dropout', dropout({ rate: 0.5 })],
    ['hidden', dense({ units: 3 })],
    ['classifier', dense({ units: 2 })],
  ]);
  made.build([8, 7, 3], 1);
  return made;
};

const names = { conv1: 'features.0', 'conv1/norm': 'features.1', block: 'features.3' };

/** Arrays whose values are their index. */
const counting = (cells: readonly { name: string; shape: readonly number[] }[]) =>
  new Map<string, NamedArray>(
    cells.map(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => i) }];
    }),
  );

/** The same names as ours, but for the normalisation of `conv1`. */
const ours = { 'conv1/norm': 'bn1' };
const byPoints = (path: string, part: string) => (path === 'conv1' && part === 'normalisation' ? 'bn1' : path.replaceAll('/', '.'));
const valueAt = (made: Model, path: string) => walk(made).find((named) => named.path === path)!.cell.value;

test('kernels of any size are reordered, there and back', () => {
  for (const kernel of [
    [3, 2, 9, 17],
    [19, 33],
    [5, 1, 2],
    [1, 1, 1, 1],
  ]) {
    const [inputs, outputs] = kernel.slice(-2) as [number, number];
    const data = Float32Array.from({ length: kernel.reduce((product, length) => product * length, 1) }, (_, i) => i);
    const taps = data.length / inputs / outputs;
    const torch = toTorchOrder(data, kernel);
    torch.forEach((value, at) => {
      const [output, input, tap] = [Math.floor(at / taps / inputs), Math.floor(at / taps) % inputs, at % taps];
      expect(value).toBe((tap * inputs + input) * outputs + output);
    });
    expect(fromTorchOrder(torch, kernel)).toEqual(data);
  }
});

describe('the tensors of PyTorch', () => {
  test('have names by the layers, and shapes with the output first', () => {
    const cells = torchCells(model(), byPoints);
    expect(cells.map(({ path, name, shape }) => [path, name, shape])).toEqual([
      ['conv1/kernel', 'conv1.weight', [2, 3, 3, 2]],
      ['conv1/scale', 'bn1.weight', [2]],
      ['conv1/offset', 'bn1.bias', [2]],
      ['conv1/mean', 'bn1.running_mean', [2]],
      ['conv1/variance', 'bn1.running_var', [2]],
      ['block/conv/kernel', 'block.conv.weight', [4, 2, 3, 3]],
      ['block/conv/bias', 'block.conv.bias', [4]],
      ['block/norm/scale', 'block.norm.weight', [4]],
      ['block/norm/offset', 'block.norm.bias', [4]],
      ['block/norm/mean', 'block.norm.running_mean', [4]],
      ['block/norm/variance', 'block.norm.running_var', [4]],
      ['hidden/kernel', 'hidden.weight', [3, 36]],
      ['hidden/bias', 'hidden.bias', [3]],
      ['classifier/kernel', 'classifier.weight', [2, 3]],
      ['classifier/bias', 'classifier.bias', [2]],
    ]);
  });

  test('are found without values, and the model does not change', () => {
    const made = withBackend(meta(), model);
    expect(torchCells(made, byPoints)).toHaveLength(15);
    const before = walk(model()).map(({ cell }) => [...cell.value.dataSync()]);
    const other = model();
    torchCells(other, byPoints);
    expect(walk(other).map(({ cell }) => [...cell.value.dataSync()])).toEqual(before);
  });

  test('of attention lie in one', () => {
    const made = sequential([['norm', layerNorm()], ['attention', multiHeadAttention({ numHeads: 2, keyDim: 2 })]]); // prettier-ignore
    made.build([3, 4], 1);
    const cells = torchCells(made, byPoints);
    expect(cells.map(({ name, shape, part }) => [name, shape, part?.index])).toEqual([
      ['norm.weight', [4], undefined],
      ['norm.bias', [4], undefined],
      ['attention.in_proj_weight', [12, 4], 0],
      ['attention.in_proj_bias', [12], 0],
      ['attention.in_proj_weight', [12, 4], 1],
      ['attention.in_proj_bias', [12], 1],
      ['attention.in_proj_weight', [12, 4], 2],
      ['attention.in_proj_bias', [12], 2],
      ['attention.out_proj.weight', [4, 4], undefined],
      ['attention.out_proj.bias', [4], undefined],
    ]);
  });

  test('of a separable convolution are two modules', () => {
    const made = sequential([['conv', separableConv2d({ filters: 4, kernelSize: 3 })]]);
    made.build([5, 5, 2], 1);
    expect(torchCells(made, byPoints).map(({ name, shape }) => [name, shape])).toEqual([
      ['conv.depthwise.weight', [2, 1, 3, 3]],
      ['conv.pointwise.weight', [4, 2, 1, 1]],
      ['conv.pointwise.bias', [4]],
    ]);
  });

  test('need names of their own', () => {
    expect(() => torchCells(model(), () => 'layer')).toThrow(
      new SinapseError('torch names: "conv1/kernel" and "conv1/scale" would both be "layer.weight"'),
    );
  });
});

describe('loadPretrained', () => {
  test('puts values where the formula needs them', () => {
    const made = model();
    const file = counting(torchCells(made, byPoints));
    const { loaded, kept, ignored } = loadPretrained(made, file, { names: ours });
    expect([loaded.length, kept, ignored]).toEqual([15, [], []]);
    const at = (path: string, ...index: number[]) => {
      const { shape, dataSync } = { shape: valueAt(made, path).shape, dataSync: valueAt(made, path).dataSync() };
      return dataSync[index.reduce((place, i, axis) => place * shape[axis]! + i, 0)];
    };
    // conv1: [3, 2, 3, 2] of ours, [2, 3, 3, 2] of PyTorch.
    expect(at('conv1/kernel', 2, 1, 0, 1)).toBe(18 + 2 * 2 + 1);
    // hidden: the image is [3, 3, 4]; row (y, x, c) is column (c, y, x) of PyTorch.
    expect(at('hidden/kernel', (2 * 3 + 1) * 4 + 3, 1)).toBe(1 * 36 + 3 * 9 + 2 * 3 + 1);
    expect(at('classifier/kernel', 2, 1)).toBe(1 * 3 + 2);
  });

  test('and exportWeights gives the same file back', async () => {
    const attention = sequential([['attention', multiHeadAttention({ numHeads: 2, keyDim: 2 })]]);
    attention.build([3, 4], 1);
    for (const made of [model(), attention]) {
      const file = counting(torchCells(made, byPoints));
      loadPretrained(made, file, { names: ours });
      expect(await exportWeights(made, { names: ours })).toEqual(file);
    }
  });

  test('takes names by path, a common prefix, and leaves counters out', () => {
    const made = model();
    const cells = cellsOf(made, names);
    const file = new Map([...counting(cells)].map(([name, array]) => [`module.${name}`, array]));
    expect([...file.keys()].slice(0, 6)).toEqual([
      'module.features.0.weight',
      'module.features.1.weight',
      'module.features.1.bias',
      'module.features.1.running_mean',
      'module.features.1.running_var',
      'module.features.3.conv.weight',
    ]);
    file.set('module.features.1.num_batches_tracked', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) });
    expect(loadPretrained(made, file, { names }).loaded).toHaveLength(15);
  });

  test('a bias before a normalisation goes into its mean', () => {
    const made = sequential([['conv', convNorm({ filters: 2, kernelSize: 1 })]]);
    made.build([1, 1, 1], 1);
    const vector = (...data: number[]): NamedArray => ({ dtype: 'float32', shape: [2], data: Float32Array.from(data) });
    const file = new Map<string, NamedArray>([
      ['conv.weight', { dtype: 'float32', shape: [2, 1, 1, 1], data: Float32Array.of(1, 2) }],
      ['conv.bias', vector(3, 4)],
      ['bn.weight', vector(1, 1)],
      ['bn.bias', vector(0, 0)],
      ['bn.running_mean', vector(5, 5)],
      ['bn.running_var', vector(1 - 1e-5, 1 - 1e-5)],
    ]);
    loadPretrained(made, file, { names: { 'conv/norm': 'bn' } });
    const y = [...made.call(tensor([10], { shape: [1, 1, 1, 1] })).dataSync()];
    expect(y[0]).toBeCloseTo(10 + 3 - 5, 5);
    expect(y[1]).toBeCloseTo(20 + 4 - 5, 5);
  });

  test('says all that does not fit in a table, and leaves the model as it is', () => {
    const made = model();
    const before = [...valueAt(made, 'conv1/kernel').dataSync()];
    const file = counting(torchCells(made, byPoints));
    file.delete('conv1.weight');
    file.set('extra.weight', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
    file.set('classifier.bias', { dtype: 'float32', shape: [5], data: new Float32Array(5) });
    file.set('hidden.bias', { dtype: 'int32', shape: [3], data: new Int32Array(3) });
    const thrown = (): PretrainedError => {
      try {
        loadPretrained(made, file, { names: ours });
      } catch (error) {
        return error as PretrainedError;
      }
      throw new Error('nothing was thrown');
    };
    expect(thrown()).toBeInstanceOf(PretrainedError);
    expect(thrown().message).toBe(
      'loadPretrained: the file does not fit the model: 1 missing, 1 unexpected, 1 of another shape, 1 of another dtype; the first is "conv1.weight" of "conv1/kernel", which is missing; error.table lists all',
    );
    expect(thrown().table.split('\n')).toEqual([
      'problem     tensor of the file  expected   found  of the model',
      'missing     conv1.weight        [2,3,3,2]  -      conv1/kernel',
      'dtype       hidden.bias         float32    int32  hidden/bias',
      'shape       classifier.bias     [2]        [5]    classifier/bias',
      'unexpected  extra.weight        -          [1]    -',
    ]);
    expect([...valueAt(made, 'conv1/kernel').dataSync()]).toEqual(before);
  });

  test('loads a part on request', () => {
    const made = model();
    const file = counting(torchCells(made, byPoints));
    file.delete('classifier.weight');
    file.set('extra', { dtype: 'float32', shape: [], data: new Float32Array(1) });
    const { kept, ignored } = loadPretrained(made, file, { names: ours, missing: 'keep', unexpected: 'ignore' });
    expect([kept, ignored]).toEqual([['classifier/kernel'], ['extra']]);
  });

  test('knows the names of torchvision', async () => {
    const made = resnet50({ variant: 'v1.5' });
    withBackend(meta(), () => made.build([64, 64, 3], 1));
    const names = cellsOf(made, 'torchvision').map(({ name }) => name);
    expect(names).toHaveLength(53 * 5 + 2);
    expect(names).toEqual(
      expect.arrayContaining(['layer3.5.bn2.running_var', 'layer4.0.downsample.0.weight', 'layer4.0.downsample.1.bias', 'fc.weight']),
    );
    expect(() => cellsOf(lenet5(), 'torchvision')).toThrow(
      /^names: torchvision's names of "lenet5" are not known; known are those of .*resnet50.*; for others, give the names by path$/,
    );
    expect(() => cellsOf(model(), 'torchvision')).toThrow(`names: torchvision's names of "sequential" are not known`);
  });

  test('loads the paths that are meant, whatever the file has for the others', () => {
    const made = model();
    const file = new Map([...counting(torchCells(made, byPoints))].map(([name, array]) => [`module.${name}`, array]));
    file.set('module.classifier.bias', { dtype: 'float32', shape: [5], data: new Float32Array(5) });
    const before = [...valueAt(made, 'classifier/bias').dataSync()];
    const { loaded, kept, ignored } = loadPretrained(made, file, { names: ours, only: (path) => !path.startsWith('classifier/') });
    expect([loaded.length, kept, ignored]).toEqual([
      13,
      ['classifier/kernel', 'classifier/bias'],
      ['module.classifier.weight', 'module.classifier.bias'],
    ]);
    expect([...valueAt(made, 'classifier/bias').dataSync()]).toEqual(before);
    expect(loadPretrained(made, file, { names: ours, only: 'hidden/*' }).loaded).toEqual(['hidden/kernel', 'hidden/bias']);
    expect(() => loadPretrained(made, file, { names: ours, only: 'hiden/*' })).toThrow(
      'loadPretrained: nothing to load; the file has none',
    );
  });

  test.each([
    [{ names: 'torchvison' }, 'loadPretrained: names: expected'],
    [{ names: {}, mising: 'keep' }, 'loadPretrained: mising is no option; did you mean missing?'],
    [{}, 'loadPretrained: names: expected'],
  ])('%j: %s', (options, message) => {
    expect(() => loadPretrained(model(), new Map(), options as never)).toThrow(message);
  });
});
