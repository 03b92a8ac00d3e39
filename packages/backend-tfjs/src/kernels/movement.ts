// Kernels that only move values.

import type { Kernel } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { dtypeOf } from '../storage.ts';
import { numberAs } from './convert.ts';

/** Attributes of tfjs's StridedSlice that it does not use here. */
const NO_MASKS = { beginMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

export function selectKernel(device: Device): Kernel<'select'> {
  return ({ in: { condition, a, b }, out: { y } }) =>
    device.put(y, device.select(device.of(condition), device.of(a), device.of(b), y.shape));
}

export function broadcastToKernel(device: Device): Kernel<'broadcastTo'> {
  return ({ in: { x }, out: { y } }) => device.put(y, device.stretched(device.of(x), y.shape));
}

export function transposeKernel(device: Device): Kernel<'transpose'> {
  return ({ in: { x }, out: { y }, attrs: { permutation } }) => device.put(y, device.transposed(device.of(x), permutation));
}

/** Every step-th element along the middle of three axes; backwards if the step is negative. */
function strided(device: Device, x: TensorInfo, begin: number, size: number, step: number): TensorInfo {
  const end = begin + step * size;
  const [outer, , inner] = x.shape as [number, number, number];
  return device.run(
    'StridedSlice',
    { x },
    { ...NO_MASKS, begin: [0, begin, 0], end: [outer, Math.max(end, 0), inner], strides: [1, step, 1], endMask: end < 0 ? 2 : 0 },
  );
}

export function sliceKernel(device: Device): Kernel<'slice'> {
  return ({ in: { x }, out: { y }, attrs: { begin, size, step } }) => {
    const of = device.of(x);
    if (x.shape.length === 0) return device.put(y, of);
    if (step.every((each) => each === 1)) return device.put(y, device.run('Slice', { x: of }, { begin: [...begin], size: [...size] }));
    const cut = begin.reduce((rest, from, axis) => {
      const whole = from === 0 && step[axis] === 1 && size[axis] === rest.shape[axis];
      return whole ? rest : device.alongAxis(rest, axis, (line) => strided(device, line, from, size[axis]!, step[axis]!));
    }, of);
    device.put(y, cut);
  };
}

export function padKernel(device: Device): Kernel<'pad'> {
  return ({ in: { x }, out: { y }, attrs: { before, after, interior }, scalars }) => {
    const value = numberAs(x.dtype, scalars.value);
    if (x.size === 0) return device.put(y, device.full(y.shape, value, dtypeOf(x.dtype)));
    const padded = (of: TensorInfo, paddings: readonly (readonly [number, number])[]): TensorInfo =>
      paddings.every(([front, back]) => front === 0 && back === 0)
        ? of
        : device.run('PadV2', { x: of }, { paddings: paddings.map((sides) => [...sides]), constantValue: value });
    // Gaps: each element becomes a row of itself and the gap behind it. The gap behind the last is cut off.
    const spread = interior.reduce((rest, gap, axis) => {
      if (gap === 0 || rest.shape[axis]! < 2) return rest;
      return device.alongAxis(rest, axis, (line) => {
        const [outer, length, inner] = line.shape as [number, number, number];
        const rows = padded(device.reshaped(line, [outer * length, 1, inner]), [[0, 0], [0, gap], [0, 0]]); // prettier-ignore
        const joined = device.reshaped(rows, [outer, length * (gap + 1), inner]);
        return device.run('Slice', { x: joined }, { begin: [0, 0, 0], size: [outer, (length - 1) * (gap + 1) + 1, inner] });
      });
    }, device.of(x));
    const sides = before.map((front, axis) => [front, after[axis]!] as const);
    // On graphics cards tfjs pads at most four axes.
    if (sides.length <= 4) return device.put(y, padded(spread, sides));
    const around = sides.reduce((rest, side, axis) => device.alongAxis(rest, axis, (line) => padded(line, [[0, 0], side, [0, 0]])), spread);
    device.put(y, around);
  };
}

export function concatKernel(device: Device): Kernel<'concat'> {
  return ({ in: { xs }, out: { y }, attrs: { axis } }) => {
    const parts = xs.filter(({ size }) => size > 0).map((x) => device.of(x));
    device.put(y, parts.length === 1 ? parts[0]! : device.run('Concat', parts, { axis }));
  };
}

/** Whether indices lie within an axis. */
function within(device: Device, indices: TensorInfo, length: number): TensorInfo {
  const from = device.run('GreaterEqual', { a: indices, b: device.scalar(0, 'int32') });
  return device.run('LogicalAnd', { a: from, b: device.run('Less', { a: indices, b: device.scalar(length, 'int32') }) });
}

/** Takes NaN or 0 where an index is outside, which tfjs refuses on a processor and does not notice on a graphics card. */
export function gatherKernel(device: Device): Kernel<'gather'> {
  return ({ in: { x, indices }, out: { y }, attrs: { axis } }) => {
    const [missing, dtype] = [x.dtype === 'float32' ? NaN : 0, dtypeOf(x.dtype)];
    if (x.shape[axis] === 0) return device.put(y, device.full(y.shape, missing, dtype));
    const picks = device.of(indices);
    const inside = within(device, picks, x.shape[axis]!);
    const safe = device.select(inside, picks, device.scalar(0, 'int32'), picks.shape);
    const taken = device.reshaped(device.run('GatherV2', { x: device.of(x), indices: safe }, { axis, batchDims: 0 }), y.shape);
    const aligned = y.shape.map((length, at) => (at >= axis && at < axis + indices.shape.length ? length : 1));
    device.put(y, device.select(device.reshaped(inside, aligned), taken, device.scalar(missing, dtype), y.shape));
  };
}

/** Sums rows of updates by their index. Updates with an index outside go to a row that is cut off. */
export function scatterAddKernel(device: Device): Kernel<'scatterAdd'> {
  return ({ in: { indices, updates }, out: { y }, attrs: { axis, size } }) => {
    if (updates.size === 0) return device.put(y, device.full(y.shape, 0, dtypeOf(y.dtype)));
    const outer = sizeOf(updates.shape.slice(0, axis));
    const inner = sizeOf(updates.shape.slice(axis + indices.shape.length));
    const rows = device.transposed(device.reshaped(device.of(updates), [outer, indices.size, inner]), [1, 0, 2]);
    const picks = device.of(indices);
    const safe = device.select(within(device, picks, size), picks, device.scalar(size, 'int32'), picks.shape);
    const sums = device.run(
      'ScatterNd',
      { indices: device.reshaped(safe, [indices.size, 1]), updates: device.reshaped(rows, [indices.size, outer * inner]) },
      { shape: [size + 1, outer * inner] },
    );
    const cut = device.run('Slice', { x: sums }, { begin: [0, 0], size: [size, outer * inner] });
    device.put(y, device.transposed(device.reshaped(cut, [size, outer, inner]), [1, 0, 2]));
  };
}
