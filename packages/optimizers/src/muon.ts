// Muon moves every matrix by an orthogonal one, and leaves all other parameters to another optimizer.

import type { Optimizer, OptionChecks, Parameter, Scalar, Tensor } from '@sinapse/core';
import { add, check, checkOptions, derivedCell, fusedUpdate, mul, reshape, sub } from '@sinapse/core';
import { adamW } from './adam.ts';
import type { Grouped } from './grouped.ts';
import { groupsOf } from './grouped.ts';
import { newtonSchulz } from './newton-schulz.ts';
import type { AnyState, CommonOptions } from './slot-optimizer.ts';
import { COMMON_OPTIONS, SlotOptimizer } from './slot-optimizer.ts';
import type { StepCells, Update } from './update-rule.ts';
import { unlessSkipped } from './update-rule.ts';
import { OPTIMIZER } from './wrapped.ts';

export interface MuonOptions extends CommonOptions {
  /** The part of the last step's velocity that is kept, within [0, 1). Default 0.95. */
  readonly momentum?: number;
  /** Whether to use Nesterov's form of momentum. Default true. */
  readonly nesterov?: boolean;
  /** Newton-Schulz steps, an integer >= 1. Default 5. */
  readonly steps?: number;
  /** Which parameters are matrices to be moved so, e.g. without embeddings and the last layer. Default all of two axes or more. */
  readonly matrices?: (parameter: Parameter) => boolean;
  /** The optimizer of all other parameters. Default `adamW()`. */
  readonly rest?: Optimizer;
}

/** The default learning rate of `muon`. */
export const MUON_LEARNING_RATE = 0.02;

const CHECKS: OptionChecks<MuonOptions> = {
  ...COMMON_OPTIONS,
  momentum: check.fraction,
  nesterov: check.flag,
  steps: check.count,
  matrices: check.callable,
  rest: OPTIMIZER,
};

/**
 * Muon: v = momentum v + g, parameter -= learningRate √max(1, n / m) O, where O is the orthogonal matrix nearest to v (with `nesterov`, to g +
 * momentum v), found by Newton-Schulz steps, m the number of inputs, n of outputs. A kernel of more than two axes is the matrix `[m, n]` of its
 * last axis and all others. `weightDecay` first multiplies the parameter by 1 - learningRate weightDecay. Jordan et al. 2024.
 *
 * `learningRate`, `weightDecay`, `momentum` apply to matrices; `rest` has its own. Clipping counts all gradients.
 * @param options by default, `learningRate` is 0.02 and `weightDecay` 0
 * @throws SinapseError when an option is unknown or out of range; at a step, when a chosen parameter has fewer than two axes
 */
export function muon(options: MuonOptions = {}): Grouped {
  checkOptions('muon', options, CHECKS);
  const { matrices = (parameter) => parameter.shape.length > 1, rest = adamW(), clipNorm, clipValue, ...own } = options;
  const { learningRate = MUON_LEARNING_RATE, weightDecay, decay } = own;
  const common = { learningRate, ...(weightDecay !== undefined && { weightDecay }), ...(decay && { decay }) };
  const ofMatrices = new SlotOptimizer('muon', common, ['velocity'], (cells) => updateOf(own, cells));
  const clipping = { ...(clipNorm !== undefined && { clipNorm }), ...(clipValue !== undefined && { clipValue }) };
  return groupsOf('muon', [{ of: (parameter) => matrices(parameter), optimizer: ofMatrices }], rest, clipping);
}

type Gradient = { readonly grad: Tensor; readonly scale: Tensor | undefined; readonly skip: Tensor | undefined };
type Move = { readonly direction: Tensor; readonly keep: Scalar; readonly rate: Scalar; readonly skip: Tensor | undefined };

const move = fusedUpdate((before: { param: Tensor }, { direction, keep, rate, skip }: Move) => {
  const after = { param: sub(mul(before.param, keep), mul(direction, rate)) };
  return skip === undefined ? after : unlessSkipped(skip, before, after);
});

function updateOf({ momentum = 0.95, nesterov = true, steps = 5 }: MuonOptions, { learningRate: rate }: StepCells): Update<AnyState> {
  const accumulate = fusedUpdate((before: { velocity: Tensor }, { grad, scale, skip }: Gradient) => {
    const after = { velocity: add(mul(before.velocity, momentum), scale === undefined ? grad : mul(grad, scale)) };
    return skip === undefined ? after : unlessSkipped(skip, before, after);
  });
  return ({ param, velocity }, { grad, scale, skip, weightDecay }) => {
    const next = accumulate({ velocity: velocity! }, { grad, scale, skip });
    const scaled = (g: Tensor): Tensor => (scale === undefined ? g : mul(g, scale));
    const direction = next.velocity.map((v, i) => orthogonal(nesterov ? add(scaled(grad[i]!), mul(v, momentum)) : v, steps));
    const keep = derivedCell(() => 1 - rate.value * weightDecay);
    return { ...move({ param: param! }, { direction, keep, rate, skip }), ...next };
  };
}

/** √max(1, n / m) times the orthogonal matrix nearest to a tensor of m n elements, n of them along the last axis. */
function orthogonal(tensor: Tensor, steps: number): Tensor {
  const outputs = tensor.shape.at(-1)!;
  const inputs = tensor.size / outputs;
  const matrix = newtonSchulz(reshape(tensor, [inputs, outputs]), steps);
  return reshape(mul(matrix, Math.sqrt(Math.max(1, outputs / inputs))), tensor.shape);
}
