// Functions of one operand.

import type { Kernel, UnaryOp } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { operation } from '../formulas.ts';
import { erf, erfc } from './error-function.ts';

/** tfjs's kernel for each; it has no erfc, and an erf of seven digits after the point. */
export const UNARY: Readonly<Record<Exclude<UnaryOp, 'erf' | 'erfc'>, string>> = {
  neg: 'Neg',
  abs: 'Abs',
  sign: 'Sign',
  floor: 'Floor',
  ceil: 'Ceil',
  round: 'Round',
  exp: 'Exp',
  expm1: 'Expm1',
  log: 'Log',
  log1p: 'Log1p',
  sqrt: 'Sqrt',
  sin: 'Sin',
  cos: 'Cos',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  not: 'LogicalNot',
  isNaN: 'IsNan',
};

/** The functions of which a graphics driver promises too little. */
const IMPRECISE: ReadonlySet<UnaryOp> = new Set(['exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tanh', 'sigmoid', 'erf', 'erfc']);

export function unary(device: Device, op: UnaryOp, x: TensorInfo): TensorInfo {
  if (device.profile.shaders && IMPRECISE.has(op)) return device.formula(operation(op, 1), [x], x.shape);
  if (op === 'erf') return erf(device, x);
  if (op === 'erfc') return erfc(device, x);
  // tfjs computes the magnitude of an integer in float32.
  if (op === 'abs' && x.dtype === 'int32') return device.run('Maximum', { a: x, b: device.run('Neg', { x }) });
  if (op === 'sigmoid' && device.profile.engine) return sigmoid(device, x);
  const y = device.run(UNARY[op], { x });
  const { nan, signedZeros } = device.profile.floats;
  if (x.dtype !== 'float32') return y;
  const zero = (of: TensorInfo): TensorInfo => device.run('Equal', { a: of, b: device.scalar(0) });
  // tfjs makes NaN and -0 a plain 0.
  if (op === 'sign' && nan) return device.select(device.run('LogicalOr', { a: device.run('IsNan', { x }), b: zero(x) }), x, y, x.shape);
  // A zero from a negative number is -0.
  if (op === 'round' && signedZeros) return device.select(zero(y), device.run('Multiply', { a: x, b: device.scalar(0) }), y, x.shape);
  return y;
}

/** TensorFlow's own is a rational function, off by five units in the last place. */
function sigmoid(device: Device, x: TensorInfo): TensorInfo {
  const one = device.scalar(1);
  const sum = device.run('Add', { a: one, b: device.run('Exp', { x: device.run('Neg', { x }) }) });
  return device.run('RealDiv', { a: one, b: sum });
}

export function unaryKernel(device: Device): Kernel<'unary'> {
  return ({ in: { x }, out: { y }, attrs: { op } }) => device.put(y, unary(device, op, device.of(x)));
}
