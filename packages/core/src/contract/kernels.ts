// The kernel table: the types of every kernel's inputs, outputs, attributes and scalars. It is the contract between core and the backends.
//
// - Inputs and outputs are named; a slot with many views is a list. Optional inputs are absent, never null.
// - `attrs` are static: geometry, axes, activation. A backend may compile or cache by them.
// - `scalars` are run-time numbers: a learning rate, a random key. They are never part of a cache key. In core they may be cells; dispatch
//   reads their values at the call.
// - Outputs are allocated by core from `infer`; a kernel writes every element of them.
//
// Each kernel's definition in `ops/` says what it computes; `docs/kernels.md` adds NaN, ties and empty inputs.

import type { DType } from './dtype.ts';
import type { BinaryOp, UnaryOp } from './operations.ts';
import type { Program } from './program.ts';
import type { Scalar } from './scalar.ts';
import type { Shape } from './shape.ts';
import type { View } from './storage.ts';

export type ReduceOp = 'sum' | 'prod' | 'max' | 'min';

/** Activations whose gradient can be computed from their output alone. The kernel that makes their input can therefore apply them. */
export type Activation = 'linear' | 'relu' | 'leakyRelu' | 'sigmoid' | 'tanh';

/** The dtype of a product's result, and of the sums it accumulates. */
export interface Precision {
  readonly output: DType;
  readonly accumulation: DType;
}

/** Rows and columns: [height, width]. */
export type Pair = readonly [number, number];

/** Zeros around an image: [top, bottom, left, right]. */
export type Padding2d = readonly [number, number, number, number];

export interface Conv2dGeometry {
  readonly strides: Pair;
  readonly padding: Padding2d;
  readonly dilation: Pair;
  readonly groups: number;
}

export interface Pool2dGeometry {
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding2d;
}

interface Fused {
  readonly activation: Activation;
  readonly precision: Precision;
}

/** alpha: the slope of leakyRelu below zero; ignored by the others. */
interface ActivationScalars {
  readonly alpha: number;
}

/** The two words of a random key, unsigned 32-bit integers. Philox4x32-10 with counter (i / 4, 0, 0, 0) gives elements i .. i + 3. */
interface KeyScalars {
  readonly keyLow: number;
  readonly keyHigh: number;
}

interface OptimizerScalars {
  readonly learningRate: number;
  readonly weightDecay: number;
}

type None = Readonly<Record<never, never>>;

export interface KernelTypes {
  // ---- required: a backend has all of these --------------------------------------------------------------------------------------------
  fill: { in: None; out: { y: View }; attrs: { dtype: DType; shape: Shape }; scalars: { value: number } };
  cast: { in: { x: View }; out: { y: View }; attrs: { dtype: DType }; scalars: None };
  unary: { in: { x: View }; out: { y: View }; attrs: { op: UnaryOp }; scalars: None };
  binary: { in: { a: View; b: View }; out: { y: View }; attrs: { op: BinaryOp }; scalars: None };
  select: { in: { condition: View; a: View; b: View }; out: { y: View }; attrs: None; scalars: None };
  broadcastTo: { in: { x: View }; out: { y: View }; attrs: { shape: Shape }; scalars: None };
  reduce: { in: { x: View }; out: { y: View }; attrs: { op: ReduceOp; axes: readonly number[]; keepDims: boolean }; scalars: None };
  matmul: {
    in: { a: View; b: View };
    out: { y: View };
    attrs: { transposeA: boolean; transposeB: boolean; precision: Precision };
    scalars: None;
  };
  transpose: { in: { x: View }; out: { y: View }; attrs: { permutation: readonly number[] }; scalars: None };
  slice: {
    in: { x: View };
    out: { y: View };
    attrs: { begin: readonly number[]; size: readonly number[]; step: readonly number[] };
    scalars: None;
  };
  pad: {
    in: { x: View };
    out: { y: View };
    attrs: { before: readonly number[]; after: readonly number[]; interior: readonly number[] };
    scalars: { value: number };
  };
  concat: { in: { xs: readonly View[] }; out: { y: View }; attrs: { axis: number }; scalars: None };
  gather: { in: { x: View; indices: View }; out: { y: View }; attrs: { axis: number }; scalars: None };
  scatterAdd: { in: { indices: View; updates: View }; out: { y: View }; attrs: { axis: number; size: number }; scalars: None };

