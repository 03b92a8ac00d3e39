// The gradient checker: compares the gradients that core computes with differences of values.

import type { Backend, Tensor } from '@sinapse/core';
import { Parameter, SinapseError } from '@sinapse/core';
import { directionOf, elementsOf } from './directions.ts';
import { Judge } from './judge.ts';
import type { Checked, Variable, Vector } from './session.ts';
import { Session } from './session.ts';

export interface GradientCheckOptions {
  /** Half the distance between the two points of a difference, for an element of size 1. Default 1e-5 in float64, 5e-3 in float32. */
  readonly step?: number;
  /** The largest difference allowed, relative to the largest gradient. Default 1e-6 in float64, 2e-2 in float32. */
  readonly tolerance?: number;
  /** How many elements of each input are checked one by one; if there are more, they are chosen at random. Default 50. */
  readonly elements?: number;
  /** Whether to check second derivatives too: gradients of the gradient against differences of gradients. */
  readonly second?: boolean;
  /** The seed of random choices. Default 1. */
  readonly seed?: number;
  /** The names of the inputs in messages. */
  readonly names?: readonly string[];
}

export interface GradientCheck {
  /** How many derivatives were compared. */
  readonly compared: number;
  /** The largest difference, relative to the largest gradient of its input. */
  readonly worst: number;
}

/**
 * Checks the gradients of a function of tensors and parameters against central differences: element by element, and along a random direction
 * through all inputs at once. The function runs on the backend of its inputs. For sharp results that should be the reference in float64,
 * `use(reference({ precision: 'float64' }))`: differences of float32 values show only gross mistakes. Inputs should keep away from points
 * where there is no gradient, such as 0 for relu.
 * @param f may return any shape; its elements are summed with fixed random weights
 * @throws SinapseError naming the input, the element, the gradient and the difference of the first pair that disagrees
 */
export async function checkGradients(
  f: Checked,
  inputs: readonly (Tensor | Parameter)[],
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  const { seed = 1, elements = 50, second = false, names = [] } = options;
  if (inputs.length === 0) throw new SinapseError('checkGradients: there is no input to take a gradient of');
  const variables = await Promise.all(inputs.map((target, i) => variableOf(target, names[i] ?? `input ${i}`)));
  const backend = backendOf(inputs[0]!);
  const sharp = variables.every(({ values }) => values instanceof Float64Array);
  const session = new Session(f, variables, backend, seed);
  const step = options.step ?? (sharp ? 1e-5 : 5e-3);
  const judge = new Judge(variables, options.tolerance ?? (sharp ? 1e-6 : 2e-2), sharp ? 2 ** -53 : 2 ** -24);

  const first = await session.gradients();
  for (const [v, { values }] of variables.entries()) {
    for (const element of elementsOf(values.length, elements, seed + v)) {
      const difference = await session.differenceOf(unitVector(variables, v, element), step * Math.max(1, Math.abs(values[element]!)));
      judge.compare('gradient', v, element, first[v]![element]!, difference, first[v]!);
    }
  }
  const direction = directionOf(variables.map(({ values }) => values.length), seed); // prettier-ignore
  judge.compareAlong(first, direction, await session.differenceOf(direction, step));

  if (second) {
    const analytic = await session.secondGradients(direction);
    const numeric = await session.gradientDifference(direction, step);
    for (const [v, of] of analytic.entries())
      of.forEach((value, i) =>
        judge.compare('second derivative', v, i, value, { value: numeric.values[v]![i]!, noise: numeric.noise }, of),
      );
  }
  return { compared: judge.compared, worst: judge.worst };
}

async function variableOf(target: Tensor | Parameter, name: string): Promise<Variable> {
  const tensor = target instanceof Parameter ? target.value : target;
  if (tensor.dtype !== 'float32') throw new SinapseError(`checkGradients: ${name} is ${tensor.dtype}; only floats have gradients`);
  const values = await tensor.data();
  if (target instanceof Parameter) tensor.dispose();
  return { name, shape: tensor.shape, values, target };
}

function backendOf(target: Tensor | Parameter): Backend {
  if (!(target instanceof Parameter)) return target.backend;
  const value = target.value;
  value.dispose();
  return value.backend;
}

function unitVector(variables: readonly Variable[], variable: number, element: number): Vector {
  return variables.map(({ values }, v) => {
    const vector = new Float64Array(values.length);
    if (v === variable) vector[element] = 1;
    return vector;
  });
}
