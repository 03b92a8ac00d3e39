// Builds what is not built yet of a model, and leaves what is.

import type { Seed, Shape, ShapesOf, Tree } from '@sinapse/core';
import { ShapeError, SinapseError, activeBackend, isMeta, mapTree, meta, pairTrees, randomKey, walk, withBackend } from '@sinapse/core';
import { SHAPE, outputShapesOf } from '../build.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { located } from '../layer.ts';
import { VALUE, isContainer } from './wiring.ts';

/**
 * Builds the layers of a model that are not built, on shapes alone if no seed is given. Layers that have weights keep them: their output
 * shape is asked for.
 * @returns the output shape
 */
export function buildMissing<In, Out>(layer: Layer<In, Out>, inputShape: ShapesOf<In>, seed?: Seed): ShapesOf<Out> {
  return shapesThrough(layer, inputShape, seed) as ShapesOf<Out>;
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
    if (error instanceof ShapeError) error.message += '; the layer is built already, for the place where it was used first';
    throw error;
  }
}
