// Kernels along axes.

import type { Kernel, ReduceOp } from '@sinapse/core';
import type { Device } from '../device.ts';
import { dtypeOf } from '../storage.ts';
import { numberAs } from './convert.ts';

export const REDUCTIONS: Readonly<Record<ReduceOp, string>> = { sum: 'Sum', prod: 'Prod', max: 'Max', min: 'Min' };

/** The result of a reduction of nothing. */
const OF_NOTHING: Readonly<Record<ReduceOp, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity };

export function reduceKernel(device: Device): Kernel<'reduce'> {
  return ({ in: { x }, out: { y }, attrs: { op, axes } }) => {
    if (x.size === 0) return device.put(y, device.full(y.shape, numberAs(x.dtype, OF_NOTHING[op]), dtypeOf(x.dtype)));
    if (axes.length === 0) return device.put(y, device.of(x));
    const numbers = x.dtype === 'bool' ? device.cast(device.of(x), 'int32') : device.of(x);
    device.put(y, device.run(REDUCTIONS[op], { x: numbers }, { axis: [...axes], reductionIndices: [...axes], keepDims: false }));
  };
}

/** tfjs does not look for NaN, and picks any of equal values on a graphics card: only for backends that promise neither. */
export function argReduceKernel(device: Device): Kernel<'argReduce'> {
  return ({ in: { x }, out: { y }, attrs: { op, axis } }) => {
    const numbers = x.dtype === 'bool' ? device.cast(device.of(x), 'int32') : device.of(x);
    device.put(y, device.run(op === 'argMax' ? 'ArgMax' : 'ArgMin', { x: numbers }, { axis }));
  };
}

export function cumulativeSumKernel(device: Device): Kernel<'cumulativeSum'> {
  return ({ in: { x }, out: { y }, attrs: { axis, exclusive, reverse } }) =>
    device.put(
      y,
      device.alongAxis(device.of(x), axis, (line) => device.run('Cumsum', { x: line }, { axis: 1, exclusive, reverse })),
    );
}
