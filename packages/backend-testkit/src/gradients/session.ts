// A function and its inputs, evaluated at and around the point where its gradient is checked.

import type { Backend, Shape, Tensor, TypedArray } from '@sinapse/core';
import { mul, Parameter, makerOn, scope, SinapseError, sum, valueAndGrad, withBackend, writeAt } from '@sinapse/core';
import { weightsOf } from './directions.ts';
import { largestOf } from './magnitude.ts';

/** The function whose gradient is checked. Its result may have any shape. */
export type Checked = (...xs: Tensor[]) => Tensor;

/** An input's values, and how to replace them. */
export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly values: TypedArray;
  readonly target: Tensor | Parameter;
}

/** One array for each input. */
export type Vector = readonly ArrayLike<number>[];

/** A difference quotient, and how much of it may be rounding error. */
export interface Difference {
  readonly value: number;
  readonly noise: number;
}

/** Evaluates the function and its gradients at and around the inputs. */
export class Session {
  private readonly f: Checked;
  private readonly variables: readonly Variable[];
  private readonly backend: Backend;
  private readonly seed: number;
  private weights: Float64Array | undefined;

  constructor(f: Checked, variables: readonly Variable[], backend: Backend, seed: number) {
    this.f = f;
    this.variables = variables;
    this.backend = backend;
    this.seed = seed;
  }

  /** The gradients at the inputs themselves. */
  gradients(): Promise<TypedArray[]> {
    return this.gradientsAt(undefined, 0);
  }

  /** (L(x + h d) - L(x - h d)) / 2h, where L is the weighted sum of the results. It is taken in float64, whatever the precision of the results. */
  async differenceOf(direction: Vector, h: number): Promise<Difference> {
    const above = await this.valuesAt(direction, h);
    const below = await this.valuesAt(direction, -h);
    let value = 0;
    let size = 0;
    this.weightsFor(above.length).forEach((weight, i) => {
      value += weight * (above[i]! - below[i]!);
      size += Math.abs(weight * above[i]!);
    });
    return { value: value / (2 * h), noise: size / h };
  }

  /** The gradient of the gradient's component along a direction. */
  async secondGradients(direction: Vector): Promise<TypedArray[]> {
    return this.evaluate(undefined, 0, (targets) => {
      const along = this.tensors((v) => direction[v]!);
      const component = (...xs: Tensor[]): Tensor => {
        // The function reads a parameter itself, so the target is the parameter; a tensor input is passed to the function.
        const inner = targets.map((target, i) => (target instanceof Parameter ? target : xs[i]!));
        const { gradients } = valueAndGrad((...ys) => this.loss(...ys), inner);
        return gradients.map((gradient, i) => sum(mul(gradient, along[i]!))).reduce((a, b) => a.add(b));
      };
      return valueAndGrad(component, targets).gradients;
    });
  }

  async gradientDifference(direction: Vector, h: number): Promise<{ values: number[][]; noise: number }> {
    const above = await this.gradientsAt(direction, h);
    const below = await this.gradientsAt(direction, -h);
    const values = above.map((of, v) => Array.from(of, (value, i) => (value - below[v]![i]!) / (2 * h)));
    return { values, noise: Math.max(0, ...above.map(largestOf)) / h };
  }

  private gradientsAt(direction: Vector | undefined, h: number): Promise<TypedArray[]> {
    return this.evaluate(direction, h, (targets) => valueAndGrad((...xs) => this.loss(...xs), targets).gradients);
  }

  private async valuesAt(direction: Vector, h: number): Promise<TypedArray> {
    const [values] = await this.evaluate(direction, h, (targets) => [
      this.f(...targets.map((target) => (target instanceof Parameter ? target.value : target))),
    ]);
    return values!;
  }

  private loss(...xs: Tensor[]): Tensor {
    const y = this.f(...xs);
    if (!(typeof y === 'object' && 'shape' in y)) throw new SinapseError('checkGradients: the function must return a tensor');
    const weights = writeAt(y, { dtype: y.dtype, shape: y.shape, size: y.size }, this.inPrecision(this.weightsFor(y.size)));
    return sum(mul(y, weights));
  }

  private weightsFor(size: number): Float64Array {
    if (this.weights?.length !== size) this.weights = weightsOf(size, this.seed);
    return this.weights;
  }

  /** Runs a computation with the inputs moved along a direction, and reads its results. Parameters get their old values back. */
  private async evaluate(
    direction: Vector | undefined,
    h: number,
    compute: (targets: (Tensor | Parameter)[]) => Tensor[],
  ): Promise<TypedArray[]> {
    const results = scope(() =>
      withBackend(this.backend, () => {
        // A function may return its input, so its results get new handles, which are read and disposed of.
        const own = (targets: (Tensor | Parameter)[]): Tensor[] => compute(targets).map((result) => result.alias());
        if (direction === undefined) return own(this.variables.map(({ target }) => target));
        const moved = this.tensors((v) => Float64Array.from(this.variables[v]!.values, (value, i) => value + h * direction[v]![i]!));
        const restore: (() => void)[] = [];
        try {
          const targets = this.variables.map(({ target }, v) => {
            if (!(target instanceof Parameter)) return moved[v]!;
            const before = target.value;
            restore.push(() => target.assign(before));
            target.assign(moved[v]!);
            return target;
          });
          return own(targets);
        } finally {
          for (const undo of restore) undo();
        }
      }),
    );
    try {
      return await Promise.all(results.map((result) => result.data()));
    } finally {
      for (const result of results) result.dispose();
    }
  }

  /** A tensor of each input's shape. */
  private tensors(valuesFor: (variable: number) => ArrayLike<number>): Tensor[] {
    return this.variables.map(({ shape, values }, v) =>
      writeAt(makerOn(this.backend), { dtype: 'float32', shape, size: values.length }, this.inPrecision(valuesFor(v))),
    );
  }

  /** Converts values to the kind of array that the backend reads and writes. */
  private inPrecision(values: ArrayLike<number>): TypedArray {
    return this.variables[0]!.values instanceof Float64Array ? Float64Array.from(values) : Float32Array.from(values);
  }
}
