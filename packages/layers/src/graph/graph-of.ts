// What feeds what in a model, as nodes and edges, for drawings and reports.

import type { Shape, ShapesOf, Tree } from '@sinapse/core';
import { SinapseError, checkValue, mapTree, pairTrees, walk } from '@sinapse/core';
import { SHAPE, outputShapesOf } from '../build.ts';
import type { Layer } from '../layer.ts';
import { isLayer, located } from '../layer.ts';
import type { LeafCalls } from './leaf-calls.ts';
import { giversOf, leafCallsOf } from './leaf-calls.ts';
import { VALUE, valuesIn } from './wiring.ts';

/** An input of the model, or the call of a layer that has no parts of its own. */
export interface GraphNode {
  /** The layer's path, e.g. `block1/conv2`. If a layer is called again, `:2` stands behind its name. Inputs are called `input`, `input/image`, … */
  readonly id: string;
  readonly path: string;
  /** The kind of layer; `input` for inputs. */
  readonly type: string;
  /** The shapes of what it gives, without the batch axis. Most layers give one tensor. */
  readonly outputShapes: readonly Shape[];
  /** The number of values in its parameters and states. */
  readonly parameters: number;
}

/** A tensor on its way from one node to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Without the batch axis. */
  readonly shape: Shape;
}

export interface ModelGraph {
  /** In the order of the calls. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The nodes whose results the model gives. */
  readonly outputs: readonly string[];
}

/**
 * The nodes and edges of a built model. `sequential`, `branches`, `residual`, `denseConnection` and `graph` are opened, however deep; any other
 * model is one node. No values are computed.
 * @param inputShape without the batch axis. Default the shape for which a `sequential` was built, or the one of a `graph`
 * @throws SinapseError when the model is not built, or its input shape is not known
 */
export function graphOf<In, Out>(
  model: Layer<In, Out>,
  inputShape: ShapesOf<In> | undefined = (model as { readonly inputShape?: ShapesOf<In> } | undefined)?.inputShape,
): ModelGraph {
  checkValue('graphOf: the model', model, { expected: 'a layer or a model of layers', accepts: isLayer });
  if (inputShape === undefined) throw new SinapseError('graphOf: give the shape of one input, without the batch axis');
  const plan = leafCallsOf(model);
  const shapes = shapesOfValues(plan, inputShape);
  const givers = giversOf(plan);
  const names: string[] = givers.map((call) => call?.id ?? '');
  const nodes: GraphNode[] = [];
  mapTree<number, void>('graph', plan.inputs, VALUE, (value, path) => {
    names[value] = path === '' ? 'input' : `input/${path}`;
    nodes.push({ id: names[value], path: names[value], type: 'input', outputShapes: [shapes[value]!], parameters: 0 });
  });
  const edges: GraphEdge[] = [];
  for (const { id, path, layer, from, to } of plan.calls) {
    const outputShapes = valuesIn(to).map((value) => shapes[value]!);
    const parameters = walk(layer).reduce((sum, { cell }) => sum + cell.size, 0);
    nodes.push({ id, path, type: layer.type, outputShapes, parameters });
    for (const value of valuesIn(from)) edges.push({ from: names[value]!, to: id, shape: shapes[value]! });
  }
  return { nodes, edges, outputs: valuesIn(plan.outputs).map((value) => names[value]!) };
}

/** The shape of every value. */
export function shapesOfValues({ inputs, calls }: LeafCalls, inputShape: Tree<Shape>): Shape[] {
  const shapes: Shape[] = [];
  const note = (owner: string, values: Tree<number>, given: unknown): void =>
    pairTrees<number, Shape>(owner, values, VALUE, given, SHAPE, (value, shape) => void (shapes[value] = shape));
  note('inputShape', inputs, inputShape);
  for (const { path, layer, from, to } of calls) {
    const taken = mapTree('graph', from, VALUE, (value: number) => shapes[value]!) as ShapesOf<unknown>;
    const run = (): void => note(layer.type, to, outputShapesOf(layer as Layer<unknown, unknown>, taken));
    if (path === '') run();
    else located(path, run);
  }
  return shapes;
}
