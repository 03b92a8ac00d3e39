// The public surface of @sinapse/core.

export type { MemoryFigures } from './contract/errors.ts';
export {
  SinapseError,
  ShapeError,
  DTypeError,
  BackendError,
  BackendLostError,
  OutOfMemoryError,
  allocating,
  asMemoryError,
} from './contract/errors.ts';
export { knownName, nearestName, suggestion } from './contract/names.ts';
export type { Check } from './contract/checks.ts';
export * as check from './contract/checks.ts';
export type { OptionChecks } from './contract/options.ts';
export { checkOptions, checkScalar, checkValue, problemOf } from './contract/options.ts';
export { printable, quote, shown, shownName } from './contract/shown.ts';
export type { Tree } from './contract/tree.ts';
export { leavesOf, mapTree, pairTrees } from './contract/tree.ts';
export type { DType, TypedArray } from './contract/dtype.ts';
export { BYTES, hostArray, isFloat, isHalf, isNumeric } from './contract/dtype.ts';
export { arrayKind, bytesIn, dtypeOfArray, elementCount, isHostArray } from './contract/typed-array.ts';
export { checkClass, printsAs, printsAsBackend } from './contract/inspect.ts';
export type { Shape } from './contract/shape.ts';
export type { Dimensions, Space } from './contract/space.ts';
export { SPACES, checkSpace } from './contract/space.ts';
export { readable } from './contract/own-shape.ts';
export { broadcastShapes, checkShape, formatShape, normalizeAxes, normalizeAxis, sameShape, sizeOf, stridesOf } from './contract/shape.ts';

export type { Cell, Scalar } from './contract/scalar.ts';
export { cell, derived, derivedCell, numberOf } from './contract/scalar.ts';

// Tensors
export type { TensorJSON } from './tensor/tensor.ts';
export { Tensor, isTensor } from './tensor/tensor.ts';
export type { NestedArray } from './tensor/nested.ts';
export type { ArrayOfNumbers, NormalOptions, RandomOptions, TensorOptions, UniformOptions } from './tensor/creation.ts';
export {
  eye,
  full,
  linspace,
  ones,
  makerOn,
  randomBernoulli,
  randomNormal,
  randomPermutation,
  randomTruncatedNormal,
  randomUniform,
  range,
  tensor,
  zeros,
} from './tensor/creation.ts';
export { ownedByScope, scope } from './tensor/scope.ts';
export { setUnscopedLimit } from './tensor/handle.ts';
export type { Memory } from './tensor/memory.ts';
export { memory } from './tensor/memory.ts';
export type { TensorMaker } from './tensor/tensor-maker.ts';
export { writeAt } from './tensor/write.ts';

