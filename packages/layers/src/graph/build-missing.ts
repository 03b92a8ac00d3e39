// Builds what is not built yet of a model, and leaves what is.

import type { Seed, Shape, ShapesOf, Tree } from '@sinapse/core';
import {
  ShapeError,
  SinapseError,
  activeBackend,
  check,
  checkValue,
  isMeta,
  leavesOf,
  mapTree,
  meta,
  pairTrees,
  randomKey,
  walk,
  withBackend,
} from '@sinapse/core';
import { SHAPE, outputShapesOf } from '../build.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer, located } from '../layer.ts';
import { Sequential } from '../sequential.ts';
import { VALUE, isContainer } from './wiring.ts';

/**
 * Builds the layers of a model that have no weights yet, and leaves the others as they are: after new layers were put before or behind trained ones.
 * (`model.build` draws all weights anew.)
 * @param inputShape of one example, without the batch axis
 * @param seed of the initial weights, by default 0
 * @returns the output shape
 * @throws SinapseError when a layer does not take what the one before it gives
 */
export function buildMissing<In, Out>(model: Layer<In, Out>, inputShape: ShapesOf<In>, seed: Seed = 0): ShapesOf<Out> {
  checkValue('buildMissing: the model', model, { expected: 'a layer or a model of layers', accepts: isLayer });
  leavesOf('buildMissing: inputShape', inputShape, SHAPE);
  checkValue('buildMissing', seed, check.seed, 'seed');
  const outputShape = shapesThrough(model, inputShape, seed) as ShapesOf<Out>;
  if (model instanceof Sequential) model.inputShape = inputShape as unknown as Shape;
  return outputShape;
}

/** The output shape of a layer. What is not built is built on shapes alone, without values. */
export function outputShapeWithoutValues(layer: AnyLayer, inputShape: Tree<Shape>): Tree<Shape> {
  return shapesThrough(layer, inputShape, undefined);
}

function shapesThrough(layer: AnyLayer, inputShape: Tree<Shape>, seed: Seed | undefined): Tree<Shape> {
  if (!isContainer(layer)) return builtAlready(layer, seed) ? outputOfBuilt(layer, inputShape) : build(layer, inputShape, seed);
  const { inputs, steps, outputs } = layer.wiring();
  const shapes: Shape[] = [];
  const note = (values: Tree<number>, given: Tree<Shape>): void =>
    pairTrees<number, Shape>(layer.type, values, VALUE, given, SHAPE, (value, shape) => void (shapes[value] = shape));
  const read = (values: Tree<number>): Tree<Shape> => mapTree(layer.type, values, VALUE, (value: number) => shapes[value]!);
  note(inputs, inputShape);
  const key = seed === undefined ? undefined : randomKey(seed);
  for (const { name, layer: part, from, to } of steps) located(name, () => note(to, shapesThrough(part, read(from), key?.fold(name))));
  return read(outputs);
}

/** Whether a layer needs no build: it has variables, and values in them unless only shapes are asked for. */
function builtAlready(layer: AnyLayer, seed: Seed | undefined): boolean {
  const wantsValues = seed !== undefined && !isMeta(activeBackend());
  try {
    const cells = walk(layer);
    return cells.length > 0 && !(wantsValues && cells.some(({ cell }) => isMeta(cell.tensor.backend)));
  } catch (error) {
    if (error instanceof SinapseError) return false; // it says that it has no parameters yet
    throw error;
  }
}

function build(layer: AnyLayer, inputShape: Tree<Shape>, seed: Seed | undefined): Tree<Shape> {
  const run = (): Tree<Shape> => layer.build(inputShape as never, seed ?? 0);
  return seed === undefined ? withBackend(meta(), run) : run();
}

function outputOfBuilt(layer: AnyLayer, inputShape: Tree<Shape>): Tree<Shape> {
  try {
    return outputShapesOf(layer as Layer<unknown, unknown>, inputShape as ShapesOf<unknown>) as Tree<Shape>;
  } catch (error) {
    if (error instanceof ShapeError) error.message += '; the layer has weights already, for another input';
    throw error;
  }
}
