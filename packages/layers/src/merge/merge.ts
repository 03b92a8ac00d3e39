// What the layers share that merge several tensors into one.

import type { Shape, Tensor } from '@sinapse/core';
import { ShapeError, SinapseError, formatShape, shown } from '@sinapse/core';
import { SHAPE, TENSOR, outputShapesOf } from '../build.ts';
import type { Layer } from '../layer.ts';

/** A layer of several tensors that gives one. */
export type MergeLayer = Layer<readonly Tensor[], Tensor>;

/** The output shape of a merge. @throws SinapseError unless it is given a list of shapes that fit */
export function mergedShape(layer: MergeLayer, inputShapes: unknown): Shape {
  if (!Array.isArray(inputShapes) || !inputShapes.every(SHAPE.accepts))
    throw new SinapseError(
      `${layer.type}: build: inputShape: expected a list of shapes, one for each input, e.g. [[8, 8, 16], [8, 8, 32]], got ${shown(inputShapes)}`,
    );
  return outputShapesOf(layer, inputShapes);
}

/** @throws SinapseError unless `call` was given a list of at least one tensor */
export function checkInputs(layer: MergeLayer, xs: unknown): asserts xs is readonly [Tensor, ...Tensor[]] {
  if (!Array.isArray(xs) || xs.length === 0 || !xs.every(TENSOR.accepts))
    throw new SinapseError(`${layer.type}: call: expected a list of tensors [batch, …], got ${shown(xs)}`);
}

/**
 * Merges tensors element by element.
 * @throws ShapeError unless all have the same number of axes, and along each axis one length, or 1, which stretches
 */
export function elementwise(layer: MergeLayer, xs: unknown, merge: (a: Tensor, b: Tensor) => Tensor): Tensor {
  checkInputs(layer, xs);
  const [first, ...others] = xs;
  const lengths = first.shape.map((_, axis) => new Set(xs.map(({ shape }) => shape[axis]).filter((length) => length !== 1)));
  if (xs.some(({ shape }) => shape.length !== first.shape.length) || lengths.some(({ size }) => size > 1))
    throw new ShapeError(
      `${layer.type}: its inputs are ${xs.map((x) => formatShape(x.shape)).join(' and ')}; they need as many axes, and along each axis one length (or 1, which stretches)`,
    );
  return others.length === 0 ? first.alias() : others.reduce((sum: Tensor, x) => merge(sum, x), first);
}
