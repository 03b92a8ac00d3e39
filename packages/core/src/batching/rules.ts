// How kernels run for all examples at once: the axis of examples comes first, and each rule computes with ops, so that gradients pass through.
//
// Every required kernel has a rule. A derived kernel without one runs its lowering, whose calls then come here.

import { apply } from '../autodiff/apply.ts';
import { isRecording } from '../autodiff/recording.ts';
import { ruleFromLowering } from '../autodiff/lowering.ts';
import type { Attrs, Inputs, KernelName, Outputs, Scalars } from '../contract/kernels.ts';
import type { Scalar } from '../contract/scalar.ts';
import { NO_SCALARS } from '../contract/scalar.ts';
import { lastLength, lengthsOf, sizeOf } from '../contract/shape.ts';
import { NO_ATTRS } from '../dispatch/attributes.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { runProgram } from '../fused/run.ts';
import { argMax, argMin } from '../ops/arg-reduce.ts';
import { binaryByName, unaryByName } from '../ops/by-name.ts';
import { cast } from '../ops/cast.ts';
import { concat } from '../ops/concat.ts';
import { cumulativeSum } from '../ops/cumulative.ts';
import { flatIndices, gather, scattered } from '../ops/gather.ts';
import { matmul } from '../ops/matmul.ts';
import { norm } from '../ops/norm.ts';
import { reshape } from '../ops/reshape.ts';
import { where } from '../ops/select.ts';
import { padWithGaps, sliceBox } from '../ops/slice.ts';
import { logSoftmax, logSumExp, softmax } from '../ops/softmax.ts';
import { softmaxCrossEntropyRule } from '../ops/softmax-cross-entropy.ts';
import { sort } from '../ops/sort.ts';
import { max, min, prod } from '../ops/statistics.ts';
import { broadcastTo, sum } from '../ops/sum.ts';
import { moveAxis, transpose } from '../ops/transpose.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Batch } from './batched-tensor.ts';

/** A call of a kernel for one example. */
export interface ExampleCall<K extends KernelName> {
  readonly definition: KernelDefinition<K, Tensor>;
  readonly in: Inputs<K, Tensor>;
  readonly attrs: Attrs<K>;
  readonly scalars: Scalars<K, Scalar>;
}

/** Computes the outputs for all examples, `[size, …]`; undefined where the lowering has to. */
type BatchingRule<K extends KernelName> = (call: ExampleCall<K>, batch: Batch) => Outputs<K, Tensor> | undefined;

const REDUCTIONS = { sum, prod, max, min } as const;

/** The axes of an example among those of all. */
const behindBatch = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);

/** The inputs of a call that are given, by name. */
function given<K extends KernelName>({ in: inputs }: ExampleCall<K>): [string, Tensor][] {
  return Object.entries(inputs as unknown as Readonly<Record<string, Tensor | undefined>>).filter((entry): entry is [string, Tensor] => entry[1] !== undefined); // prettier-ignore
}

/** Calls the kernel on other inputs and attributes, and changes each output. Gradients from outside go through the lowering. */
function called<K extends KernelName>(
  { definition, scalars }: ExampleCall<K>,
  inputs: readonly (readonly [string, Tensor])[],
  attrs: Attrs<K>,
  change: (y: Tensor) => Tensor,
): Outputs<K, Tensor> {
  const rule = ruleFromLowering(definition, inputs.map(([name]) => name) as never);
  const outputs = apply(rule, Object.fromEntries(inputs) as never, attrs, scalars as never, inputs[0]![1]);
  return Object.fromEntries(Object.entries(outputs as unknown as Readonly<Record<string, Tensor>>).map(([name, y]) => [name, change(y)])) as unknown as Outputs<K, Tensor>; // prettier-ignore
}

/**
 * The rule of kernels whose inputs and outputs begin with an axis of images: examples become further images. Other inputs must be shared by all
 * examples.
 * @param images the inputs that begin with that axis
 */
function asFurtherImages<K extends KernelName>(...images: readonly string[]): BatchingRule<K> {
  return (call, batch) => {
    const inputs = given(call);
    if (inputs.some(([name, x]) => batch.has(x) && !images.includes(name))) return undefined;
    const merged = (shape: readonly number[]): number[] => [batch.size * shape[0]!, ...lengthsOf(shape, 1)];
    const all = inputs.map(([name, x]) => [name, images.includes(name) ? reshape(batch.all(x), merged(x.shape)) : x] as const);
    const { attrs } = call;
    const own = 'inputShape' in attrs ? { ...attrs, inputShape: merged(attrs.inputShape) } : attrs;
    return called(call, all, own, (y) => reshape(y, [batch.size, y.shape[0]! / batch.size, ...lengthsOf(y.shape, 1)]));
  };
}

