// L-BFGS goes along an estimate of Newton's direction, made from the last few steps and changes of the gradient.

import type { OptionChecks } from '@sinapse/core';
import { check, checkOptions } from '@sinapse/core';
import type { LinePoint } from './line-search.ts';
import { strongWolfe } from './line-search.ts';
import type { Evaluation, Minimizer, Minimum } from './minimize.ts';

export interface LbfgsOptions {
  /** The number of steps that are remembered, an integer >= 1. Default 10. */
  readonly history?: number;
  /** The most steps, an integer >= 1. Default 100. */
  readonly iterations?: number;
  /** It ends where no element of the gradient is larger, >= 0. Default 1e-5. */
  readonly gradientTolerance?: number;
  /** It ends where a step lowers the value by no more than this part of it, >= 0. Default 1e-9. */
  readonly changeTolerance?: number;
}

const CHECKS: OptionChecks<LbfgsOptions> = {
  history: check.count,
  iterations: check.count,
  gradientTolerance: check.notNegative,
  changeTolerance: check.notNegative,
};

/** A point along the direction, and what was computed there. */
interface Place extends LinePoint, Evaluation {
  readonly x: Float64Array;
}

/** A step s and the change y of the gradient in it. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/**
 * L-BFGS with a line search for the strong Wolfe conditions, for `minimize`. Every step needs the exact value and gradient, so the function must
 * have no random numbers and take all examples at once. Liu, Nocedal 1989; Nocedal, Wright 2006, algorithms 7.4 and 7.5.
 * @throws SinapseError when an option is unknown or out of range
 */
export function lbfgs(options: LbfgsOptions = {}): Minimizer {
  checkOptions('lbfgs', options, CHECKS);
  const { history = 10, iterations = 100, gradientTolerance = 1e-5, changeTolerance = 1e-9 } = options;
  return {
    name: 'lbfgs',
    async minimize(evaluate, begin): Promise<Minimum> {
      const pairs: Pair[] = [];
      let x = begin;
      let now = await evaluate(x);
      const result = (iteration: number, stopped: Minimum['stopped']): Minimum => ({ x, value: now.value, iterations: iteration, stopped });
      for (let iteration = 0; iteration < iterations; iteration++) {
        if (largest(now.gradient) <= gradientTolerance) return result(iteration, 'gradient');
        let direction = descent(now.gradient, pairs);
        if (!(dot(direction, now.gradient) < 0)) {
          pairs.length = 0; // rounding has spoilt the estimate
          direction = descent(now.gradient, pairs);
        }
        const at = async (alpha: number): Promise<Place> => {
          const there = x.map((value, i) => Math.fround(value + alpha * direction[i]!));
          const evaluation = await evaluate(there);
          return { ...evaluation, x: there, alpha, slope: dot(evaluation.gradient, direction) };
        };
        const start: Place = { ...now, x, alpha: 0, slope: dot(now.gradient, direction) };
        const first = pairs.length === 0 ? Math.min(1, 1 / sumOfSizes(now.gradient)) : 1;
        const next = await strongWolfe(at, start, first);
        if (next === undefined) return result(iteration, 'precision');
        const s = difference(next.x, x);
        const y = difference(next.gradient, now.gradient);
        if (dot(s, y) > 1e-10 * dot(y, y)) pairs.push({ s, y, rho: 1 / dot(s, y) });
        if (pairs.length > history) pairs.shift();
        const change = now.value - next.value;
        x = next.x;
        now = { value: next.value, gradient: next.gradient };
        if (change <= changeTolerance * Math.abs(now.value)) return result(iteration + 1, 'change');
      }
      return result(iterations, 'iterations');
    },
  };
}

/** -H g, where H is the estimate of the inverse Hessian: two loops over the pairs. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    addTo(q, y, -alpha);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    q.forEach((value, i) => (q[i] = value * scale));
  }
  pairs.forEach(({ s, y, rho }, i) => addTo(q, s, alphas[i]! - rho * dot(y, q)));
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function addTo(target: Float64Array, x: Float64Array, factor: number): void {
  x.forEach((value, i) => (target[i]! += factor * value));
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function largest(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function sumOfSizes(x: Float64Array): number {
  return x.reduce((sum, value) => sum + Math.abs(value), 0);
}
