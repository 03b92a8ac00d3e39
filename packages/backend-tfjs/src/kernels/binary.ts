// Functions of two tensors, and of a tensor and a number.

import type { BinaryOp, Kernel } from '@sinapse/core';
import { broadcastShapes } from '@sinapse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';
import { operation } from '../formulas.ts';
import { dtypeOf } from '../storage.ts';
import { numberAs } from './convert.ts';

export const BINARY: Readonly<Record<BinaryOp, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Multiply',
  div: 'RealDiv',
  mod: 'Mod',
  pow: 'Pow',
  max: 'Maximum',
  min: 'Minimum',
  equal: 'Equal',
  notEqual: 'NotEqual',
  less: 'Less',
  lessEqual: 'LessEqual',
  greater: 'Greater',
  greaterEqual: 'GreaterEqual',
  and: 'LogicalAnd',
  or: 'LogicalOr',
  xor: 'NotEqual',
};

/** Operations that tfjs's shaders leave to the driver, or that give 1 for 0 / 0. */
const IMPRECISE: ReadonlySet<BinaryOp> = new Set(['div', 'mod', 'pow']);

const ORDERINGS: ReadonlySet<BinaryOp> = new Set(['less', 'lessEqual', 'greater', 'greaterEqual']);

/** tfjs's operations on two tensors, whose results have the broadcast shape. */
class Arithmetic {
  private readonly device: Device;
  private readonly shape: readonly number[];

  constructor(device: Device, shape: readonly number[]) {
    this.device = device;
    this.shape = shape;
  }

  do(op: BinaryOp, a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.device.run(BINARY[op], { a, b });
  }

  where(condition: TensorInfo, a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.device.select(condition, a, b, this.shape);
  }

  is(op: 'equal' | 'less', x: TensorInfo, value: number): TensorInfo {
    return this.do(op, x, this.device.scalar(value, x.dtype));
  }

  unary(kernel: string, x: TensorInfo): TensorInfo {
    return this.device.run(kernel, { x });
  }

  /** int32 quotients towards zero, and remainders with the sign of the divisor; 0 where the divisor is 0. */
  integerDivision(op: 'div' | 'mod', a: TensorInfo, b: TensorInfo): TensorInfo {
    const [zero, one] = [this.device.scalar(0, 'int32'), this.device.scalar(1, 'int32')];
    const undefinedAt = this.is('equal', b, 0);
    const divisor = this.device.select(undefinedAt, one, b, b.shape);
    const floor = this.device.run('FloorDiv', { a, b: divisor });
    const rest = this.do('sub', a, this.do('mul', floor, divisor));
    if (op === 'mod') return this.where(undefinedAt, zero, rest);
    // The floor of a negative quotient that is no integer is one too low.
    const negative = this.do('xor', this.is('less', a, 0), this.is('less', divisor, 0));
    const inexact = this.do('and', negative, this.do('notEqual', rest, zero));
    return this.where(undefinedAt, zero, this.do('add', floor, this.device.cast(inexact, 'int32')));
  }

  /** int32 powers. Negative exponents, which TensorFlow refuses, give 0, except for the bases 1 and -1. */
  integerPower(a: TensorInfo, b: TensorInfo): TensorInfo {
    const { device } = this;
    const size = this.do('max', this.do('max', b, this.unary('Neg', b)), device.scalar(0, 'int32'));
    const power = device.profile.integers
      ? this.do('pow', a, size)
      : device.cast(this.unary('Round', this.do('pow', device.cast(a, 'float32'), device.cast(size, 'float32'))), 'int32');
    const vanishes = this.do('and', this.is('less', b, 0), this.do('notEqual', this.unary('Abs', a), device.scalar(1, 'int32')));
    return this.where(vanishes, device.scalar(0, 'int32'), power);
  }

  /** The exact remainder with the sign of the divisor, zero included. tfjs's is exact where neither is negative. */
  remainder(a: TensorInfo, b: TensorInfo): TensorInfo {
    const { device } = this;
    const size = this.do('mod', this.unary('Abs', a), this.unary('Abs', b));
    const fromA = this.where(this.is('less', a, 0), this.unary('Neg', size), size);
    const differ = this.do('xor', this.is('less', a, 0), this.is('less', b, 0));
    const signed = this.where(differ, this.do('add', fromA, b), fromA);
    // Zero takes the divisor's sign: b times 0, but of an infinite b.
    const zero = this.where(this.is('less', b, 0), device.scalar(-0), device.scalar(0));
    return this.where(this.is('equal', size, 0), zero, signed);
  }

  /** As IEEE 754: 1 to any power is 1, and so is -1 to an infinite one. */
  power(a: TensorInfo, b: TensorInfo): TensorInfo {
    const { device } = this;
    const infinite = this.is('equal', this.unary('Abs', b), Infinity);
    const one = this.do('or', this.is('equal', a, 1), this.do('and', infinite, this.is('equal', a, -1)));
    return this.where(one, device.scalar(1), this.do('pow', a, b));
  }
}

function apply(device: Device, op: BinaryOp, a: TensorInfo, b: TensorInfo): TensorInfo {
  const { floats: { nan }, shaders } = device.profile; // prettier-ignore
  const shape = broadcastShapes(op, a.shape, b.shape);
  const arithmetic = new Arithmetic(device, shape);
  if (a.dtype === 'int32') {
    if (op === 'div' || op === 'mod') return arithmetic.integerDivision(op, a, b);
    if (op === 'pow') return arithmetic.integerPower(a, b);
  } else if (a.dtype === 'float32' && shaders && IMPRECISE.has(op)) {
    return device.formula(operation(op, 2), [a, b], shape);
  } else if (a.dtype === 'float32' && nan) {
    if (op === 'mod') return arithmetic.remainder(a, b);
    if (op === 'pow') return arithmetic.power(a, b);
  } else if (a.dtype === 'bool' && ORDERINGS.has(op)) {
    return arithmetic.do(op, device.cast(a, 'int32'), device.cast(b, 'int32'));
  }
  return arithmetic.do(op, a, b);
}

export function binaryKernel(device: Device): Kernel<'binary'> {
  return ({ in: { a, b }, out: { y }, attrs: { op } }) => device.put(y, apply(device, op, device.of(a), device.of(b)));
}

export function binaryScalarKernel(device: Device): Kernel<'binaryScalar'> {
  return ({ in: { x }, out: { y }, attrs: { op, reversed }, scalars: { value } }) => {
    const operand = device.scalar(numberAs(x.dtype, value), dtypeOf(x.dtype));
    const of = device.of(x);
    device.put(y, reversed ? apply(device, op, operand, of) : apply(device, op, of, operand));
  };
}
