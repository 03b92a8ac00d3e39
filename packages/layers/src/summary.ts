// Summarises a model layer by layer without computing values: shapes, parameters, operations, memory.

import type { LayerObserver, Model, Parameter, Shape, ShapesOf, State, Storage, Tensor } from '@sinapse/core';
import { BYTES, Context, bytesOf, checkValue, intercept, leavesOf, macsOf, walk } from '@sinapse/core';
import { SHAPE, TENSOR, shapesOf, withoutValues } from './build.ts';
import { feedersIn } from './graph/feeders.ts';
import { isModel } from './layer.ts';

export interface LayerSummary {
  /** The layer's path in the model, e.g. `block1/conv1`; empty for what the model computes outside its layers. */
  readonly path: string;
  readonly type: string;
  /** Without the batch axis. Of a layer that gives several tensors, the first one's. */
  readonly outputShape: Shape;
  /** The shapes of all tensors that the layer gives, if there are several. */
  readonly outputShapes?: readonly Shape[];
  /** What the layer reads, if the model contains a `graph`: paths of other layers, or names of inputs. */
  readonly from?: readonly string[];
  /** The number of values in its parameters and states, trained or not. Shared ones count for the first layer only. */
  readonly parameters: number;
  /** Multiply-accumulate operations for one example. */
  readonly macs: number;
}

export interface Summary<In = Tensor, Out = Tensor> {
  /** Without the batch axis, in the form in which the model takes its input. */
  readonly inputShape: ShapesOf<In>;
  /** Without the batch axis, in the form in which the model gives its output. */
  readonly outputShape: ShapesOf<Out>;
  readonly layers: readonly LayerSummary[];
  /** The number of values that training changes. */
  readonly trainable: number;
  /** The number of values in states and in parameters that are not trainable. */
  readonly nonTrainable: number;
  /** Multiply-accumulate operations for one example. */
  readonly macs: number;
  /** The bytes of all parameters and states. */
  readonly parameterBytes: number;
  /**
   * The bytes of all layers' outputs for one example: about what training keeps for the backward pass. A `convNorm` also keeps its
   * convolution's output.
   */
  readonly activationBytes: number;
}

/**
 * Summarises a built model at prediction time, for one example. It computes no values and does not change the model. To summarise a model
 * without drawing its weights, build and summarise it inside `withBackend(meta(), …)`.
 * @param model layers are listed if they are called through `sequential` or `callChild`
 * @param inputShape without the batch axis
 * @throws SinapseError when the model is not built, or does not take the shape
 */
export function summary<In, Out>(model: Model<In, Out>, inputShape: ShapesOf<In>): Summary<In, Out> {
  checkValue('summary: the model', model, { expected: 'a model with call(x, context)', accepts: isModel });
  leavesOf('summary: inputShape', inputShape, SHAPE);
  const cells = walk(model);
  const unclaimed = new Map(cells.map(({ cell, path }) => [cell, path]));
  const layers: LayerSummary[] = [];
  const seen: string[] = [];
  const outputs = new Set<Storage>();
  let activationBytes = 0;
  let macs = 0;
  let counted = 0;

  /**
   * Adds a row for a layer with all operations since the previous row. A container gets a row only if it has operations or parameters of
   * its own.
   */
  const addRow = (path: string, layer: object, outputShapes: readonly Shape[]): void => {
    const own = { parameters: claim(unclaimed, path), macs: macs - counted };
    const isContainer = seen.some((inner) => isBelow(inner, path));
    counted = macs;
    if (isContainer && own.parameters === 0 && own.macs === 0) return;
    layers.push({ path, type: typeOf(layer), outputShape: outputShapes[0]!, ...(outputShapes.length > 1 && { outputShapes }), ...own });
  };
  const observe: LayerObserver = (path, layer, _, output) => {
    const tensors = leavesOf<Tensor>(typeOf(layer), output, TENSOR);
    addRow(path, layer, tensors.map(({ shape }) => shape.slice(1))); // prettier-ignore
    seen.push(path);
    for (const tensor of tensors) {
      if (outputs.has(tensor.storage)) continue; // it is a view of another layer's output
      outputs.add(tensor.storage);
      activationBytes += bytesOf(tensor);
    }
  };
  const context = new Context({ observe });
  const outputShape = withoutValues(model, inputShape, (x: In) => {
    for (const { storage } of leavesOf<Tensor>('summary', x, TENSOR)) outputs.add(storage);
    const run = (): ShapesOf<Out> => shapesOf('summary', model.call(x, context));
    return intercept((call, proceed) => {
      proceed();
      macs += macsOf(call);
    }, run);
  });
  context.discard(); // the new states that layers recorded have no values
  addRow('', model, leavesOf<Shape>('summary', outputShape, SHAPE));

  const trained = sum(cells.map(({ cell }) => ('trainable' in cell && cell.trainable ? cell.size : 0)));
  return {
    inputShape,
    outputShape,
    layers: feedersIn(model, layers),
    trainable: trained,
    nonTrainable: sum(cells.map(({ cell }) => cell.size)) - trained,
    macs,
    parameterBytes: sum(cells.map(({ cell }) => cell.size * BYTES[cell.dtype])),
    activationBytes,
  };
}

/** Removes the cells below a path from `unclaimed` and returns their number of values. */
function claim(unclaimed: Map<Parameter | State, string>, path: string): number {
  let size = 0;
  for (const [cell, at] of unclaimed) {
    if (!isBelow(at, path)) continue;
    size += cell.size;
    unclaimed.delete(cell);
  }
  return size;
}

function isBelow(path: string, container: string): boolean {
  return container === '' || path.startsWith(`${container}/`);
}

function typeOf(layer: object): string {
  return 'type' in layer && typeof layer.type === 'string' ? layer.type : layer.constructor.name;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
