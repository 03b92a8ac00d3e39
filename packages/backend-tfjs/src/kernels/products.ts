// Products of matrices.

import type { Activation, Kernel } from '@sinapse/core';
import type { Device } from '../device.ts';
import { activated } from './activation.ts';

/** What tfjs calls the activations that it can join to a product or a convolution. It is left to do so where it computes them exactly. */
export const JOINED: Readonly<Partial<Record<Activation, string>>> = { linear: 'linear', relu: 'relu', leakyRelu: 'leakyrelu' };

export function matmulKernel(device: Device): Kernel<'matmul'> {
  return ({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) => {
    if (a.size === 0) return device.put(y, device.full(y.shape, 0, 'float32'));
    device.put(y, device.run('BatchMatMul', { a: device.of(a), b: device.of(b) }, { transposeA, transposeB }));
  };
}

export function linearKernel(device: Device): Kernel<'linear'> {
  return ({ in: { x, weight, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
    if (x.size === 0) {
      const none = device.full(y.shape, 0, 'float32');
      const sum = bias === undefined ? none : device.run('Add', { a: none, b: device.of(bias) });
      return device.put(y, activated(device, sum, activation, alpha));
    }
    const [a, b] = [x, weight].map((matrix) => device.reshaped(device.of(matrix), [1, ...matrix.shape]));
    const product = device.run(
      '_FusedMatMul',
      { a: a!, b: b!, ...(bias === undefined ? {} : { bias: device.of(bias) }) },
      { transposeA: false, transposeB: false, activation: JOINED[activation] ?? 'linear', leakyreluAlpha: alpha },
    );
    device.put(y, JOINED[activation] === undefined ? activated(device, product, activation, alpha) : product);
  };
}