// Ops
export type { Operand } from './ops/binary.ts';
export { add, div, maximum, minimum, mod, mul, sub } from './ops/arithmetic.ts';
export { floorDivide, lerp, squaredDifference, truncate } from './ops/difference.ts';
export { equal, greater, greaterEqual, less, lessEqual, logicalAnd, logicalOr, logicalXor, notEqual } from './ops/comparison.ts';
export {
  abs,
  ceil,
  cos,
  erf,
  erfc,
  exp,
  expm1,
  floor,
  isNaN,
  log,
  log1p,
  logicalNot,
  neg,
  reciprocal,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  tanh,
} from './ops/unary.ts';
export { acos, asin, atan, atan2, tan } from './ops/trigonometry.ts';
export { acosh, asinh, atanh, cosh, sinh } from './ops/hyperbolic.ts';
export { log10, log2, logAddExp } from './ops/logarithm.ts';
export { isFinite, isInfinite } from './ops/finite.ts';
export type { ClosenessOptions } from './ops/closeness.ts';
export { allClose, isClose } from './ops/closeness.ts';
export { clip, pow } from './ops/power.ts';
export { cast } from './ops/cast.ts';
export { where } from './ops/select.ts';
export { fillAt, onesLike, zerosLike } from './ops/fill.ts';
export type { ReduceOptions } from './ops/sum.ts';
export { broadcastTo, sum } from './ops/sum.ts';
export type { VarianceOptions } from './ops/variance.ts';
export type { NormOptions } from './ops/norm.ts';
export { norm } from './ops/norm.ts';
export { max, mean, min, prod } from './ops/statistics.ts';
export { standardDeviation, variance } from './ops/variance.ts';
export { all, any, countNonZero } from './ops/counting.ts';
export { median, quantile } from './ops/quantile.ts';
export type { ArgReduceOptions } from './ops/arg-reduce.ts';
export { argMax, argMin } from './ops/arg-reduce.ts';
export { expandDims, flatten, reshape, squeeze } from './ops/reshape.ts';
export { moveAxis, swapAxes, transpose } from './ops/transpose.ts';
export type { Range } from './ops/slice.ts';
export { flip, pad, slice, split } from './ops/slice.ts';
export type { PadMode } from './ops/pad-with.ts';
export { padWith } from './ops/pad-with.ts';
export { roll } from './ops/roll.ts';
export { repeat, tile } from './ops/repeat.ts';
export type { MeshgridOptions } from './ops/meshgrid.ts';
export { meshgrid } from './ops/meshgrid.ts';
export { diagonal, diagonalMatrix, trace } from './ops/diagonal.ts';
export { lowerTriangle, upperTriangle } from './ops/triangle.ts';
export { concat, stack, unstack } from './ops/concat.ts';
export { gather, oneHot, rangeAt, scatterAdd, takeAlong } from './ops/gather.ts';
export type { BinCountOptions, HistogramOptions, SearchOptions } from './ops/histogram.ts';
export { binCount, histogram, searchSorted } from './ops/histogram.ts';
export type { Unique } from './ops/by-value.ts';
export { booleanMask, nonZero, unique } from './ops/by-value.ts';
export { gatherND, scatterND } from './ops/gather-nd.ts';
export { putAlong, scatter, scatterAddAlong } from './ops/put.ts';
export type { CumulativeSumOptions } from './ops/cumulative.ts';
export { cumulativeSum } from './ops/cumulative.ts';
export { cumulativeProduct } from './ops/cumulative-product.ts';
export type { CumulativeExtremeOptions } from './ops/cumulative-extreme.ts';
export { cumulativeMax, cumulativeMin } from './ops/cumulative-extreme.ts';
export type { SortOptions, Sorted, TopKOptions } from './ops/sort.ts';
export { argSort, sort, topK } from './ops/sort.ts';
export type { MatmulOptions } from './ops/matmul.ts';
export { dot, matmul, matrixTranspose } from './ops/matmul.ts';
export { cross, outer } from './ops/vector-products.ts';
export { tensorDot } from './ops/tensor-dot.ts';
export { einsum } from './ops/einsum.ts';
export { determinant, inverse, solve } from './ops/linear-system.ts';
export type { TriangularSolveOptions } from './ops/triangular-solve.ts';
export { triangularSolve } from './ops/triangular-solve.ts';
export { cholesky } from './ops/cholesky.ts';
export { linear } from './ops/linear.ts';
export type { FusedActivation } from './ops/activation.ts';
export { biasActivation, leakyRelu, maxout, relu, step } from './ops/activation.ts';
export { celu, elu, gelu, geluTanh, mish, selu, softplus, softsign, swish } from './ops/formula-activation.ts';
export { hardShrink, hardSigmoid, hardSwish, hardTanh, relu6, softShrink, threshold } from './ops/piecewise-activation.ts';
export type { LogSumExpOptions, SoftmaxOptions } from './ops/softmax.ts';
export { logSoftmax, logSumExp, softmax } from './ops/softmax.ts';
export { softmaxCrossEntropy } from './ops/softmax-cross-entropy.ts';
export type { ConvOptions, ConvolutionOptions } from './ops/convolution.ts';
export type { Conv1dOptions } from './ops/conv1d.ts';
export { conv1d } from './ops/conv1d.ts';
export type { Conv2dOptions } from './ops/conv2d.ts';
export { conv2d, conv2dFilterGrad, conv2dInputGrad } from './ops/conv2d.ts';
export { conv3d } from './ops/conv3d.ts';
export type { ConvTransposeOptions } from './ops/conv-transpose.ts';
export { convTranspose1d, convTranspose2d, convTranspose3d } from './ops/conv-transpose.ts';
export type { BatchNormOptions, BatchNormResult } from './ops/batch-norm.ts';
export { batchNorm } from './ops/batch-norm.ts';
export type { LayerNormOptions } from './ops/layer-norm.ts';
export { layerNorm } from './ops/layer-norm.ts';
export type { RmsNormOptions } from './ops/rms-norm.ts';
export { rmsNorm } from './ops/rms-norm.ts';
export type { GroupNormOptions } from './ops/group-norm.ts';
export { groupNorm } from './ops/group-norm.ts';
export type { AttentionOptions } from './ops/attention.ts';
export { attention } from './ops/attention.ts';
export { lstmCell } from './ops/lstm-cell.ts';
export { gruCell } from './ops/gru-cell.ts';
export type { SequenceOptions } from './ops/sequence.ts';
export type { RnnOptions } from './ops/rnn.ts';
export { rnn } from './ops/rnn.ts';
export { lstm } from './ops/lstm.ts';
export { gru } from './ops/gru.ts';
export type { AvgPool2dOptions, Pool2dOptions } from './ops/pool2d.ts';
export { avgPool2d, maxPool2d } from './ops/pool2d.ts';
export type { AvgPoolOptions, PoolOptions } from './ops/pool-geometry.ts';
export { avgPool1d, maxPool1d } from './ops/pool1d.ts';
export { avgPool3d, maxPool3d } from './ops/pool3d.ts';
export { globalAvgPool1d, globalAvgPool2d, globalAvgPool3d, globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './ops/global-pool.ts';
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './ops/adaptive-pool.ts';
export type { ResizeOptions } from './ops/resize.ts';
export { resize } from './ops/resize.ts';
export type { LocalResponseNormOptions } from './ops/local-response-norm.ts';
export { localResponseNorm } from './ops/local-response-norm.ts';
export type { Border, Padding, PairLike, PerAxis, Triple } from './ops/window.ts';
export { dropout } from './ops/dropout.ts';
export { adamStep, sgdStep } from './ops/optimizer-steps.ts';

// Formulas as one kernel
export type { Fused, FusedArgument, ListArguments, ListResults, ListState } from './fused/fused.ts';
export { fused, fusedUpdate } from './fused/fused.ts';
// Gradients
export type { GradientCall, InputGradients, Rule } from './autodiff/apply.ts';
export { apply } from './autodiff/apply.ts';
export { ruleFromLowering } from './autodiff/lowering.ts';
export type { CustomResult, CustomResults, Differentiated, ValueAndGradients } from './autodiff/gradient.ts';
export { customGradient, grad, inference, valueAndGrad } from './autodiff/gradient.ts';
export { stopGradient } from './autodiff/stop.ts';
export { hessian, jacobian } from './autodiff/jacobian.ts';
export type { ValueAndPullback, ValueAndTangent } from './autodiff/directional.ts';
export { hvp, jvp, vjp } from './autodiff/directional.ts';
export type { VmapOptions, VmapResult } from './batching/vmap.ts';
export { vmap } from './batching/vmap.ts';

// Models
export type { AnyModel, Buildable, LayerCall, Model, Optimizer, OptimizerState, ShapesOf, StepOptions } from './model/model.ts';
export type { ContextOptions, LayerObserver } from './model/context.ts';
export { Context } from './model/context.ts';
export { Parameter, State } from './model/parameter.ts';
export { constrain, penaltyOf } from './model/penalty.ts';
export { Derived } from './model/derived.ts';
export type { Named } from './model/tree.ts';
export { parametersOf, statesOf, walk } from './model/tree.ts';
export { partMatcher, pathMatcher } from './model/path-pattern.ts';
export { freeze, nothingNamed, unfreeze } from './model/freeze.ts';

// Random numbers
export type { KeyScalars, Seed } from './random/key.ts';
export { KeyCell, RandomKey, randomKey } from './random/key.ts';
export { RandomStream, hostBits24, hostNormal, hostPermutation, hostTruncatedNormal, hostUniform, inverseNormal } from './random/host.ts';
export { philox4x32 } from './random/philox.ts';

// Backends
export type { Backend, BackendInfo, DTypesByUse, FloatProperties, KernelSignature, MemoryInfo } from './contract/backend.ts';
export { IEEE_754 } from './contract/backend.ts';
export { activeBackend, backendInfo, firstAvailable, use, withBackend } from './dispatch/active-backend.ts';
export { isMeta, meta } from './dispatch/meta.ts';
export type { Spec, View } from './contract/storage.ts';
export { Storage, bytesOf, specOf } from './contract/storage.ts';
export { NO_SHELF, Pool, PooledStorage } from './contract/pool.ts';
export type * from './contract/kernels.ts';
export type * from './contract/operations.ts';
export type { Instruction, Program, ScalarSlot } from './contract/program.ts';
export { typesOf } from './contract/program.ts';
export type { KernelDefinition } from './dispatch/definition.ts';
export { defineKernel } from './dispatch/definition.ts';
export { kernelDefinitions } from './ops/kernel-definitions.ts';
export { NO_ATTRS, interned } from './dispatch/attributes.ts';
export { dispatch } from './dispatch/dispatch.ts';
export type { DispatchedCall, Interceptor } from './dispatch/intercept.ts';
export { intercept } from './dispatch/intercept.ts';
export type { HostInterceptor, HostWrite } from './dispatch/host-step.ts';
export { hostStep, interceptHost } from './dispatch/host-step.ts';
export type { RecordedAction, RecordedCall, Recording } from './dispatch/record.ts';
export { record } from './dispatch/record.ts';
export type { Profile, ProfileEntry, ProfileOptions } from './dispatch/interceptors.ts';
export { checkNumerics, macsOf, profile } from './dispatch/interceptors.ts';
