import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { valueAndGrad } from '../autodiff/gradient.ts';
import type { Pair } from '../contract/kernels.ts';
import { concat } from '../ops/concat.ts';
import type { ConvolutionOptions } from '../ops/convolution.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad } from '../ops/conv2d.ts';
import { fillAt } from '../ops/fill.ts';
import type { Pool2dOptions } from '../ops/pool2d.ts';
import { avgPool2d, maxPool2d } from '../ops/pool2d.ts';
import { expandDims, reshape, squeeze } from '../ops/reshape.ts';
import type { Range } from '../ops/slice.ts';
import { flip, pad, slice, split } from '../ops/slice.ts';
import { logSumExp, softmax } from '../ops/softmax.ts';
import { max } from '../ops/statistics.ts';
import { broadcastTo, sum } from '../ops/sum.ts';
import { transpose } from '../ops/transpose.ts';
import { full, makerOn, randomUniform, tensor, zeros } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { writeAt } from '../tensor/write.ts';
import { activeBackend, use } from './active-backend.ts';
import { NO_ATTRS, interned } from './attributes.ts';
import { record } from './record.ts';

beforeAll(() => void use(reference()));

describe('interned attributes', () => {
  test('equal ones of one kernel are one frozen object, in whatever order they were written', () => {
    const one = interned('conv2d', { strides: [1, 2], groups: 1, precision: { output: 'float32' } });
    const other = interned('conv2d', { precision: { output: 'float32' }, groups: 1, strides: [1, 2] });
    expect(other).toBe(one);
    expect(interned('conv2d', one)).toBe(one);
    expect([one, one.strides, one.precision].every(Object.isFrozen)).toBe(true);
    expect(one).toMatchObject({ strides: [1, 2], groups: 1 });
    expect(JSON.stringify(NO_ATTRS)).toBe('{}');
  });

  test.each([
    [
      { a: [1, 2], b: [2, 1] },
      { a: [2, 1], b: [1, 2] },
    ], // equal hashes
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: 0 }, { a: -0 }],
    [{ a: [1, 2] }, { a: [1, 2, 3] }],
    [{ a: true }, { a: 1 }],
    [{ a: 'max' }, { a: 'min' }],
  ])('%j and %j differ', (a, b) => {
    expect(interned<object>('test', a)).not.toBe(interned<object>('test', b));
    expect(interned<object>('test', { ...a })).toBe(interned<object>('test', { ...a }));
  });

  test('are copies', () => {
    const strides = [3, 4];
    const own = interned('test', { strides });
    strides[0] = 9;
    expect(own.strides).toEqual([3, 4]);
    expect(interned('test', { strides: [3, 4] })).toBe(own);
  });

  test('ever new ones do not pile up: the table begins anew', () => {
    const first = interned('pile', { begin: [0] });
    for (let i = 1; i <= 2000; i++) interned('pile', { begin: [i] });
    expect(interned('pile', { begin: [0] })).not.toBe(first);
    expect(interned('pile', { begin: [2000] })).toBe(interned('pile', { begin: [2000] }));
  });

  test('are those of recorded calls', () => {
    const x = tensor([[1, 2]]);
    const attrs = (): unknown => record(() => x.sum({ axis: [1] })).calls[0]!.attrs;
    expect(attrs()).toBe(attrs());
  });
});

const image = (): Tensor => tensor(Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)), { shape: [1, 4, 4, 2] }); // prettier-ignore
const filter = (): Tensor => tensor(Float32Array.from({ length: 16 }, (_, i) => Math.cos(i)), { shape: [2, 2, 2, 2] }); // prettier-ignore

/** Options that hold arrays, and these arrays. */
interface Held<Options> {
  readonly options: Options;
  readonly arrays: readonly unknown[][];
}

