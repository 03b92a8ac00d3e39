// Activations, after a bias or a product, and their gradient from the output.

import type { Activation, Kernel } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { unary } from './unary.ts';

export function activated(device: Device, x: TensorInfo, activation: Activation, alpha: number): TensorInfo {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return device.run('Relu', { x });
    case 'leakyRelu':
      return device.run('LeakyRelu', { x }, { alpha });
    case 'sigmoid':
    case 'tanh':
      return unary(device, activation, x);
  }
}

export function biasActivationKernel(device: Device): Kernel<'biasActivation'> {
  return ({ in: { x, bias }, out: { y }, attrs: { activation }, scalars: { alpha } }) => {
    const sum = bias === undefined ? device.of(x) : device.run('Add', { a: device.of(x), b: device.of(bias) });
    device.put(y, activated(device, sum, activation, alpha));
  };
}

/** dy times the slope of the activation where its output was y. */
function downSlope(device: Device, y: TensorInfo, dy: TensorInfo, activation: Activation, alpha: number): TensorInfo {
  const mul = (a: TensorInfo, b: TensorInfo): TensorInfo => device.run('Multiply', { a, b });
  const oneLess = (x: TensorInfo): TensorInfo => device.run('Sub', { a: device.scalar(1), b: x });
  switch (activation) {
    case 'linear':
      return dy;
    case 'relu':
    case 'leakyRelu': {
      const below = activation === 'relu' ? device.scalar(0) : mul(dy, device.scalar(alpha));
      return device.select(device.run('Greater', { a: y, b: device.scalar(0) }), dy, below, y.shape);
    }
    case 'sigmoid':
      return mul(dy, mul(y, oneLess(y)));
    case 'tanh':
      return mul(dy, oneLess(mul(y, y)));
  }
}

export function biasActivationGradKernel(device: Device): Kernel<'biasActivationGrad'> {
  return ({ in: { y, dy }, out: { dx, dbias }, attrs: { activation, bias }, scalars: { alpha } }) => {
    if (y.size === 0) return device.put(dbias, device.full(dbias.shape, 0, 'float32'));
    const slope = downSlope(device, device.of(y), device.of(dy), activation, alpha);
    device.put(dx, slope);
    if (!bias) return;
    const axes = y.shape.slice(0, -1).map((_, axis) => axis);
    device.put(dbias, axes.length === 0 ? device.of(dx) : device.run('Sum', { x: device.of(dx) }, { axis: axes, keepDims: false }));
  };
}