/**
 * The rule of convolutions whose filters, or gradients of filters, differ from example to example: each example becomes a group of channels. All
 * inputs and outputs end with an axis of channels. While a gradient is recorded, the lowering is better: the gradient would visit group after group.
 */
function asGroups<K extends 'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad'>(
  call: ExampleCall<K>,
  batch: Batch,
): Outputs<K, Tensor> | undefined {
  if (isRecording()) return undefined;
  const { size } = batch;
  const merged = (shape: readonly number[]): number[] => [...lengthsOf(shape, 0, shape.length - 1), size * lastLength(shape)!];
  const all = given(call).map(([name, x]) => [name, reshape(moveAxis(batch.all(x), 0, -2), merged(x.shape))] as const);
  const { attrs } = call;
  const shapes = {
    ...('inputShape' in attrs && { inputShape: merged(attrs.inputShape) }),
    ...('filterShape' in attrs && { filterShape: merged(attrs.filterShape) }),
  };
  return called(call, all, { ...attrs, ...shapes, groups: attrs.groups * size }, (y) => {
    const channels = lastLength(y.shape)! / size;
    return moveAxis(reshape(y, [...lengthsOf(y.shape, 0, y.shape.length - 1), size, channels]), -2, 0);
  });
}

const convolvedImages = asFurtherImages<'conv2d'>('x', 'residual');
const convolvedGradients = asFurtherImages<'conv2dInputGrad'>('dy');

