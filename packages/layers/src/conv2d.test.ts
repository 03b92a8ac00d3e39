import { Context, biasActivation, conv2d as convolve, parametersOf, tensor, use, zeros } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { conv2d } from './conv2d.ts';
import { constant } from './initializers/distributions.ts';

beforeAll(() => void use(reference()));

const context = new Context();

describe('conv2d', () => {
  test("the lecture's filter with stride 2, through the layer", () => {
    const x = [
      2, 3, 7, 4, 6, 2, 9, 6, 6, 9, 8, 7, 4, 3, 3, 4, 8, 3, 8, 9, 7, 7, 8, 3, 6, 6, 3, 4, 4, 2, 1, 8, 3, 4, 6, 3, 2, 4, 1, 9, 8, 3, 0, 1, 3,
      9, 2, 1, 4,
    ];
    const layer = conv2d({ filters: 1, kernelSize: 3, strides: 2 });
    expect(layer.build([7, 7, 1], 1)).toEqual([3, 3, 1]);
    layer.kernel!.assign(tensor([3, 4, 4, 1, 0, 2, -1, 0, 3]).reshape([3, 3, 1, 1]));
    layer.bias!.assign(tensor([1]));
    expect([...layer.call(tensor(x).reshape([1, 7, 7, 1]), context).dataSync()]).toEqual([92, 101, 89, 70, 92, 118, 45, 73, 75]);
  });

  test.each([
    [{ filters: 4, kernelSize: 5 }, [12, 10, 3], [8, 6, 4], [5, 5, 3, 4]],
    [{ filters: 4, kernelSize: [3, 1], padding: 'same' }, [12, 10, 3], [12, 10, 4], [3, 1, 3, 4]],
    [{ filters: 4, kernelSize: 3, padding: 'same', strides: 2 }, [11, 10, 3], [6, 5, 4], [3, 3, 3, 4]],
    [{ filters: 4, kernelSize: 3, padding: 1, dilation: 2 }, [8, 8, 2], [6, 6, 4], [3, 3, 2, 4]],
    [{ filters: 6, kernelSize: 3, groups: 3 }, [8, 8, 3], [6, 6, 6], [3, 3, 1, 6]],
  ] as const)('%j makes of %j %j, with a kernel %j', (options, input, output, kernel) => {
    const layer = conv2d(options);
    expect(layer.build(input, 1)).toEqual(output);
    expect(layer.kernel!.shape).toEqual(kernel);
    expect(layer.call(zeros([2, ...input]), context).shape).toEqual([2, ...output]);
  });

  test('fuses relu: the same as applying it after', () => {
    const fused = conv2d({ filters: 3, kernelSize: 3, activation: 'relu', biasInitializer: constant(-0.1) });
    fused.build([5, 5, 2], 1);
    const x = tensor(
      Float32Array.from({ length: 50 }, (_, i) => Math.sin(i)),
      { shape: [1, 5, 5, 2] },
    );
    const apart = biasActivation(convolve(x, fused.kernel!.value), fused.bias!.value, { activation: 'relu' });
    const expected = apart.dataSync();
    fused
      .call(x, context)
      .dataSync()
      .forEach((y, i) => expect(y).toBeCloseTo(expected[i]!, 6)); // the sums may be added, and so rounded, in another order
  });

  test('lists kernel and bias, or the kernel alone', () => {
    const withBias = conv2d({ filters: 2, kernelSize: 1 });
    withBias.build([1, 1, 1], 1);
    expect(parametersOf(withBias).map(({ path }) => path)).toEqual(['kernel', 'bias']);
    const without = conv2d({ filters: 2, kernelSize: 1, useBias: false });
    without.build([1, 1, 1], 1);
    expect(parametersOf(without).map(({ path }) => path)).toEqual(['kernel']);
  });

  test('refuses options and shapes that cannot be', () => {
    expect(() => conv2d({ filters: 0, kernelSize: 3 })).toThrow('conv2d: filters: expected an integer >= 1, got 0');
    expect(() => conv2d({ filters: 1, kernelSize: [3, 0] })).toThrow(
      'conv2d: kernelSize: expected an integer >= 1 or [height, width], got [3,0]',
    );
    expect(() => conv2d({ filters: 1, kernelSize: 3, strides: 0 })).toThrow('conv2d: strides: expected');
    expect(() => conv2d({ filters: 1, kernelSize: 3 }).build([28, 28], 1)).toThrow(
      'conv2d: each example must be [height, width, channels], got [28,28]',
    );
    expect(() => conv2d({ filters: 4, kernelSize: 3, groups: 2 }).build([8, 8, 3], 1)).toThrow(
      'conv2d: 2 groups must divide the 3 input channels and the 4 filters',
    );
    expect(() => conv2d({ filters: 1, kernelSize: 5 }).build([4, 4, 1], 1)).toThrow('conv2d: a window of 5 by 5 does not fit');
    expect(() => conv2d({ filters: 1, kernelSize: 5, padding: 'sam' as 'same' })).toThrow(
      `conv2d: padding: expected 'valid', 'same', an integer >= 0 or [[top, bottom], [left, right]], got "sam"; did you mean same?`,
    );
    expect(() => conv2d({ filters: 1, kernelSize: 5, padding: [1, 2] as never })).toThrow('[[top, bottom], [left, right]], got [1,2]');
    expect(() => conv2d({ filters: 1, kernelSize: 5, padding: -1 })).toThrow('an integer >= 0');
    expect(() => conv2d({ filters: 1, kernelSize: 5, padding: null as never })).toThrow('an integer >= 0');
    expect(() => conv2d({ filters: 1, kernelSize: 1 }).call(zeros([1, 1, 1, 1]), context)).toThrow('conv2d: has no parameters yet');
  });
});
