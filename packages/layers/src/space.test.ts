// Layers over sequences, images and volumes: their values, their parameters, and what they say to mistakes. every-layer.test.ts has what holds for
// all layers, and core compares its ops with PyTorch's.

import { reference } from '@sinapse/backend-reference';
import type { Shape, Tensor } from '@sinapse/core';
import {
  Context,
  SinapseError,
  add,
  concat,
  conv1d as convolveSequence,
  conv2d as convolve,
  parametersOf,
  slice,
  tensor,
  use,
  zeros,
} from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Layer } from './index.ts';
import * as layers from './index.ts';
import { conv1d, conv2dTranspose, cropping2d, depthwiseConv2d, localResponseNorm, residual, separableConv2d, sequential, upSampling2d, zeroPadding1d } from './index.ts'; // prettier-ignore

beforeAll(() => void use(reference({ precision: 'float64' })));

/** Values that differ, of both signs. */
const waves = (...shape: number[]): Tensor =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + i)),
    { shape },
  );

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  actual.dataSync().forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 12));
}

const built = <L extends Layer>(layer: L, inputShape: Shape): L => {
  layer.build(inputShape, 3);
  return layer;
};

const paths = (layer: Layer): (readonly [string, Shape])[] => parametersOf(layer).map(({ path, cell }) => [path, cell.shape] as const);

describe('depthwise and separable convolution', () => {
  test('depthwise: every channel is convolved with its own filters', () => {
    const layer = built(depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2, useBias: false }), [6, 5, 3]);
    expect(paths(layer)).toEqual([['kernel', [3, 3, 1, 6]]]);
    const x = waves(2, 6, 5, 3);
    const channels = [0, 1, 2].map((c) => {
      const part = (from: Tensor, begin: number, count: number): Tensor => slice(from, [null, null, null, { begin, end: begin + count }]);
      return convolve(part(x, c, 1), part(layer.kernel!.value, 2 * c, 2), { strides: 2 });
    });
    expectClose(layer.call(x), concat(channels, 3));
  });

  test('separable: a depthwise convolution, and a mixture of channels with bias and activation', () => {
    const layer = built(separableConv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' }), [5, 4, 3]);
    expect(paths(layer)).toEqual([
      ['depthwiseKernel', [3, 3, 1, 3]],
      ['pointwiseKernel', [1, 1, 3, 4]],
      ['bias', [4]],
    ]);
    layer.bias!.assign(tensor([1, 2, 3, 4]));
    const x = waves(1, 5, 4, 3);
    const inner = convolve(x, layer.depthwiseKernel!.value, { padding: 'same', groups: 3 });
    expectClose(
      layer.call(x),
      convolve(inner, layer.pointwiseKernel!.value)
        .add(tensor([1, 2, 3, 4]))
        .tanh(),
    );
  });
});

test('a residual block of sequences adds its input, also in the kernel of its last convolution', () => {
  const last = conv1d({ filters: 2, kernelSize: 3, padding: 'causal', dilation: 2 });
  const block = built(residual([last], { activation: 'relu' }), [6, 2]);
  const x = waves(2, 6, 2);
  const y = convolveSequence(x, last.kernel!.value, { padding: 'causal', dilation: 2 });
  expectClose(block.call(x, new Context()), add(y, x).relu());
});

test("a decoder of transposed convolutions returns to the encoder's shape", () => {
  const [encoder, decoder] = [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 1 }), conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 1, outputPadding: [0, 1] })]; // prettier-ignore
  expect(sequential([encoder, decoder]).build([7, 8, 3], 1)).toEqual([7, 8, 3]);
  expect(paths(decoder)).toEqual([
    ['kernel', [3, 3, 3, 4]],
    ['bias', [3]],
  ]);
});

test('upsampling repeats, or interpolates between areas or between corners', () => {
  const x = tensor([0, 4]).reshape([1, 1, 2, 1]);
  const run = (options: Parameters<typeof upSampling2d>[0]): number[] => [
    ...upSampling2d({ size: [1, 2], ...options })
      .call(x)
      .dataSync(),
  ];
  expect(run({})).toEqual([0, 0, 4, 4]);
  expect(run({ interpolation: 'bilinear' })).toEqual([0, 1, 3, 4]);
  expect(run({ interpolation: 'bilinear', alignCorners: true }).map((value) => Number(value.toFixed(12)))).toEqual([0, 1.333333333333, 2.666666666667, 4]); // prettier-ignore
});

test('zeros around a sequence, and an image without its sides', () => {
  expect([
    ...zeroPadding1d({ padding: [2, 1] })
      .call(tensor([1, 2]).reshape([1, 2, 1]))
      .dataSync(),
  ]).toEqual([0, 0, 1, 2, 0]);
  const image = tensor(Float64Array.from({ length: 12 }, (_, i) => i), { shape: [1, 3, 4, 1] }); // prettier-ignore
  const cropped = cropping2d({
    cropping: [
      [1, 0],
      [0, 3],
    ],
  }).call(image);
  expect([cropped.shape, [...cropped.dataSync()]]).toEqual([
    [1, 2, 1, 1],
    [4, 8],
  ]);
});

