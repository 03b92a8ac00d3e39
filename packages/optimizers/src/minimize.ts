// Minimises a function of parameters with a method that evaluates it where it likes, not once in each step.

import type { Check, Parameter, Tensor } from '@sinapse/core';
import { SinapseError, check, checkValue, scope, tensor, valueAndGrad } from '@sinapse/core';

/** The function and its gradient at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Where a minimizer has come. */
export interface Minimum {
  /** The point: the elements of all parameters, one after another. */
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /**
   * Why it ended: the gradient is small, the value changes no more, no lower value can be told apart in the precision of the numbers, or all
   * iterations are done.
   */
  readonly stopped: 'gradient' | 'change' | 'precision' | 'iterations';
}

/** A method such as `lbfgs()`. */
export interface Minimizer {
  readonly name: string;
  minimize(evaluate: (x: Float64Array) => Promise<Evaluation>, begin: Float64Array): Promise<Minimum>;
}

const PARAMETERS: Check = {
  expected: 'a list of one parameter or more',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'object' && one !== null && 'trainable' in one && 'assign' in one),
};

const MINIMIZER: Check = {
  expected: 'a method, e.g. lbfgs()',
  accepts: (value) => typeof value === 'object' && value !== null && typeof (value as { minimize?: unknown }).minimize === 'function',
};

/**
 * Finds values of parameters at which a function has a minimum near the values that they have. For small problems: vectors are kept on the host
 * in float64, and each evaluation reads the gradient.
 *
 *     const { value, iterations } = await minimize(() => loss(model.call(x, context), y), parameters, lbfgs());
 * @param f reads the parameters and returns the scalar to minimise
 * @param parameters float32; they end at the minimum. If f throws, or its value at the start is not finite, they keep their values
 * @throws SinapseError when an argument is none; when the value or gradient at the start is not finite
 */
export async function minimize(f: () => Tensor, parameters: readonly Parameter[], method: Minimizer): Promise<Omit<Minimum, 'x'>> {
  checkValue('minimize: f', f, { ...check.callable, expected: 'a function that returns the loss' });
  checkValue('minimize: parameters', parameters, PARAMETERS);
  checkValue('minimize: method', method, MINIMIZER);
  const before = parameters.map(({ value }) => value);
  try {
    const evaluate = async (x: Float64Array): Promise<Evaluation> => {
      place(parameters, x);
      return evaluated(f, parameters);
    };
    const begin = joined(await Promise.all(before.map((each) => each.data())));
    const first = await evaluate(begin);
    if (!Number.isFinite(first.value) || !first.gradient.every(Number.isFinite))
      throw new SinapseError(`minimize: the value or gradient at the start is not finite: the value is ${first.value}`);
    const { x, ...result } = await method.minimize(evaluate, begin);
    place(parameters, x);
    return result;
  } catch (error) {
    parameters.forEach((parameter, i) => parameter.assign(before[i]!));
    throw error;
  } finally {
    for (const each of before) each.dispose();
  }
}

async function evaluated(f: () => Tensor, parameters: readonly Parameter[]): Promise<Evaluation> {
  const { value, gradients } = scope(() => valueAndGrad(f, parameters));
  try {
    const [number, ...arrays] = await Promise.all([value.item(), ...gradients.map((each) => each.data())]);
    return { value: Number(number), gradient: joined(arrays) };
  } finally {
    for (const each of [value, ...gradients]) each.dispose();
  }
}

function joined(arrays: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function place(parameters: readonly Parameter[], x: Float64Array): void {
  let at = 0;
  for (const parameter of parameters) {
    const { shape, size } = parameter;
    scope(() => parameter.assign(tensor(Float32Array.from(x.subarray(at, at + size)), { shape })));
    at += size;
  }
}
