// What ops over sequences, images and volumes say to arguments that do not fit: one line that names the function that was called.

import { reference } from '@sinapse/backend-reference';
import { beforeAll, expect, test } from 'vitest';
import * as core from '../index.ts';
import { ones, use } from '../index.ts';

beforeAll(() => void use(reference()));

const MISTAKES: readonly (readonly [() => unknown, string])[] = [
  [() => core.conv1d(ones([1, 4, 4, 1]), ones([2, 1, 1])), 'conv1d: input must be [batch, length, channels], got [1,4,4,1]'],
  [() => core.conv1d(ones([1, 4, 1]), ones([2, 2, 1, 1])), 'conv1d: filter must be [length, channels / groups, filters], got [2,2,1,1]'],
  [() => core.conv1d(ones([1, 4, 2]), ones([2, 3, 1])), 'conv1d: filter expects 3 input channels, input [1,4,2] has 2'],
  [() => core.conv1d(ones([1, 4, 1]), ones([5, 1, 1])), 'conv1d: a window of 5 does not fit into the sequence of [1,4,1], padding [0,0]'],
  [
    () => core.conv1d(ones([1, 4, 3]), ones([2, 1, 4]), { groups: 2 }),
    'conv1d: 2 groups must divide the 3 input channels and the 4 filters',
  ],
  [
    () => core.conv1d(ones([1, 4, 1]), ones([2, 1, 1]), { strides: [1, 1] as never }),
    'conv1d: strides: expected an integer >= 1, got [1,1]',
  ],
  [
    () => core.conv1d(ones([1, 4, 1]), ones([2, 1, 1]), { padding: 'casual' as never }),
    `conv1d: padding: expected 'valid', 'same', 'causal', an integer >= 0 or [before, after], got "casual"; did you mean causal?`,
  ],
  [
    () => core.conv1d(ones([1, 4, 1]), ones([2, 1, 3]), { bias: ones([2]) }),
    'conv1d: bias must be [3], one for each output channel; got [2]',
  ],
  [
    () => core.conv1d(ones([1, 4, 1]), ones([2, 1, 3]), { residual: ones([1, 4, 3]) }),
    'conv1d: residual must be [1,3,3], the shape of the result; got [1,4,3]',
  ],
  [
    () => core.conv3d(ones([1, 4, 4, 1]), ones([2, 2, 2, 1, 1])),
    'conv3d: input must be [batch, depth, height, width, channels], got [1,4,4,1]',
  ],
  [
    () => core.conv3d(ones([1, 2, 4, 4, 1]), ones([3, 3, 3, 1, 1])),
    'conv3d: a window of 3 by 3 by 3 does not fit into the volume of [1,2,4,4,1], padding [0,0,0,0,0,0]',
  ],
  [
    () => core.conv3d(ones([1, 2, 2, 2, 1]), ones([1, 1, 1, 1, 1]), { strides: [1, 2] as never }),
    'conv3d: strides: expected an integer >= 1 or [depth, height, width], got [1,2]',
  ],
  [
    () => core.conv3d(ones([1, 2, 2, 2, 1]), ones([1, 1, 1, 1, 1]), { padding: [1, 1, 1] as never }),
    "conv3d: padding: expected 'valid', 'same', an integer >= 0 or [[front, back], [top, bottom], [left, right]], got [1,1,1]",
  ],
  [() => core.conv3d(ones([1, 2, 2, 2, 1], 'int32'), ones([1, 1, 1, 1, 1])), 'conv3d: takes float32, got int32; cast it'],
  [
    () => core.convTranspose2d(ones([1, 2, 2, 3]), ones([2, 2, 1, 2])),
    'convTranspose2d: filter expects 2 input channels, input [1,2,2,3] has 3',
  ],
  [
    () => core.convTranspose2d(ones([1, 2, 2]), ones([2, 2, 1, 2])),
    'convTranspose2d: input must be [batch, height, width, channels], got [1,2,2]',
  ],
  [
    () => core.convTranspose2d(ones([1, 2, 2, 1]), ones([2, 2, 1, 1]), { strides: 2, outputPadding: 2 }),
    'convTranspose2d: outputPadding [2,2] must be smaller than the strides [2,2]',
  ],
  [
    () => core.convTranspose2d(ones([1, 2, 2, 1]), ones([2, 2, 1, 1]), { strides: 2, outputPadding: 1, padding: 'same' }),
    "convTranspose2d: outputPadding [1,1] is not for padding 'same'",
  ],
  [
    () => core.convTranspose1d(ones([1, 2, 1]), ones([2, 1, 1]), { padding: 2 }),
    'convTranspose1d: the padding [2,2] leaves nothing of the result [1,-1,1]',
  ],
  [
    () => core.convTranspose1d(ones([1, 2, 3]), ones([2, 1, 3]), { groups: 2 }),
    'convTranspose1d: 2 groups must divide the 3 input channels',
  ],
  [
    () => core.convTranspose3d(ones([1, 2, 2, 2, 1]), ones([2, 2, 1, 1])),
    'convTranspose3d: filter must be [depth, height, width, filters / groups, channels], got [2,2,1,1]',
  ],
  [() => core.convTranspose1d(ones([1, 2, 1]), ones([0, 1, 1])), 'convTranspose1d: length of the filter must be an integer from 1 to'],
  [() => core.maxPool1d(ones([1, 4, 4, 1])), 'maxPool1d: input must be [batch, length, channels], got [1,4,4,1]'],
  [
    () => core.maxPool1d(ones([1, 4, 1]), { window: 5 }),
    'maxPool1d: a window of 5 does not fit into the sequence of [1,4,1], padding [0,0]',
  ],
  [
    () => core.avgPool3d(ones([1, 4, 4, 4, 1]), { window: [2, 3, 2], padding: 2 }),
    'avgPool3d: padding [2,2,2,2,2,2] must be smaller than the window [2,3,2], or a window would see nothing',
  ],
  [() => core.maxPool3d(ones([1, 4, 4, 4, 1]), { stride: 1 } as never), 'maxPool3d: stride is no option; did you mean strides?'],
  [() => core.globalMaxPool3d(ones([1, 4, 1])), 'globalMaxPool3d: input must be [batch, depth, height, width, channels], got [1,4,1]'],
  [() => core.globalAvgPool2d(ones([1, 4])), 'globalAvgPool2d: input must be [batch, height, width, channels], got [1,4]'],
  [
    () => core.adaptiveAvgPool2d(ones([1, 4, 4, 1]), 0),
    'adaptiveAvgPool2d: outputSize: expected an integer >= 1 or [height, width], got 0',
  ],
  [() => core.adaptiveMaxPool2d(ones([1, 0, 4, 1]), 1), 'adaptiveMaxPool2d: input [1,0,4,1] has no elements to pool'],
  [() => core.resize(ones([1, 4, 4, 1]), [8]), 'resize: the size [8] is for an input [batch, …, channels] of 3 axes, got [1,4,4,1]'],
  [
    () => core.resize(ones([1, 4, 4, 1]), [8, 0]),
    'resize: size: expected a list of 1 to 3 lengths, each an integer from 1 to 1,048,576, got [8,0]',
  ],
  [
    () => core.resize(ones([1, 4, 4, 1]), [8, 8], { method: 'bilinear' as never }),
    'resize: method: expected one of nearest, linear, got "bilinear"',
  ],
  [() => core.resize(ones([1, 4, 1]), [8], { alignCorners: true }), "resize: alignCorners is for the method 'linear'"],
  [() => core.resize(ones([1, 1, 1]), [2 ** 40], { method: 'linear' }), 'resize: size: expected a list of 1 to 3 lengths'],
  [() => core.adaptiveAvgPool1d(ones([1, 1, 1]), 2 ** 40), 'adaptiveAvgPool1d: outputSize must be an integer from 1 to 1048576'],
  [() => core.resize(ones([1, 0, 1]), [8]), 'resize: input [1,0,1] has no elements to take'],
  [() => core.resize(ones([1, 2, 1], 'int32'), [8], { method: 'linear' }), 'resize: takes float32, got int32; cast it'],
  [() => core.localResponseNorm(ones([4]), { size: 4 }), 'localResponseNorm: size: expected an odd integer >= 1, got 4'],
  [() => core.localResponseNorm(ones([])), 'localResponseNorm: input must be […, channels], got a scalar'],
];

test.each(MISTAKES.map(([call, message]) => [message, call] as const))('%s', (message, call) => {
  expect(call).toThrow(core.SinapseError);
  expect(call).toThrow(message);
});
