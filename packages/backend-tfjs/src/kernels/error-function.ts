// erf and erfc of float32 numbers, from tfjs's arithmetic.

import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Device } from '../device.ts';

/** (erf x - x) / x in x^2 for |x| < 0.9; highest power first, as all of these. */
const CENTRE = [8.5131076e-5, -8.17564025e-4, 5.20385941e-3, -2.68605091e-2, 0.112837151, -0.376126349, 0.128379166];

/** ln(erfc x) / x for 0.9 <= x <= 4. */
const OUTSIDE = [-9.36499691e-6, 3.04334797e-4, -3.56828072e-3, 2.36072354e-2, -0.106059656, -0.635256886, -1.12862289];

/** erfc x e^(x^2) / t in t = 1 / (1 + 0.4 x). */
const TAIL = [6.00381568e-2, -0.219955772, 0.227359846, -5.48421443e-2, 0.165614739, 0.161561698, 0.20898065, 0.2255757, 0.225678787];

/** The operations of the formulas; a number is an operand too. */
class Formula {
  private readonly device: Device;

  constructor(device: Device) {
    this.device = device;
  }

  binary(kernel: string, a: TensorInfo | number, b: TensorInfo | number): TensorInfo {
    const operand = (x: TensorInfo | number): TensorInfo => (typeof x === 'number' ? this.device.scalar(x) : x);
    return this.device.run(kernel, { a: operand(a), b: operand(b) });
  }

  add(a: TensorInfo | number, b: TensorInfo | number): TensorInfo {
    return this.binary('Add', a, b);
  }

  sub(a: TensorInfo | number, b: TensorInfo | number): TensorInfo {
    return this.binary('Sub', a, b);
  }

  mul(a: TensorInfo | number, b: TensorInfo | number): TensorInfo {
    return this.binary('Multiply', a, b);
  }

  unary(kernel: string, x: TensorInfo): TensorInfo {
    return this.device.run(kernel, { x });
  }

  where(condition: TensorInfo, a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.device.select(condition, a, b, b.shape);
  }

  /** Horner's rule. */
  polynomial([first, ...rest]: readonly number[], x: TensorInfo): TensorInfo {
    return rest.reduce<TensorInfo | number>((value, coefficient) => this.add(this.mul(value, x), coefficient), first!) as TensorInfo;
  }

  /** erf x for |x| < 0.9. */
  centre(x: TensorInfo): TensorInfo {
    return this.add(x, this.mul(x, this.polynomial(CENTRE, this.mul(x, x))));
  }
}

/** 2/√π ∫ exp(-t²) dt from 0 to x: a polynomial near 0, elsewhere 1 - exp(|x| P(|x|)), where P fits ln(erfc x) / x. */
export function erf(device: Device, x: TensorInfo): TensorInfo {
  const f = new Formula(device);
  const size = f.unary('Abs', x);
  const t = f.binary('Minimum', size, 4); // erf 4 rounds to 1
  const outside = f.sub(1, f.unary('Exp', f.mul(t, f.polynomial(OUTSIDE, t))));
  const signed = f.where(f.binary('Less', x, 0), f.unary('Neg', outside), outside);
  return f.where(f.binary('Less', size, 0.9), f.centre(x), signed);
}

/**
 * 1 - erf x, also where that is tiny: from erf near 0, elsewhere exp(-x²) t P(t) with t = 1 / (1 + 0.4 |x|), and 2 less that for negative x. The
 * exponent is the exact square of x rounded down to 16ths, and a rest.
 */
export function erfc(device: Device, x: TensorInfo): TensorInfo {
  const f = new Formula(device);
  const size = f.binary('Minimum', f.unary('Abs', x), 10.5); // erfc 10.5 rounds to 0
  const t = f.binary('RealDiv', 1, f.add(f.mul(size, 0.4), 1));
  const head = f.mul(f.unary('Floor', f.mul(size, 16)), 1 / 16);
  const coarse = f.unary('Exp', f.unary('Neg', f.mul(head, head)));
  const fine = f.unary('Exp', f.mul(f.sub(head, size), f.add(head, size)));
  const outside = f.mul(f.mul(coarse, fine), f.mul(t, f.polynomial(TAIL, t)));
  const both = f.where(f.binary('Less', x, 0), f.sub(2, outside), outside);
  return f.where(f.binary('Less', f.unary('Abs', x), 0.5), f.sub(1, f.centre(x)), both);
}
