// The work that formulas are measured on: as programs, and as it would be done without them.

import type { Shape, Tensor } from '@sinapse/core';
import { Parameter, State, adamStep, erfc, fused, gelu, randomUniform, scope, valueAndGrad, zeros } from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import type { Network } from './networks/network.ts';
import { survey } from './networks/network.ts';
import { lenet5, resnet50 } from './networks/networks.ts';

/** Computes something, and returns all of it. */
export type Work = () => readonly Tensor[];

/** The same work twice. */
export interface Pair {
  readonly fused: Work;
  readonly before: Work;
}

export interface Case {
  readonly title: string;
  /** How often the work is done in one scope, 1 unless given. */
  readonly calls?: number;
  readonly make: () => Pair;
}

/** Eight ops. */
function chain(x: Tensor, y: Tensor): Tensor {
  return x.mul(0.5).add(y).square().add(1).sqrt().sub(y).mul(x).abs();
}

/** x Φ(x), as `gelu` has it. */
function geluOpByOp(x: Tensor): Tensor {
  return x.mul(0.5).mul(erfc(x.mul(-Math.SQRT1_2)));
}

const fusedChain = fused(chain);
const fusedAdd = fused((x: Tensor, y: Tensor) => x.add(y));

/** Tensors of numbers between -2 and 2. */
function inputs(...shapes: readonly Shape[]): Tensor[] {
  return shapes.map((shape, seed) => randomUniform(shape, { seed, low: -2, high: 2 }));
}

/** The sum of a formula's values, and its gradients. */
function forwardAndBack(formula: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[]): readonly Tensor[] {
  const { value, gradients } = valueAndGrad((...leaves) => formula(...leaves).sum(), xs);
  return [value, ...gradients];
}

export const cases: readonly Case[] = [
  {
    title: 'eight ops on 10,000,000 numbers',
    make: () => {
      const [x, y] = inputs([1e7], [1e7]) as [Tensor, Tensor];
      return { fused: () => [fusedChain(x, y)], before: () => [chain(x, y)] };
    },
  },
  {
    title: 'eight ops on 1,000,000 numbers, forward and back',
    make: () => {
      const xs = inputs([1e6], [1e6]);
      return { fused: () => forwardAndBack(fusedChain, xs), before: () => forwardAndBack(chain, xs) };
    },
  },
  ...[resnet50, lenet5].map(adamCase),
  {
    title: 'gelu of 65,536 numbers, forward and back',
    make: () => {
      const xs = inputs([65_536]);
      return { fused: () => forwardAndBack(gelu, xs), before: () => forwardAndBack(geluOpByOp, xs) };
    },
  },
  {
    title: 'a.add(b), two [256] tensors',
    calls: 100,
    make: () => {
      const [a, b] = inputs([256], [256]) as [Tensor, Tensor];
      return { fused: () => [fusedAdd(a, b)], before: () => [a.add(b)] };
    },
  },
];

/** Two sets of gradients take turns: with one alone, every step would be as long as the first, whatever the optimizer remembers. */
function adamCase(network: Network): Case {
  const shapes = survey(network).weights.flatMap(({ role, shape }) => (role === 'mean' || role === 'variance' ? [] : [shape]));
  const count = shapes.reduce((sum, shape) => sum + shape.reduce((product, length) => product * length, 1), 0);
  return {
    title: `Adam, ${count.toLocaleString('en')} parameters of ${network.name}; before: adamStep`,
    make: () => {
      const all = inputs(...shapes, ...shapes);
      const gradients = [all.slice(0, shapes.length), all.slice(shapes.length)];
      return { fused: byOptimizer(shapes, gradients), before: byKernel(shapes, gradients) };
    },
  };
}

function byOptimizer(shapes: readonly Shape[], gradients: readonly (readonly Tensor[])[]): Work {
  const optimizer = adam();
  const parameters = zeroCells(Parameter, shapes);
  let step = 0;
  return () => {
    optimizer.step(parameters, gradients[step++ % gradients.length]!);
    return tensorsOf(parameters);
  };
}

/** The same with the kernel for Adam, with the options that `adam` has unless told. */
function byKernel(shapes: readonly Shape[], gradients: readonly (readonly Tensor[])[]): Work {
  const [param, m, v] = [zeroCells(Parameter, shapes), zeroCells(State, shapes), zeroCells(State, shapes)];
  const [beta1, beta2] = [0.9, 0.999];
  let step = 0;
  return () => {
    const grad = gradients[step++ % gradients.length]!;
    const corrections = { correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step };
    const next = adamStep(
      { param: tensorsOf(param), grad, m: tensorsOf(m), v: tensorsOf(v) },
      { decoupled: false },
      { learningRate: 0.001, weightDecay: 0, beta1, beta2, epsilon: 1e-8, ...corrections },
    );
    param.forEach((cell, i) => cell.assign(next.param[i]!));
    m.forEach((cell, i) => cell.assign(next.m[i]!));
    v.forEach((cell, i) => cell.assign(next.v[i]!));
    return tensorsOf(param);
  };
}

/** Each is the only holder of its storage, so that steps are in place. */
function zeroCells<C>(Kind: new (initial: Tensor) => C, shapes: readonly Shape[]): readonly C[] {
  return scope(() => shapes.map((shape) => new Kind(zeros(shape))));
}

function tensorsOf(cells: readonly (Parameter | State)[]): readonly Tensor[] {
  return cells.map(({ tensor }) => tensor);
}
