// Convolutions of images, [batch, height, width, channels].

import type { Conv2dGeometry, Kernel, Padding2d } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { activated } from './activation.ts';
import { JOINED } from './products.ts';

/** An image with a border. */
export function padded(device: Device, x: TensorInfo, [top, bottom, left, right]: Padding2d, value: number): TensorInfo {
  const paddings = [[0, 0], [top, bottom], [left, right], [0, 0]]; // prettier-ignore
  return paddings.flat().every((width) => width === 0) ? x : device.run('PadV2', { x }, { paddings, constantValue: value });
}

/** An image without its border. */
export function cropped(device: Device, x: TensorInfo, [top, bottom, left, right]: Padding2d): TensorInfo {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  if (top + bottom + left + right === 0) return x;
  return device.run('Slice', { x }, { begin: [0, top, left, 0], size: [batch, height - top - bottom, width - left - right, channels] });
}

/** The shape of an image with a border. */
export function paddedShape([batch, height, width, channels]: readonly number[], [top, bottom, left, right]: Padding2d): number[] {
  return [batch!, height! + top + bottom, width! + left + right, channels!];
}

const NO_PADDING: Padding2d = [0, 0, 0, 0];

/** The border that tfjs gets, and the one that the image gets before. */
export function borders(device: Device, padding: Padding2d): { readonly given: Padding2d; readonly before: Padding2d } {
  return device.profile.anyPadding ? { given: padding, before: NO_PADDING } : { given: NO_PADDING, before: padding };
}

/** A border as tfjs takes it. */
export function padOf(padding: Padding2d): string | number[][] {
  const [top, bottom, left, right] = padding;
  return top + bottom + left + right === 0 ? 'valid' : [[0, 0], [top, bottom], [left, right], [0, 0]]; // prettier-ignore
}

function attrsOf({ strides, dilation }: Conv2dGeometry, padding: Padding2d): object {
  const explicit = padOf(padding);
  const rounding = explicit === 'valid' ? {} : { dimRoundingMode: 'floor' };
  return { strides: [...strides], pad: explicit, dataFormat: 'NHWC', dilations: [...dilation], ...rounding };
}

export function conv2dKernel(device: Device): Kernel<'conv2d'> {
  return ({ in: { x, filter, bias, residual }, out: { y }, attrs, scalars: { alpha } }) => {
    const { given, before } = borders(device, attrs.padding);
    const image = padded(device, device.of(x), before, 0);
    const join = residual === undefined ? JOINED[attrs.activation] : undefined;
    const inputs = { x: image, filter: device.of(filter), ...(bias === undefined ? {} : { bias: device.of(bias) }) };
    const activation = { activation: join ?? 'linear', leakyreluAlpha: alpha };
    const sum = device.run('FusedConv2D', inputs, { ...attrsOf(attrs, given), ...activation });
    const all = residual === undefined ? sum : device.run('Add', { a: sum, b: device.of(residual) });
    device.put(y, join === undefined ? activated(device, all, attrs.activation, alpha) : all);
  };
}

export function conv2dInputGradKernel(device: Device): Kernel<'conv2dInputGrad'> {
  return ({ in: { dy, filter }, out: { dx }, attrs }) => {
    const { given, before } = borders(device, attrs.padding);
    const inputShape = paddedShape(attrs.inputShape, before);
    const whole = device.run(
      'Conv2DBackpropInput',
      { dy: device.of(dy), filter: device.of(filter) },
      { ...attrsOf(attrs, given), inputShape },
    );
    device.put(dx, cropped(device, whole, before));
  };
}

export function conv2dFilterGradKernel(device: Device): Kernel<'conv2dFilterGrad'> {
  return ({ in: { x, dy }, out: { dfilter }, attrs }) => {
    const { given, before } = borders(device, attrs.padding);
    const image = padded(device, device.of(x), before, 0);
    const filterShape = [...attrs.filterShape];
    device.put(dfilter, device.run('Conv2DBackpropFilter', { x: image, dy: device.of(dy) }, { ...attrsOf(attrs, given), filterShape }));
  };
}
