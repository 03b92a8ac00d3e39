// How layers make their parameters, and what they say before they have any.

import type { RandomKey, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  Parameter,
  SinapseError,
  State,
  activeBackend,
  allocating,
  formatShape,
  full,
  isMeta,
  meta,
  scope,
  sizeOf,
  tensor,
  walk,
  withBackend,
  zeros,
} from '@sinapse/core';
import type { Initializer } from './initializers/initializer.ts';
import type { Layer } from './layer.ts';

/** A parameter with its initial values. On a backend without values none are drawn: a large model costs nothing there. */
export function makeParameter(shape: Shape, initializer: Initializer, key: RandomKey, groups = 1): Parameter {
  // The scope releases the tensor's own handle: the cell then holds the only reference, and an optimizer may step in place.
  const draw = (): Float32Array =>
    allocating(`a parameter ${formatShape(shape)}`, 4 * sizeOf(shape), () => initializer(shape, key, groups));
  return scope(() => new Parameter(isMeta(activeBackend()) ? zeros(shape) : tensor(draw(), { shape })));
}

/** A state that begins with one value everywhere. */
export function makeState(shape: Shape, value: number): State {
  return scope(() => new State(full(shape, value)));
}

/** @throws SinapseError when the layer was not built yet */
export function built<T>(layer: Layer, value: T | undefined): T {
  if (value === undefined) throw new SinapseError(`${layer.type}: has no parameters yet; build the model first: build(inputShape, seed)`);
  return value;
}

/**
 * The children of a layer with parameters or states, for core's `walk`; a field that is undefined is left out.
 * @throws SinapseError when the layer was not built yet
 */
export function builtParameters<C extends Parameter | State>(layer: Layer, fields: Readonly<Record<string, C | undefined>>): [string, C][] {
  const made = Object.entries(fields).filter((entry): entry is [string, C] => entry[1] !== undefined);
  return built(layer, made.length > 0 ? made : undefined);
}

/** The shape, without the batch axis, of what a built layer makes of an input: it is called on shapes alone, so there is no second rule. */
export function outputShapeOf(layer: Layer, inputShape: Shape): Shape {
  return withoutValues(layer, inputShape, (x) => layer.call(x, new Context()).shape.slice(1));
}

/**
 * Runs a callback on a batch of one example that has a shape but no values, with every parameter and state of a model read the same way.
 * The model is not changed.
 */
export function withoutValues<T>(model: object, inputShape: Shape, callback: (x: Tensor) => T): T {
  const cells = walk(model).map(({ cell }) => cell);
  return withBackend(meta(), () =>
    scope(() => {
      const shapes = cells.map((cell) => zeros(cell.shape, cell.dtype));
      return Parameter.substitute(cells, shapes, () => callback(zeros([1, ...inputShape])));
    }),
  );
}