  // ---- derived: each has a lowering; a backend implements those that it runs faster -------------------------------------------------------
  binaryScalar: { in: { x: View }; out: { y: View }; attrs: { op: BinaryOp; reversed: boolean }; scalars: { value: number } };
  /**
   * Runs the program once for each of `items` items. The last `shared` input slots hold one tensor for all items; every other slot holds one for
   * each. xs lists the tensors of slot 0, of slot 1, …, then the shared ones; ys lists those of output 0, of output 1, …. An item's outputs have
   * the shape of its slot 0, to which its other inputs broadcast. ys[i] may take over the storage of xs[i] (`donates`): the kernel overwrites it.
   */
  elementwise: {
    in: { xs: readonly View[] };
    out: { ys: readonly View[] };
    attrs: { program: Program; items: number; shared: number };
    scalars: Readonly<Record<string, number>>;
  };
  randomBits: { in: None; out: { y: View }; attrs: { shape: Shape }; scalars: KeyScalars };
  dropout: { in: { x: View }; out: { y: View }; attrs: None; scalars: KeyScalars & { rate: number } };
  argReduce: { in: { x: View }; out: { y: View }; attrs: { op: 'argMax' | 'argMin'; axis: number; keepDims: boolean }; scalars: None };
  norm: { in: { x: View }; out: { y: View }; attrs: { axes: readonly number[]; keepDims: boolean }; scalars: None };
  cumulativeSum: { in: { x: View }; out: { y: View }; attrs: { axis: number; exclusive: boolean; reverse: boolean }; scalars: None };
  sort: { in: { x: View }; out: { values: View; indices: View }; attrs: { descending: boolean }; scalars: None };
  biasActivation: { in: { x: View; bias?: View }; out: { y: View }; attrs: { activation: Activation }; scalars: ActivationScalars };
  /** dbias is [0] unless `bias` is true. */
  biasActivationGrad: {
    in: { y: View; dy: View };
    out: { dx: View; dbias: View };
    attrs: { activation: Activation; bias: boolean };
    scalars: ActivationScalars;
  };
  linear: { in: { x: View; weight: View; bias?: View }; out: { y: View }; attrs: Fused; scalars: ActivationScalars };
  softmax: { in: { x: View }; out: { y: View }; attrs: None; scalars: None };
  logSoftmax: { in: { x: View }; out: { y: View }; attrs: None; scalars: None };
  logSumExp: { in: { x: View }; out: { y: View }; attrs: None; scalars: None };
  softmaxCrossEntropy: { in: { logits: View; labels: View }; out: { loss: View; dlogits: View }; attrs: None; scalars: None };
  /** residual has y's shape and is added before the activation. y may take over its storage (`donates`): the kernel overwrites it. */
  conv2d: {
    in: { x: View; filter: View; bias?: View; residual?: View };
    out: { y: View };
    attrs: Conv2dGeometry & Fused;
    scalars: ActivationScalars;
  };
  conv2dInputGrad: {
    in: { dy: View; filter: View };
    out: { dx: View };
    attrs: Conv2dGeometry & { inputShape: Shape; precision: Precision };
    scalars: None;
  };
  conv2dFilterGrad: {
    in: { x: View; dy: View };
    out: { dfilter: View };
    attrs: Conv2dGeometry & { filterShape: Shape; precision: Precision };
    scalars: None;
  };
  /** residual has x's shape and is added before the activation. The kernel and its gradient each need two passes over memory. */
  batchNorm: {
    in: { x: View; scale: View; offset: View; residual?: View };
    out: { y: View; mean: View; variance: View };
    attrs: { activation: Activation };
    scalars: ActivationScalars & { epsilon: number };
  };
  /** dresidual is [0] unless `residual` is true. */
  batchNormGrad: {
    in: { x: View; y: View; dy: View; scale: View; mean: View; variance: View };
    out: { dx: View; dscale: View; doffset: View; dresidual: View };
    attrs: { activation: Activation; residual: boolean };
    scalars: ActivationScalars & { epsilon: number };
  };
  /** One step of a recurrent network, after its products. `gates` holds the sums of all gates side by side: [batch, gates · units]. */
  lstmCell: { in: { gates: View; c: View }; out: { h: View; next: View }; attrs: None; scalars: None };
  lstmCellGrad: { in: { gates: View; c: View; dh: View; dnext: View }; out: { dgates: View; dc: View }; attrs: None; scalars: None };
  gruCell: { in: { x: View; hidden: View; h: View }; out: { next: View }; attrs: None; scalars: None };
  gruCellGrad: {
    in: { x: View; hidden: View; h: View; dnext: View };
    out: { dx: View; dhidden: View; dh: View };
    attrs: None;
    scalars: None;
  };
  /**
   * A recurrent network over a whole sequence. x, [steps, batch, gates · units], holds the input's part of the sums of all gates; states are
   * [steps, batch, units]; lengths, int32 [batch]: from that step on, an example keeps its state. `reverse` goes from the last step to the first.
   */
  rnn: {
    in: { x: View; weight: View; h: View; lengths?: View };
    out: { states: View };
    attrs: { activation: 'tanh' | 'relu'; reverse: boolean };
    scalars: None;
  };
  rnnGrad: {
    in: { weight: View; states: View; dstates: View; lengths?: View };
    out: { dx: View; dh: View };
    attrs: { activation: 'tanh' | 'relu'; reverse: boolean };
    scalars: None;
  };
  /** sums holds x and the state's part, which the gradient reads. dsums is their gradient, if they have one: in second derivatives. */
  lstm: {
    in: { x: View; weight: View; h: View; c: View; lengths?: View };
    out: { states: View; memories: View; sums: View };
    attrs: { reverse: boolean };
    scalars: None;
  };
  lstmGrad: {
    in: { sums: View; weight: View; memories: View; c: View; dstates: View; dmemories: View; dsums?: View; lengths?: View };
    out: { dx: View; dh: View; dc: View };
    attrs: { reverse: boolean };
    scalars: None;
  };
  /** hidden holds the state's part of the sums, which the gradient reads. dsums is its gradient, if it has one: in second derivatives. */
  gru: {
    in: { x: View; weight: View; bias: View; h: View; lengths?: View };
    out: { states: View; hidden: View };
    attrs: { reverse: boolean };
    scalars: None;
  };
  gruGrad: {
    in: { x: View; hidden: View; weight: View; states: View; h: View; dstates: View; dsums?: View; lengths?: View };
    out: { dx: View; dhidden: View; dh: View };
    attrs: { reverse: boolean };
    scalars: None;
  };
  maxPool2d: { in: { x: View }; out: { y: View }; attrs: Pool2dGeometry; scalars: None };
  maxPool2dGrad: { in: { x: View; dy: View }; out: { dx: View }; attrs: Pool2dGeometry; scalars: None };
  avgPool2d: { in: { x: View }; out: { y: View }; attrs: Pool2dGeometry & { includePadding: boolean }; scalars: None };
  avgPool2dGrad: {
    in: { dy: View };
    out: { dx: View };
    attrs: Pool2dGeometry & { includePadding: boolean; inputShape: Shape };
    scalars: None;
  };
  /** gradientScale, a float scalar, multiplies every gradient first (to clip, or undo a loss scale). If skip, a bool scalar, is true, nothing changes. */
  sgdStep: {
    in: { param: readonly View[]; grad: readonly View[]; velocity?: readonly View[]; gradientScale?: View; skip?: View };
    out: { param: readonly View[]; velocity: readonly View[] };
    attrs: { nesterov: boolean };
    scalars: OptimizerScalars & { momentum: number };
  };
  adamStep: {
    in: {
      param: readonly View[];
      grad: readonly View[];
      m: readonly View[];
      v: readonly View[];
      maxV?: readonly View[];
      gradientScale?: View;
      skip?: View;
    };
    out: { param: readonly View[]; m: readonly View[]; v: readonly View[]; maxV: readonly View[] };
    attrs: { decoupled: boolean };
    /** correction1 = 1 - beta1^t and correction2 = 1 - beta2^t at step t = 1, 2, …, computed in float64 on the host. */
    scalars: OptimizerScalars & { beta1: number; beta2: number; epsilon: number; correction1: number; correction2: number };
  };
}

