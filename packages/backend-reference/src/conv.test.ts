import { describe, it } from 'vitest';
import type { Conv2dGeometry, Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import { arbitrary, compute, EXACT, expectClose, inBothPrecisions, testRecorded } from '../test/harness.ts';

testRecorded('conv');

/** Goes through a convolution by its definition: visits every product of an image value and a filter value once. */
function everyProduct(
  [batch, height, width, channels]: Shape,
  [kernelHeight, kernelWidth, groupChannels, filters]: Shape,
  [, outHeight, outWidth]: Shape,
  { strides, padding, dilation, groups }: Conv2dGeometry,
  visit: (x: number, filter: number, y: number) => void,
): void {
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < kernelWidth; kx++) {
            const iy = oy * strides[0] - padding[0] + ky * dilation[0];
            const ix = ox * strides[1] - padding[2] + kx * dilation[1];
            if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
            for (let f = 0; f < filters; f++)
              for (let c = 0; c < groupChannels; c++) {
                const group = Math.floor(f / (filters / groups));
                const x = ((b * height + iy) * width + ix) * channels + group * groupChannels + c;
                visit(x, ((ky * kernelWidth + kx) * groupChannels + c) * filters + f, ((b * outHeight + oy) * outWidth + ox) * filters + f);
              }
          }
}

interface Shapes {
  readonly x: Shape;
  readonly filter: Shape;
  readonly y: Shape;
}

describe('sizes beyond those that were recorded', () => {
  const plain: Conv2dGeometry = { strides: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 };
  const cases: [string, Shapes, Conv2dGeometry][] = [
    ['many channels', { x: [1, 9, 8, 30], filter: [3, 3, 30, 5], y: [1, 9, 8, 5] }, plain],
    ['many filters', { x: [2, 3, 3, 2], filter: [3, 3, 2, 131], y: [2, 3, 3, 131] }, plain],
    [
      'images that are collected one by one',
      { x: [3, 130, 128, 2], filter: [1, 1, 2, 1], y: [3, 65, 64, 1] },
      { ...plain, strides: [2, 2], padding: [0, 0, 0, 0] },
    ],
    [
      'groups of many channels',
      { x: [1, 5, 5, 60], filter: [3, 3, 30, 4], y: [1, 3, 5, 4] },
      { ...plain, padding: [0, 0, 1, 1], groups: 2 },
    ],
  ];

  inBothPrecisions((backend) => {
    // Elements are multiples of 1/8 and products of 1/64, so that every sum is exact in any order.
    it.each(cases)('%s', (_, shapes, geometry) => {
      const [x, filter, dy] = [arbitrary(shapes.x, 1), arbitrary(shapes.filter, 2), arbitrary(shapes.y, 3)];
      const y = new Float64Array(sizeOf(shapes.y));
      const dx = new Float64Array(sizeOf(shapes.x));
      const dfilter = new Float64Array(sizeOf(shapes.filter));
      everyProduct(shapes.x, shapes.filter, shapes.y, geometry, (xAt, filterAt, yAt) => {
        y[yAt] += x.data[xAt] * filter.data[filterAt];
        dx[xAt] += dy.data[yAt] * filter.data[filterAt];
        dfilter[filterAt] += dy.data[yAt] * x.data[xAt];
      });
      const precision = { output: 'float32', accumulation: 'float32' };
      const linear = { ...geometry, activation: 'linear', precision };
      const forward = { in: { x, filter }, attrs: linear, scalars: { alpha: 0 } };
      expectClose(compute(backend, 'conv2d', forward, 'float32', shapes.y), [...y], EXACT, 'y');
      const inputGrad = { in: { dy, filter }, attrs: { ...geometry, inputShape: shapes.x, precision } };
      expectClose(compute(backend, 'conv2dInputGrad', inputGrad, 'float32', shapes.x, 'dx'), [...dx], EXACT, 'dx');
      const filterGrad = { in: { x, dy }, attrs: { ...geometry, filterShape: shapes.filter, precision } };
      expectClose(compute(backend, 'conv2dFilterGrad', filterGrad, 'float32', shapes.filter, 'dfilter'), [...dfilter], EXACT, 'dfilter');
    });
  });
});
