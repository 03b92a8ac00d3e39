// How exactly every kernel must agree with the float64 reference, and why. A result is right when it is within the allowed error of the exact
// one, rounded to float32 in addition; NaN must stand where it stands in the reference, and infinities with them. Integers and bools are exact.

import type { Attrs, KernelName } from '@sinapse/core';
import type { Expectation } from './expectation.ts';
import { batchNormErrors, batchNormGradErrors } from './batch-norm.ts';
import { elementwiseErrors } from './elementwise-programs.ts';
import { binaryErrors, binaryScalarErrors, unaryErrors } from './elementwise.ts';
import { logSoftmaxErrors, logSumExpErrors, softmaxCrossEntropyErrors, softmaxErrors } from './normalisation.ts';
import { adamStepErrors, sgdStepErrors } from './optimizer-steps.ts';
import { gruCellErrors, gruCellGradErrors, lstmCellErrors, lstmCellGradErrors } from './recurrent.ts';
import { ulps } from './rounding.ts';
import {
  avgPoolErrors,
  biasActivationErrors,
  biasActivationGradErrors,
  conv2dErrors,
  conv2dFilterGradErrors,
  conv2dInputGradErrors,
  cumulativeSumErrors,
  linearErrors,
  matmulErrors,
  maxPool2dGradErrors,
  reduceErrors,
  scatterAddErrors,
} from './sums.ts';

/** Absolute errors of the elements of each output; undefined where it must be exact. */
type Allowed = Float64Array | undefined | readonly (Float64Array | undefined)[];

export interface Tolerance<K extends KernelName> {
  readonly why: string;
  /** Absent: exact. */
  readonly allowed?: (expectation: Expectation<K>) => Allowed;
  /** Whether 0 and -0 are different results. */
  readonly zeroSigns?: (attrs: Attrs<K>) => boolean;
  /** Whether a NaN may also reach results that do not depend on it. */
  readonly nanSpreads?: boolean;
}

const always = (): boolean => true;
const MOVES = 'only moves values: every bit is kept, the sign of zero too';
const SUMS = 'sums of n terms in any order: (1 + min(n, 4 √n + n / 16)) u Σ|terms|';
const PRODUCTS = `${SUMS}; one u more for the products`;
const RUNNING = 'u of every result on the way, 4 ulps of sigmoid and tanh, and what their errors become';
const TRANSFORMS = `${PRODUCTS}. Algorithms that transform tiles may spread a NaN over a tile`;

export const tolerances: { readonly [K in KernelName]: Tolerance<K> } = {
  fill: { why: 'a value as float32 has it' },
  cast: { why: 'int32 to float32 rounds to nearest, the rest is exact' },
  unary: {
    why: 'sign and rounding are exact, the root within 1 ulp, functions within 4; sin and cos of large x also u |x|',
    allowed: unaryErrors,
    zeroSigns: ({ op }) => op === 'neg' || op === 'sign' || op === 'round',
  },
  binary: {
    why: 'IEEE 754 with half an ulp more, div 2 ulps; pow 4 ulps and the rounding of b ln a; the rest exact',
    allowed: binaryErrors,
    zeroSigns: ({ op }) => op === 'mul' || op === 'mod',
  },
  select: { why: MOVES, zeroSigns: always },
  broadcastTo: { why: MOVES, zeroSigns: always },
  reduce: { why: `${SUMS}; products 2 n u; max and min exact`, allowed: reduceErrors },
  matmul: { why: PRODUCTS, allowed: matmulErrors },
  transpose: { why: MOVES, zeroSigns: always },
  slice: { why: MOVES, zeroSigns: always },
  pad: { why: MOVES, zeroSigns: always },
  concat: { why: MOVES, zeroSigns: always },
  gather: { why: MOVES, zeroSigns: always },
  scatterAdd: { why: SUMS, allowed: scatterAddErrors },
  binaryScalar: { why: 'as binary', allowed: binaryScalarErrors, zeroSigns: ({ op }) => op === 'mul' || op === 'mod' },
  elementwise: { why: 'as its operations one by one, each with what the errors of its operands make of it', allowed: elementwiseErrors },
  randomBits: { why: 'the bits are the contract' },
  dropout: { why: 'which elements is exact; one product', allowed: ({ outputs }) => ulps(outputs[0]!.value.data, 0.5) },
  argReduce: { why: 'places are exact' },
  cumulativeSum: { why: SUMS, allowed: cumulativeSumErrors },
  sort: { why: 'places are exact; values are moved, the sign of zero too', zeroSigns: always },
  biasActivation: { why: 'one sum, magnified by the steepest slope; 6 ulps for the function', allowed: biasActivationErrors },
  biasActivationGrad: { why: `dx: 4 u |dy| times the size of the slope's terms; dbias: ${SUMS}`, allowed: biasActivationGradErrors },
  linear: { why: `${PRODUCTS}; bias and activation as biasActivation`, allowed: linearErrors },
  softmax: { why: 'u p times 16 + 2 (m - x), with m the largest of the row, and the factor of a sum', allowed: softmaxErrors },
  logSoftmax: { why: 'u times the sizes of x - m and of ln Σ with its sum', allowed: logSoftmaxErrors },
  logSumExp: { why: 'u times the sizes of m and of ln Σ with its sum', allowed: logSumExpErrors },
  softmaxCrossEntropy: { why: 'as logSumExp, less one logit; dlogits as softmax, less 1', allowed: softmaxCrossEntropyErrors },
  conv2d: { why: `${TRANSFORMS}; bias and activation as biasActivation`, allowed: conv2dErrors, nanSpreads: true },
  conv2dInputGrad: { why: TRANSFORMS, allowed: conv2dInputGradErrors, nanSpreads: true },
  conv2dFilterGrad: { why: TRANSFORMS, allowed: conv2dFilterGradErrors, nanSpreads: true },
  batchNorm: {
    why: 'mean a sum; variance as pairwise updates, u times deviation times root mean square; y what follows, bias and activation as biasActivation',
    allowed: batchNormErrors,
  },
  batchNormGrad: {
    why: 'dz as biasActivationGrad; doffset, dscale sums of dz and of dz times normalised x; dx 12 u times the sizes of its terms, and theirs',
    allowed: batchNormGradErrors,
  },
  lstmCell: { why: RUNNING, allowed: lstmCellErrors },
  lstmCellGrad: { why: RUNNING, allowed: lstmCellGradErrors },
  gruCell: { why: RUNNING, allowed: gruCellErrors },
  gruCellGrad: { why: RUNNING, allowed: gruCellGradErrors },
  maxPool2d: { why: 'one of the values' },
  maxPool2dGrad: { why: SUMS, allowed: maxPool2dGradErrors },
  avgPool2d: { why: `${SUMS}; 2 u for the mean`, allowed: avgPoolErrors },
  avgPool2dGrad: { why: `${SUMS}; 2 u for the mean`, allowed: avgPoolErrors },
  sgdStep: { why: '8 u Σ|terms|; exact when skipped', allowed: sgdStepErrors },
  adamStep: { why: 'm 8 u, v 16 u Σ|terms|, and what follows for m / √v; exact when skipped', allowed: adamStepErrors },
};

/** The allowed errors of every output of a call, in their order. */
export function allowedErrors<K extends KernelName>(expectation: Expectation<K>): readonly (Float64Array | undefined)[] {
  const tolerance = tolerances[expectation.call.kernel] as Tolerance<KernelName> as unknown as Tolerance<K>;
  const allowed = tolerance.allowed?.(expectation);
  if (allowed === undefined || allowed instanceof Float64Array) return expectation.outputs.map(() => allowed);
  return allowed;
}