/** The index tensor of all examples as rows, and the order of axes in which `[batch, row, before…, after…]` has the row where the axis was. */
function rowLast(before: number, after: number): number[] {
  const axes = (count: number, from: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  return [0, ...axes(before, 2), 1, ...axes(after, 2 + before)];
}

export const batchingRules: { readonly [K in KernelName]?: BatchingRule<K> } = {
  cast: ({ in: { x }, attrs: { dtype } }, batch) => ({ y: cast(batch.all(x), dtype) }),
  unary: ({ in: { x }, attrs: { op } }, batch) => ({ y: unaryByName[op](batch.all(x)) }),
  binary: ({ in: { a, b }, attrs: { op } }, batch) => {
    const rank = Math.max(a.shape.length, b.shape.length);
    return { y: binaryByName[op](batch.aligned(a, rank), batch.aligned(b, rank)) };
  },
  binaryScalar: ({ in: { x }, attrs: { op, reversed }, scalars: { value } }, batch) => ({
    y: reversed ? binaryByName[op](value, batch.all(x)) : binaryByName[op](batch.all(x), value),
  }),
  select: ({ in: { condition, a, b } }, batch) => {
    const rank = Math.max(condition.shape.length, a.shape.length, b.shape.length);
    return { y: where(batch.aligned(condition, rank), batch.aligned(a, rank), batch.aligned(b, rank)) };
  },
  elementwise: ({ in: { xs }, attrs, scalars }, batch) => {
    const { items } = attrs;
    const rank = xs[0]!.shape.length;
    if (xs.some((x, i) => i < items && x.shape.length !== rank)) return undefined; // what items share would need two shapes
    // The results have the shape of the first inputs, which are therefore stretched to all examples.
    return { ys: runProgram(xs.map((x, i) => (i < items ? batch.all(x) : batch.aligned(x, rank))), attrs, scalars) }; // prettier-ignore
  },
  broadcastTo: ({ in: { x }, attrs: { shape } }, batch) => ({ y: broadcastTo(batch.aligned(x, shape.length), [batch.size, ...shape]) }),
  reduce: ({ in: { x }, attrs: { op, axes, keepDims } }, batch) => ({
    y: REDUCTIONS[op](batch.all(x), { axis: behindBatch(axes), keepDims }),
  }),
  norm: ({ in: { x }, attrs: { axes, keepDims } }, batch) => ({ y: norm(batch.all(x), { axis: behindBatch(axes), keepDims }) }),
  argReduce: ({ in: { x }, attrs: { op, axis, keepDims } }, batch) => ({
    y: (op === 'argMax' ? argMax : argMin)(batch.all(x), { axis: axis + 1, keepDims }),
  }),
  cumulativeSum: ({ in: { x }, attrs: { axis, exclusive, reverse } }, batch) => ({
    y: cumulativeSum(batch.all(x), { axis: axis + 1, exclusive, reverse }),
  }),
  sort: ({ in: { x }, attrs: { descending } }, batch) => ({ ...sort(batch.all(x), { descending }) }),
  softmax: ({ in: { x } }, batch) => ({ y: softmax(batch.all(x)) }),
  logSoftmax: ({ in: { x } }, batch) => ({ y: logSoftmax(batch.all(x)) }),
  logSumExp: ({ in: { x } }, batch) => ({ y: logSumExp(batch.all(x)) }),
  matmul: ({ in: { a, b }, attrs: { transposeA, transposeB } }, batch) => ({
    y: matmul(batch.aligned(a, 3), batch.aligned(b, 3), { transposeA, transposeB }),
  }),
  transpose: ({ in: { x }, attrs: { permutation } }, batch) => ({ y: transpose(batch.all(x), [0, ...behindBatch(permutation)]) }),
  slice: ({ in: { x }, attrs: { begin, size, step } }, batch) => ({
    y: sliceBox(batch.all(x), { begin: [0, ...begin], size: [batch.size, ...size], step: [1, ...step] }),
  }),
  pad: ({ in: { x }, attrs: { before, after, interior }, scalars: { value } }, batch) => ({
    y: padWithGaps(batch.all(x), { before: [0, ...before], after: [0, ...after], interior: [0, ...interior] }, value),
  }),
  concat: ({ in: { xs }, attrs: { axis } }, batch) => ({ y: concat(xs.map((x) => batch.all(x)), axis + 1) }), // prettier-ignore
  gather: ({ in: { x, indices }, attrs: { axis } }, batch) => {
    if (!batch.has(indices)) return { y: gather(batch.all(x), indices, axis + 1) };
    const [before, after] = [lengthsOf(x.shape, 0, axis), lengthsOf(x.shape, axis + 1)];
    const length = x.shape[axis]!;
    const rows = reshape(moveAxis(batch.all(x), axis + 1, 1), [batch.size * length, ...before, ...after]);
    const picked = gather(rows, flatIndices(batch.all(indices), batch.size, length)); // [size, indices, before…, after…]
    return { y: reshape(transpose(picked, rowLast(before.length, after.length)), [batch.size, ...before, ...indices.shape, ...after]) };
  },
  scatterAdd: ({ in: { indices, updates }, attrs: { axis, size } }, batch) => {
    if (!batch.has(indices)) return { y: scattered(indices, batch.all(updates), axis + 1, size) };
    const end = axis + indices.shape.length;
    const [before, after] = [lengthsOf(updates.shape, 0, axis), lengthsOf(updates.shape, end)];
    const count = sizeOf(indices.shape);
    const rows = moveAxis(reshape(batch.all(updates), [batch.size, ...before, count, ...after]), axis + 1, 1);
    const sums = scattered(flatIndices(batch.all(indices), batch.size, size), rows, 0, batch.size * size);
    return { y: moveAxis(reshape(sums, [batch.size, size, ...before, ...after]), 1, axis + 1) };
  },
  softmaxCrossEntropy: ({ in: { logits, labels } }, batch) => {
    const [rows, classes] = logits.shape as [number, number];
    const merged = {
      logits: reshape(batch.all(logits), [batch.size * rows, classes]),
      labels: reshape(batch.all(labels), [batch.size * rows]),
    };
    const { loss, dlogits } = apply(softmaxCrossEntropyRule, merged, NO_ATTRS, NO_SCALARS, merged.logits);
    return { loss: reshape(loss, [batch.size, rows]), dlogits: reshape(dlogits, [batch.size, rows, classes]) };
  },
  conv2d: (call, batch) => convolvedImages(call, batch) ?? asGroups(call, batch),
  conv2dInputGrad: (call, batch) => convolvedGradients(call, batch) ?? asGroups(call, batch),
  conv2dFilterGrad: asGroups,
  maxPool2d: asFurtherImages('x'),
  maxPool2dGrad: asFurtherImages('x', 'dy'),
  avgPool2d: asFurtherImages('x'),
  avgPool2dGrad: asFurtherImages('dy'),
};
