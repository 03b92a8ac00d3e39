// Decides whether derivatives and differences agree.

import type { Shape, TypedArray } from '@sinapse/core';
import { formatShape, SinapseError } from '@sinapse/core';
import { largestOf } from './magnitude.ts';
import type { Difference, Variable, Vector } from './session.ts';

/** Compares derivatives with differences, counts them, and keeps the largest error. */
export class Judge {
  compared = 0;
  worst = 0;
  private readonly variables: readonly Variable[];
  private readonly tolerance: number;
  private readonly roundoff: number;

  constructor(variables: readonly Variable[], tolerance: number, roundoff: number) {
    this.variables = variables;
    this.tolerance = tolerance;
    this.roundoff = roundoff;
  }

  compare(what: string, variable: number, element: number, analytic: number, difference: Difference, all: ArrayLike<number>): void {
    const { name, shape } = this.variables[variable]!;
    const where = `${what} of ${name} ${formatShape(shape)} at [${indexOf(element, shape).join(',')}]`;
    this.judge(where, analytic, difference, largestOf(all));
  }

  /** Compares the gradients' component along a direction through all inputs with a difference. */
  compareAlong(gradients: readonly TypedArray[], direction: Vector, difference: Difference): void {
    let analytic = 0;
    let size = 0;
    gradients.forEach((gradient, v) =>
      gradient.forEach((value, i) => {
        analytic += value * direction[v]![i]!;
        size += Math.abs(value * direction[v]![i]!);
      }),
    );
    this.judge('gradient along a random direction through all inputs', analytic, difference, size);
  }

  private judge(where: string, analytic: number, { value: numeric, noise }: Difference, scale: number): void {
    this.compared++;
    const error = Math.abs(analytic - numeric);
    const size = Math.max(scale, Math.abs(numeric), Number.MIN_VALUE);
    const rounding = 32 * this.roundoff * noise;
    if (!(error <= this.tolerance * size + rounding)) {
      throw new SinapseError(
        `checkGradients: the ${where} is ${analytic}, differences say ${numeric} (off by ${error.toExponential(2)}, allowed ${(this.tolerance * size + rounding).toExponential(2)})`,
      );
    }
    this.worst = Math.max(this.worst, Math.max(0, error - rounding) / size);
  }
}

function indexOf(element: number, shape: Shape): number[] {
  let rest = element;
  return shape.map((_, axis) => {
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const index = Math.floor(rest / stride);
    rest %= stride;
    return index;
  });
}