test("local response normalisation with AlexNet's constants", () => {
  const x = [10, -20, 30, 40, -50, 60, 70];
  const y = [
    ...localResponseNorm()
      .call(tensor(x).reshape([1, 7]))
      .dataSync(),
  ];
  const expected = x.map((value, i) => {
    const squares = x.slice(Math.max(0, i - 2), i + 3).reduce((sum, near) => sum + near * near, 0);
    return value / (2 + 1e-4 * squares) ** 0.75;
  });
  y.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
});

const MISTAKES: readonly (readonly [() => unknown, string])[] = [
  [() => layers.conv1d({ filters: 1, kernelSize: 3 }).build([8, 8, 1]), 'conv1d: each example must be [length, channels], got [8,8,1]'],
  [() => layers.conv1d({ filters: 1, kernelSize: 9 }).build([8, 1]), 'conv1d: a window of 9 does not fit into the sequence of [1,8,1]'],
  [() => layers.conv1d({ filters: 1, kernelSize: [3] as never }), 'conv1d: kernelSize: expected an integer >= 1, got [3]'],
  [() => layers.conv1d({ filters: 1, kernelSize: 3, padding: 'casual' as never }), 'did you mean causal?'],
  [
    () => layers.conv3d({ filters: 1, kernelSize: 3 }).build([8, 8, 1]),
    'conv3d: each example must be [depth, height, width, channels], got [8,8,1]',
  ],
  [
    () => layers.conv3d({ filters: 4, kernelSize: 3, groups: 2 }).build([8, 8, 8, 3]),
    'conv3d: 2 groups must divide the 3 input channels and the 4 filters',
  ],
  [
    () => conv2dTranspose({ filters: 3, kernelSize: 3, groups: 2 }).build([8, 8, 2]),
    'conv2dTranspose: 2 groups must divide the 2 input channels and the 3 filters',
  ],
  [
    () => conv2dTranspose({ filters: 3, kernelSize: 3, outputPadding: 1 }).build([8, 8, 2]),
    'outputPadding [1,1] must be smaller than the strides [1,1]',
  ],
  [() => depthwiseConv2d({ kernelSize: 3, filters: 3 } as never), 'depthwiseConv2d: filters is no option'],
  [() => depthwiseConv2d({ kernelSize: 3 }).build([8, 3]), 'depthwiseConv2d: each example must be [height, width, channels], got [8,3]'],
  [() => separableConv2d({ filters: 2, kernelSize: 3 }).build([2, 8, 3]), 'a window of 3 by 3 does not fit into the image of [1,2,8,3]'],
  [() => layers.maxPool1d({ window: 5 }).build([4, 1]), 'maxPool1d: a window of 5 does not fit into the sequence of [1,4,1]'],
  [() => layers.avgPool3d().build([4, 4, 1]), 'avgPool3d: input must be [batch, depth, height, width, channels], got [1,4,4,1]'],
  [() => layers.globalMaxPool1d().build([4, 4, 1]), 'globalMaxPool1d: input must be [batch, length, channels], got [1,4,4,1]'],
  [
    () => layers.adaptiveAvgPool2d({} as never),
    'adaptiveAvgPool2d: outputSize: expected an integer >= 1 or [height, width], got undefined',
  ],
  [
    () => layers.adaptiveMaxPool3d({ outputSize: [1, 2] as never }),
    'adaptiveMaxPool3d: outputSize: expected an integer >= 1 or [depth, height, width], got [1,2]',
  ],
  [() => layers.zeroPadding2d({ padding: [1, 1] as never }), 'zeroPadding2d: padding: expected an integer >= 0 or [[top, bottom], [left, right]], got [1,1]'], // prettier-ignore
  [() => layers.zeroPadding1d().build([4, 4, 1]), 'zeroPadding1d: input must be [batch, length, channels], got [1,4,4,1]'],
  [() => cropping2d({ cropping: 2 }).build([4, 8, 1]), 'cropping2d: the cropping 2 leaves nothing of the input [1,4,8,1]'],
  [
    () => upSampling2d({ interpolation: 'linear' as never }),
    'upSampling2d: interpolation: expected one of nearest, bilinear, got "linear"',
  ],
  [() => upSampling2d({ alignCorners: true }), "upSampling2d: alignCorners is for the interpolation 'bilinear'"],
  [() => localResponseNorm({ size: 4 }), 'localResponseNorm: size: expected an odd integer >= 1, got 4'],
  [
    () => sequential([['head', sequential([['up', upSampling2d()]])]]).call(zeros([1, 4, 1])),
    'head/up: upSampling2d: input must be [batch, height, width, channels], got [1,4,1]',
  ],
];

test.each(MISTAKES.map(([call, message]) => [message, call] as const))('%s', (message, call) => {
  expect(call).toThrow(SinapseError);
  expect(call).toThrow(message);
});
