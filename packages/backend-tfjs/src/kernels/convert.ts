// Numbers and tensors as another dtype.

import type { DType, Kernel } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { dtypeOf } from '../storage.ts';

/** The largest float32 below 2^31. */
const LARGEST = 2147483520;

/** The least and the largest number of each integer dtype. */
const RANGES: Readonly<Partial<Record<DType, readonly [number, number]>>> = { int32: [-(2 ** 31), 2 ** 31 - 1], uint8: [0, 255] };

/** A number as a dtype has it: integers truncate towards zero and clamp, NaN is their 0; bool has 1 for all but 0. */
export function numberAs(dtype: DType, value: number): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1;
  const range = RANGES[dtype];
  return range === undefined ? value : Math.max(range[0], Math.min(range[1], Math.trunc(value))) || 0;
}

function clipped(device: Device, x: TensorInfo, least: number, most: number): TensorInfo {
  const atLeast = device.run('Maximum', { a: x, b: device.scalar(least, x.dtype) });
  return device.run('Minimum', { a: atLeast, b: device.scalar(most, x.dtype) });
}

/** float32 to int32, towards zero, clamped to what tfjs has; NaN gives 0. */
function truncated(device: Device, x: TensorInfo, least: number, most: number): TensorInfo {
  const { nan } = device.profile.floats;
  const numbers = nan ? device.select(device.run('IsNan', { x }), device.scalar(0), x, x.shape) : x;
  const integers = device.cast(clipped(device, numbers, least, Math.min(most, LARGEST)), 'int32');
  if (!device.profile.integers || most <= LARGEST) return integers;
  const beyond = device.run('Greater', { a: x, b: device.scalar(LARGEST) });
  return device.select(beyond, device.scalar(most, 'int32'), integers, x.shape);
}

function converted(device: Device, x: TensorInfo, from: DType, to: DType): TensorInfo {
  if (from === to || (from === 'uint8' && to === 'int32')) return x;
  if (to === 'bool') return device.run('NotEqual', { a: x, b: device.scalar(0, x.dtype) });
  if (to === 'float32') {
    const floats = device.cast(x, 'float32');
    return device.profile.roundsCasts ? floats : device.run('Add', { a: floats, b: device.scalar(0) });
  }
  const [least, most] = RANGES[to]!;
  if (x.dtype === 'float32') return truncated(device, x, least, most);
  if (from === 'bool') return device.cast(x, 'int32');
  return clipped(device, x, least, most);
}

export function castKernel(device: Device): Kernel<'cast'> {
  return ({ in: { x }, out: { y } }) => device.put(y, converted(device, device.of(x), x.dtype, y.dtype));
}

export function fillKernel(device: Device): Kernel<'fill'> {
  return ({ out: { y }, attrs: { dtype }, scalars: { value } }) =>
    device.put(y, device.full(y.shape, numberAs(dtype, value), dtypeOf(dtype)));
}
