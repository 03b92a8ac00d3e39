// Functions with which layers make and read their parameters and compute output shapes.

import type { Border, Check, Dimensions, Shape, ShapesOf, Tensor, Tree } from '@sinapse/core';
import {
  Context,
  Parameter,
  RandomKey,
  SPACES,
  ShapeError,
  SinapseError,
  State,
  activeBackend,
  allocating,
  checkValue,
  formatShape,
  full,
  isMeta,
  isTensor,
  mapTree,
  meta,
  scope,
  shown,
  sizeOf,
  tensor,
  walk,
  withBackend,
  zeros,
} from '@sinapse/core';
import type { Initializer } from './initializers/initializer.ts';
import { INITIALIZER } from './initializers/initializer.ts';
import type { AnyLayer, Layer } from './layer.ts';
import { isLayer } from './layer.ts';

/** The check of an input shape. */
export const SHAPE: Check = {
  expected: 'the shape of one example, e.g. [28, 28, 1]',
  accepts: (value) => Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0),
};

/** @throws SinapseError unless a shape is a list of integers >= 0 */
export function checkInputShape(layer: AnyLayer, inputShape: unknown): void {
  checkValue(`${layer.type}: build: inputShape`, inputShape, SHAPE);
}

/**
 * The number of channels of an example.
 * @throws SinapseError unless its shape is one length for each spatial axis, and the channels
 */
export function channelsOf(layer: Layer, dimensions: Dimensions, inputShape: Shape): number {
  checkInputShape(layer, inputShape);
  if (inputShape.length === dimensions + 1) return inputShape[dimensions]!;
  const axes = SPACES[dimensions].axes.join(', ');
  throw new ShapeError(`${layer.type}: each example must be [${axes}, channels], got ${formatShape(inputShape)}`);
}

/** The widths of a border: before and after for each axis. */
export function sidesOf<D extends Dimensions>(border: Border<D>, dimensions: D): readonly (readonly [number, number])[] {
  if (typeof border === 'number') return Array.from({ length: dimensions }, () => [border, border]);
  return (dimensions === 1 ? [border] : border) as readonly (readonly [number, number])[];
}

const LAYER: Check = { expected: 'a layer', accepts: isLayer };

/** The check of a tensor. */
export const TENSOR: Check = { expected: 'a tensor [batch, …]', accepts: isTensor };

/** @throws SinapseError unless `call` was given a tensor */
export function checkInput(layer: AnyLayer, x: unknown): asserts x is Tensor {
  if (!isTensor(x)) throw new SinapseError(`${layer.type}: call: expected a tensor [batch, …], got ${shown(x)}`);
}

/** Makes a parameter with its initial values. On the meta backend none are drawn, so a large model costs nothing there. */
export function makeParameter(shape: Shape, initializer: Initializer, key: RandomKey, groups = 1): Parameter {
  checkValue('makeParameter: shape', shape, SHAPE);
  checkValue('makeParameter: initializer', initializer, INITIALIZER);
  checkValue('makeParameter: key', key, { expected: 'a key, as randomKey(seed) gives it', accepts: (value) => value instanceof RandomKey });
  // The scope releases the tensor's own handle. The cell then holds the only reference, so an optimizer can update it in place.
  const draw = (): Float32Array =>
    allocating(`a parameter ${formatShape(shape)}`, 4 * sizeOf(shape), () => initializer(shape, key, groups));
  return scope(() => new Parameter(isMeta(activeBackend()) ? zeros(shape) : tensor(draw(), { shape })));
}

/** Makes a state filled with one value. */
export function makeState(shape: Shape, value: number): State {
  checkValue('makeState: shape', shape, SHAPE);
  checkValue('makeState: value', value, { expected: 'a number', accepts: (given) => typeof given === 'number' });
  return scope(() => new State(full(shape, value)));
}

/** @throws SinapseError when the layer was not built yet */
export function built<T>(layer: AnyLayer, value: T | undefined): T {
  if (value !== undefined) return value;
  checkValue('built: the layer', layer, LAYER);
  throw new SinapseError(`${layer.type}: has no parameters yet; build the model first: model.build(inputShape)`);
}

/**
 * The parameters or states of a layer by name, for core's `walk`. Fields that are undefined are left out.
 * @throws SinapseError when the layer was not built yet
 */
export function builtParameters<C extends Parameter | State>(
  layer: AnyLayer,
  fields: Readonly<Record<string, C | undefined>>,
): [string, C][] {
  checkValue('builtParameters: the layer', layer, LAYER);
  checkValue('builtParameters: the fields', fields, { expected: 'parameters or states by name', accepts: isRecord });
  const made = Object.entries(fields).filter((entry): entry is [string, C] => entry[1] !== undefined);
  return built(layer, made.length > 0 ? made : undefined);
}

/** The output shape of a built layer, without the batch axis. The layer is called without values, so its shape rule is only in `call`. */
export function outputShapeOf(layer: Layer, inputShape: Shape): Shape {
  checkValue('outputShapeOf: the layer', layer, LAYER);
  checkInputShape(layer, inputShape);
  return withoutValues(layer, inputShape, (x: Tensor) => layer.call(x, new Context()).shape.slice(1));
}

/**
 * The output shapes of a built layer that takes or gives several tensors, in lists or objects like them: what `outputShapeOf` is for others.
 * @throws SinapseError when the layer is not built, or does not take the shapes
 */
export function outputShapesOf<In, Out>(layer: Layer<In, Out>, inputShapes: ShapesOf<In>): ShapesOf<Out> {
  checkValue('outputShapesOf: the layer', layer, LAYER);
  return withoutValues(layer, inputShapes, (x: In) => shapesOf(layer.type, layer.call(x, new Context())));
}

/** The shapes of tensors, without the batch axis. */
export function shapesOf<Out>(owner: string, y: Out): ShapesOf<Out> {
  return mapTree(owner, y, TENSOR, ({ shape }: Tensor) => shape.slice(1)) as ShapesOf<Out>;
}

/**
 * Runs a callback on a batch of one example without values. Meanwhile the model's parameters and states, too, read as tensors without
 * values. The model is not changed.
 */
export function withoutValues<In, T>(model: object, inputShape: ShapesOf<In>, callback: (x: In) => T): T {
  const cells = walk(model).map(({ cell }) => cell);
  return withBackend(meta(), () =>
    scope(() => {
      const shapes = cells.map((cell) => zeros(cell.shape, cell.dtype));
      const x: Tree<Tensor> = mapTree('inputShape', inputShape, SHAPE, (shape: Shape) => zeros([1, ...shape]));
      return Parameter.substitute(cells, shapes, () => callback(x as In));
    }),
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
