// Filters prepared for a convolution are kept with the filter, reused, and prepared again when it has changed.

import { describe, expect, it } from 'vitest';
import type { Backend, Conv2dGeometry, Pair, Shape, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import { cpu } from '../src/index.ts';
import { fusedReference } from '@sinapse/backend-reference/fused';
import { engines, smallIntegers } from './fuzz.ts';

it('prepares a filter again when it has been written to, and for every view of it', async () => {
  const backend: Backend = await cpu({ poison: true });
  const ones = (shape: Shape, fill = 1): View => {
    const view = { ...specOf('float32', shape), storage: backend.allocate(specOf('float32', shape)), offset: 0 };
    backend.write(view, new Float32Array(view.size).fill(fill));
    return view;
  };
  const [x, y, filter] = [ones([1, 4, 4, 3]), ones([1, 2, 2, 2]), ones([3, 3, 6, 2])];
  const half = { ...filter, ...specOf('float32', [3, 3, 3, 2]) };
  const geometry: Conv2dGeometry = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };
  const convolve = (view: View): number => {
    const attrs = { ...geometry, activation: 'linear', precision: { output: 'float32', accumulation: 'float32' } } as const;
    backend.kernels.conv2d!({ in: { x, filter: view }, out: { y }, attrs, scalars: { alpha: 0 } });
    return backend.readSync!(y)[0];
  };
  const inputGrad = (view: View): number => {
    const attrs = { ...geometry, inputShape: x.shape, precision: { output: 'float32', accumulation: 'float32' } } as const;
    backend.kernels.conv2dInputGrad!({ in: { dy: ones(y.shape), filter: view }, out: { dx: x }, attrs, scalars: {} });
    const first = backend.readSync!(x)[0];
    backend.write(x, new Float32Array(x.size).fill(1));
    return first;
  };
  expect([convolve(half), convolve({ ...half, offset: half.size }), inputGrad(half)]).toEqual([27, 27, 2]);
  // Does what an optimizer does: writes in place, after which core raises the version.
  backend.write({ ...half, offset: half.size }, new Float32Array(half.size).fill(3));
  filter.storage.version++;
  expect([convolve(half), convolve({ ...half, offset: half.size })]).toEqual([27, 81]);
  expect([inputGrad(half), inputGrad({ ...half, offset: half.size })]).toEqual([2, 6]);
  await backend.close();
});

describe('a filter that was made ready for one image serves others', () => {
  const precision = { output: 'float32', accumulation: 'float32' } as const;
  /** The gradients of images of these heights and widths, one after the other, with one filter. */
  const gradients = (backend: Backend, filter: Shape, geometry: Conv2dGeometry, images: readonly Pair[]): number[][] => {
    const view = (shape: Shape, seed: number): View => {
      const made = { ...specOf('float32', shape), storage: backend.allocate(specOf('float32', shape)), offset: 0 };
      backend.write(made, smallIntegers('float32', shape, seed).data);
      return made;
    };
    const channels = filter[2] * geometry.groups;
    const weights = view(filter, 1);
    return images.map(([height, width], seed) => {
      const dx = view([1, height, width, channels], 2);
      const [outHeight, outWidth] = [height, width].map(
        (length, axis) => Math.floor((length + 2 - filter[axis]) / geometry.strides[axis]) + 1,
      );
      const dy = view([1, outHeight, outWidth, filter[3]], 3 + seed);
      backend.kernels.conv2dInputGrad!({
        in: { dy, filter: weights },
        out: { dx },
        attrs: { ...geometry, inputShape: dx.shape, precision },
        scalars: {},
      });
      return [...backend.readSync!(dx)];
    });
  };
  const padding = [1, 1, 1, 1] as const;
  const dilation = [1, 1] as const;
  for (const [name, filter, geometry, images] of [
    ['the first has no odd pixels', [3, 3, 1, 16], { strides: [2, 2], padding, dilation, groups: 16 }, [[1, 1], [8, 8]]], // prettier-ignore
    ['the first has no odd pixels, in one group', [3, 3, 16, 16], { strides: [2, 2], padding, dilation, groups: 1 }, [[1, 1], [8, 8], [1, 8]]], // prettier-ignore
    ['the first is narrow, with few channels', [3, 3, 4, 16], { strides: [1, 1], padding, dilation, groups: 1 }, [[4, 4], [16, 16], [4, 40], [5, 3]]], // prettier-ignore
    ['the first is wide, with few channels', [5, 5, 2, 9], { strides: [1, 1], padding, dilation, groups: 1 }, [[40, 40], [5, 5], [9, 64]]], // prettier-ignore
  ] as const) {
    it(`where ${name}`, () => {
      const wanted = gradients(fusedReference({ precision: 'float64' }), filter, geometry, images);
      for (const { name: engine, many } of engines) {
        expect({ engine, dx: gradients(many, filter, geometry, images) }).toEqual({ engine, dx: wanted });
      }
    });
  }
});

it('reads its arguments where they are after the memory has grown for a filter', async () => {
  const backend: Backend = await cpu({ engine: 'wasm', instructionSet: 'simd128', threads: 1 }); // without threads, growing moves the memory
  const filled = (shape: Shape, fill: number): View => {
    const view = { ...specOf('float32', shape), storage: backend.allocate(specOf('float32', shape)), offset: 0 };
    backend.write(view, new Float32Array(view.size).fill(fill));
    return view;
  };
  const geometry: Conv2dGeometry = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };
  const precision = { output: 'float32', accumulation: 'float32' } as const;
  for (const filters of [1024, 1600, 2400, 3600, 5200, 8000, 12_000, 18_000]) {
    const [x, filter, y] = [filled([1, 1, 1, 64], 1), filled([1, 1, 64, filters], 1), filled([1, 1, 1, filters], 0)];
    backend.kernels.conv2d!({
      in: { x, filter },
      out: { y },
      attrs: { ...geometry, activation: 'linear', precision },
      scalars: { alpha: 0 },
    });
    expect([...new Set(backend.readSync!(y))]).toEqual([64]);
    backend.kernels.conv2dInputGrad!({
      in: { dy: y, filter },
      out: { dx: x },
      attrs: { ...geometry, inputShape: x.shape, precision },
      scalars: {},
    });
    expect([...new Set(backend.readSync!(x))]).toEqual([64 * filters]);
  }
  await backend.close();
});