function geometry(): Held<ConvolutionOptions> {
  const [strides, rows, columns, dilation] = pairs([1, 1], [0, 0], [0, 0], [1, 1]);
  const padding: [Pair, Pair] = [rows!, columns!];
  return {
    options: { strides: strides!, padding, dilation: dilation! },
    arrays: [strides, rows, columns, dilation, padding] as unknown[][],
  };
}

function pooling(): Held<Pool2dOptions> {
  const [window, strides, rows, columns] = pairs([2, 3], [1, 2], [1, 0], [1, 0]);
  const padding: [Pair, Pair] = [rows!, columns!];
  return { options: { window: window!, strides: strides!, padding }, arrays: [window, strides, rows, columns, padding] as unknown[][] };
}

interface Given {
  readonly arrays: readonly unknown[][];
  readonly op: (x: Tensor) => Tensor;
}

const pairs = (...list: Pair[]): Pair[] => list;

/** Ops that take an array, which the test changes as soon as the op has returned. */
const OPS: Readonly<Record<string, () => Given>> = {
  'conv2d: strides, padding, dilation': () => {
    const [strides, rows, columns, dilation] = pairs([2, 1], [1, 0], [1, 0], [1, 2]);
    const padding: [Pair, Pair] = [rows!, columns!];
    return {
      arrays: [strides, rows, columns, dilation, padding] as unknown[][],
      op: (x) => conv2d(x, filter(), { strides: strides!, padding, dilation: dilation! }),
    };
  },
  'conv2dInputGrad: geometry and shape': () => {
    const own = geometry();
    const shape = [1, 5, 5, 2];
    return { arrays: [...own.arrays, shape], op: (x) => conv2dInputGrad(x, filter(), shape, own.options) };
  },
  'conv2dFilterGrad: geometry and shape': () => {
    const own = geometry();
    const shape = [2, 2, 2, 2];
    const dy = full([1, 3, 3, 2], 0.5);
    return { arrays: [...own.arrays, shape], op: (x) => conv2dFilterGrad(x, dy, shape, own.options) };
  },
  'maxPool2d: window, strides, padding': () => {
    const { arrays, options } = pooling();
    return { arrays, op: (x) => maxPool2d(x, options) };
  },
  'avgPool2d: window, strides, padding': () => {
    const { arrays, options } = pooling();
    return { arrays, op: (x) => avgPool2d(x, options) };
  },
  'sum: axes': () => {
    const axes = [1, 2];
    return { arrays: [axes], op: (x) => sum(x, { axis: axes }) };
  },
  'max: axes': () => {
    const axes = [1, 2];
    return { arrays: [axes], op: (x) => max(x, { axis: axes }) };
  },
  'logSumExp: axes': () => {
    const axes = [1, 2];
    return { arrays: [axes], op: (x) => logSumExp(x, { axis: axes }) };
  },
  'softmax: axes': () => {
    const axes = [0, 3];
    return { arrays: [axes], op: (x) => softmax(x, { axis: axes }) };
  },
  'flip: axes': () => {
    const axes = [1, 2];
    return { arrays: [axes], op: (x) => flip(x, axes) };
  },
  'squeeze and expandDims: axes': () => {
    const arrays = [[0], [1, 2]];
    return { arrays, op: (x) => expandDims(squeeze(x, arrays[0]), arrays[1]!) };
  },
  'slice: ranges': () => {
    const ranges: (Range | null)[] = [null, { begin: 1 }, { begin: 0, end: 4, step: 2 }];
    return { arrays: [ranges], op: (x) => slice(x, ranges) };
  },
  'transpose: permutation': () => {
    const order = [3, 0, 2, 1];
    return { arrays: [order], op: (x) => transpose(x, order) };
  },
  'broadcastTo: shape': () => {
    const shape = [3, 4, 4, 2];
    return { arrays: [shape], op: (x) => broadcastTo(x, shape) };
  },
  'reshape: shape': () => {
    const shape = [4, 8];
    return { arrays: [shape], op: (x) => reshape(x, shape) };
  },
  'pad: widths': () => {
    const widths: [number, number][] = [[0, 0], [1, 0], [0, 1], [0, 0]]; // prettier-ignore
    return { arrays: widths, op: (x) => pad(x, widths) };
  },
  'concat: the list': () => {
    const list: Tensor[] = [];
    return {
      arrays: [list],
      op: (x) => {
        list.push(x, x.mul(2));
        return concat(list, 1);
      },
    };
  },
  'split: lengths': () => {
    const lengths = [1, 3];
    return { arrays: [lengths], op: (x) => split(x, lengths, 1)[1]! };
  },
  'fillAt: shape': () => {
    const shape = [4, 4, 2];
    return { arrays: [shape], op: (x) => x.mul(fillAt(x, shape, 3)) };
  },
};

