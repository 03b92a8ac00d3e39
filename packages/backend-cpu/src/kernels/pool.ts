// Pooling and its gradients.

import type { Kernel, Pool2dGeometry, Shape } from '@sinapse/core';
import { readable } from '@sinapse/core';
import { dtypeNumber } from '../engine/arguments.ts';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type PoolKernel = 'maxPool2d' | 'maxPool2dGrad' | 'avgPool2d' | 'avgPool2dGrad';

export function poolKernels(engine: Engine): { readonly [K in PoolKernel]: Kernel<K> } {
  const maxPool = engine.kernel('max_pool');
  const avgPool = engine.kernel('avg_pool');
  const maxPoolGrad = engine.kernel('max_pool_grad');
  const avgPoolGrad = engine.kernel('avg_pool_grad');
  const fill = engine.kernel('fill');

  return {
    maxPool2d: ({ in: { x }, out: { y }, attrs }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      writePool(args, 2, x.shape, y.shape, attrs);
      if (x.size > 0) maxPool();
      else fillWith(-Infinity, y.size);
    },

    maxPool2dGrad: ({ in: { x, dy }, out: { dx }, attrs }) => {
      if (x.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(dy);
      args[2] = addressOf(dx);
      writePool(args, 3, x.shape, dy.shape, attrs);
      maxPoolGrad();
    },

    avgPool2d: ({ in: { x }, out: { y }, attrs }) => {
      const args = engine.arguments;
      args[0] = addressOf(x);
      args[1] = addressOf(y);
      args[2] = areaOf(attrs);
      writePool(args, 3, x.shape, y.shape, attrs);
      if (x.size > 0) avgPool();
      else fillWith(attrs.includePadding ? 0 : NaN, y.size);
    },

    avgPool2dGrad: ({ in: { dy }, out: { dx }, attrs }) => {
      if (dx.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(dy);
      args[1] = addressOf(dx);
      args[2] = areaOf(attrs);
      writePool(args, 3, dx.shape, dy.shape, attrs);
      avgPoolGrad();
    },
  };

  /** For windows that lie entirely in the padding: fills y, whose address is the second argument, with the value of an empty window. */
  function fillWith(value: number, size: number): void {
    const args = engine.arguments;
    args[0] = args[1];
    args[1] = size;
    args[2] = dtypeNumber('float32');
    args[3] = value;
    fill();
  }
}

/** The number that every sum is divided by; 0 if windows have different numbers of elements inside the image. */
function areaOf({ window, padding, includePadding }: Pool2dGeometry & { readonly includePadding: boolean }): number {
  const whole = padding[0] === 0 && padding[1] === 0 && padding[2] === 0 && padding[3] === 0;
  return includePadding || whole ? window[0] * window[1] : 0;
}

/** Writes the arguments that `read_pool` of kernels/pool/window.h reads. */
function writePool(args: Float64Array, at: number, xShape: Shape, yShape: Shape, { window, strides, padding }: Pool2dGeometry): void {
  const x = readable(xShape);
  const y = readable(yShape);
  args[at] = x[0];
  args[at + 1] = x[3];
  for (let i = 0; i < 2; i++) {
    const from = at + 2 + 5 * i;
    args[from] = x[1 + i];
    args[from + 1] = y[1 + i];
    args[from + 2] = window[i];
    args[from + 3] = strides[i];
    args[from + 4] = padding[2 * i];
  }
}
