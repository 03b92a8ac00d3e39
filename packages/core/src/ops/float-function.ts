// Functions of one float, made of formulas.

import { customGradient } from '../autodiff/gradient.ts';
import { refuseInFormula } from '../fused/tracer.ts';
import { checkTensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mul } from './arithmetic.ts';
import { checkFloats } from './operands.ts';

type FloatFunction = (x: Tensor) => Tensor;

/** A formula as a function of floats. Its errors about x name the function, not the ops in it. */
export function floatFunction(name: string, formula: FloatFunction): FloatFunction {
  return (x) => {
    checkTensor(name, x);
    checkFloats(name, x);
    return formula(x);
  };
}

/** A formula whose derivative is given as well, because that of the formula would be less accurate or wrong at some points. */
export function withSlope(name: string, formula: FloatFunction, slope: FloatFunction): FloatFunction {
  const run = customGradient((x) => ({ value: formula(x), gradient: (dy) => [mul(dy, slope(x))] }));
  return floatFunction(name, (x) => {
    refuseInFormula(name, x);
    return run(x);
  });
}
