// Functions of one operand.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase, positive } from '../cases/gradient-case.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { abs, cos, erf, erfc, exp, expm1, log, log1p, neg, reciprocal, rsqrt, sigmoid, sin, sqrt, square, tanh } from './unary.ts';

type Op = (x: Tensor) => Tensor;

const UNARY: Readonly<Record<string, Op>> = { neg, abs, exp, expm1, sin, cos, tanh, sigmoid, erf, erfc, square, reciprocal };
const OF_POSITIVES: Readonly<Record<string, Op>> = { log, log1p, sqrt, rsqrt };

export const unaryCases: OpCases = Object.fromEntries([
  ...Object.entries(UNARY).map(([name, op]) => [name, [gradientCase(name, [away(3, 4)], op)]]),
  ...Object.entries(OF_POSITIVES).map(([name, op]) => [name, [gradientCase(name, [positive(3, 4)], op)]]),
]) as OpCases;