export type KernelName = keyof KernelTypes;

export type RequiredKernel =
  | 'fill'
  | 'cast'
  | 'unary'
  | 'binary'
  | 'select'
  | 'broadcastTo'
  | 'reduce'
  | 'matmul'
  | 'transpose'
  | 'slice'
  | 'pad'
  | 'concat'
  | 'gather'
  | 'scatterAdd';
export type DerivedKernel = Exclude<KernelName, RequiredKernel>;

export type Attrs<K extends KernelName> = KernelTypes[K]['attrs'];
/** Run-time numbers as kernels get them; with V = Scalar, as ops get them. */
export type Scalars<K extends KernelName, V extends Scalar = number> = { readonly [P in keyof KernelTypes[K]['scalars']]: V };

/** A record of slots with every view replaced by V: specs for `infer`, tensors for lowerings and gradients. */
export type Slots<Record_, V> = {
  readonly [P in keyof Record_]: NonNullable<Record_[P]> extends readonly View[] ? readonly V[] : V;
};
export type Inputs<K extends KernelName, V = View> = Slots<KernelTypes[K]['in'], V>;
export type Outputs<K extends KernelName, V = View> = Slots<KernelTypes[K]['out'], V>;

/** Everything a kernel is called with. A kernel must not keep the record. */
export interface KernelCall<K extends KernelName> {
  readonly in: Inputs<K>;
  readonly out: Outputs<K>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K>;
}

export type Kernel<K extends KernelName> = (call: KernelCall<K>) => void;

/** The kernels of a backend. A table without a required kernel does not compile. */
export type KernelTable = { readonly [K in RequiredKernel]: Kernel<K> } & { readonly [K in DerivedKernel]?: Kernel<K> };