describe('arrays stay the caller’s: changed after the call, they change nothing', () => {
  test.each(Object.entries(OPS))('%s', (_, make) => {
    const run = (change: boolean): readonly (readonly number[])[] => {
      const { arrays, op } = make();
      const x = image();
      const { value, gradients } = valueAndGrad(
        (at) => {
          const y = op(at);
          if (change) for (const array of arrays) array.fill(7);
          return [y.mul(y).sum(), y];
        },
        [x],
      );
      return [value[1].shape, [...value[1].dataSync()], gradients[0]!.shape, [...gradients[0]!.dataSync()]];
    };
    expect(run(true)).toEqual(run(false));
  });

  test.each<[string, (shape: number[]) => Tensor]>([
    ['zeros', (shape) => zeros(shape)],
    ['tensor', (shape) => tensor(new Float32Array(6), { shape })],
    ['randomUniform', (shape) => randomUniform(shape, { seed: 1 })],
    ['fillAt', (shape) => fillAt(makerOn(activeBackend()), shape, 1)],
    ['writeAt', (shape) => writeAt(makerOn(activeBackend()), { dtype: 'float32', shape, size: 6 }, new Float32Array(6))],
  ])('%s: shape', (_, make) => {
    const shape = [2, 3];
    const x = make(shape);
    shape.fill(7);
    expect(x.shape).toEqual([2, 3]);
  });
});

test('valueAndGrad keeps its own list of what to differentiate', () => {
  const wrt = [tensor([2]), tensor([3])];
  const { gradients } = valueAndGrad((a, b) => {
    wrt.length = 0;
    return a.mul(b).sum();
  }, wrt);
  expect(gradients.map((gradient) => gradient.dataSync()[0])).toEqual([3, 2]);
});

describe('shapes are frozen: nobody changes what kernels read', () => {
  const x = (): Tensor => tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  test.each<[string, () => Tensor]>([
    ['tensor', x],
    ['zeros', () => zeros([2, 3])],
    ['randomUniform', () => randomUniform([2, 3], { seed: 1 })],
    ['a view', () => x().reshape([3, 2])],
    ['a part', () => x().slice([0])],
    ['an alias', () => x().alias()],
    ['an op of one tensor', () => x().neg()],
    ['an op that broadcasts', () => x().add(tensor([[1], [2]]))],
    ['a sum', () => x().sum({ axis: 0 })],
    ['a product', () => x().matmul(x().transpose())],
    ['a gradient', () => valueAndGrad((at) => at.sum(), [x()]).gradients[0]!],
    ['writeAt', () => writeAt(makerOn(activeBackend()), { dtype: 'float32', shape: [2], size: 2 }, new Float32Array(2))],
  ])('of %s', (_, make) => {
    const y = make();
    const before = [...y.shape];
    expect(() => ((y.shape as number[])[0] = 1e8)).toThrow(TypeError);
    expect(() => (y.shape as number[]).push(1)).toThrow(TypeError);
    expect(y.shape).toEqual(before);
  });

  test('a size that contradicts the shape is not believed', () => {
    const spec = { dtype: 'float32', shape: [2], size: 1e9 } as const;
    expect(writeAt(makerOn(activeBackend()), spec, new Float32Array(2)).size).toBe(2);
  });
});
