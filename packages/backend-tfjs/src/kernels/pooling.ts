// The maximum or the mean of windows of images.

import type { Kernel, Padding2d, Pool2dGeometry } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { borders, cropped, padOf, padded, paddedShape } from './convolution.ts';

/** Below every finite float32 that tfjs compares with. */
const LOWEST = -Infinity;

function attrsOf({ window, strides }: Pool2dGeometry, padding: Padding2d): object {
  const explicit = padOf(padding);
  const rounding = explicit === 'valid' ? {} : { dimRoundingMode: 'floor' };
  return { filterSize: [...window], strides: [...strides], pad: explicit, ...rounding };
}

/** tfjs passes over NaN: where a backend keeps it, a second pass over the places of NaN puts it back. */
export function maxPool2dKernel(device: Device): Kernel<'maxPool2d'> {
  return ({ in: { x }, out: { y }, attrs }) => {
    const { given, before } = borders(device, attrs.padding);
    const image = padded(device, device.of(x), before, LOWEST);
    const largest = device.run('MaxPool', { x: image }, attrsOf(attrs, given));
    if (!device.profile.floats.nan) return device.put(y, largest);
    const places = device.cast(device.run('IsNan', { x: image }), 'float32');
    const hasNaN = device.run('Greater', { a: device.run('MaxPool', { x: places }, attrsOf(attrs, given)), b: device.scalar(0) });
    device.put(y, device.select(hasNaN, device.scalar(NaN), largest, y.shape));
  };
}

export function maxPool2dGradKernel(device: Device): Kernel<'maxPool2dGrad'> {
  return ({ in: { x, dy }, out: { dx }, attrs }) => {
    const { given, before } = borders(device, attrs.padding);
    const input = padded(device, device.of(x), before, LOWEST);
    const output = device.run('MaxPool', { x: input }, attrsOf(attrs, given));
    const whole = device.run('MaxPoolGrad', { dy: device.of(dy), input, output }, attrsOf(attrs, given));
    device.put(dx, cropped(device, whole, before));
  };
}

/** A border that counts as zeros becomes part of the image. */
function averaged(device: Device, padding: Padding2d, includePadding: boolean): { readonly given: Padding2d; readonly before: Padding2d } {
  return includePadding ? { given: [0, 0, 0, 0], before: padding } : borders(device, padding);
}

export function avgPool2dKernel(device: Device): Kernel<'avgPool2d'> {
  return ({ in: { x }, out: { y }, attrs }) => {
    const { given, before } = averaged(device, attrs.padding, attrs.includePadding);
    device.put(y, device.run('AvgPool', { x: padded(device, device.of(x), before, 0) }, attrsOf(attrs, given)));
  };
}

export function avgPool2dGradKernel(device: Device): Kernel<'avgPool2dGrad'> {
  return ({ in: { dy }, out: { dx }, attrs }) => {
    const { given, before } = averaged(device, attrs.padding, attrs.includePadding);
    // tfjs reads only the shape of the input.
    const input: TensorInfo = device.full(paddedShape(attrs.inputShape, before), 0, 'float32');
    device.put(dx, cropped(device, device.run('AvgPoolGrad', { dy: device.of(dy), input }, attrsOf(attrs, given)), before));
  };
}
