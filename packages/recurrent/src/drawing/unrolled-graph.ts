// A recurrent layer unrolled in time: one copy of its cell for each step, all with the same weights.

import type { Shape } from '@sinapse/core';
import { ShapeError, SinapseError, checkValue, formatShape, meta, parametersOf, scope, shown, withBackend } from '@sinapse/core';
import type { GraphEdge, GraphNode, ModelGraph } from '@sinapse/layers';
import { outputShapeOf } from '@sinapse/layers';
import type { Layer } from '@sinapse/layers';
import { Bidirectional } from '../bidirectional.ts';
import { Recurrent, SHAPE } from '../recurrent.ts';

/**
 * What feeds what in a built layer, step by step: the inputs `x1`, `x2`, …, the copies of the cell, `cell:1`, `cell:2`, … (`forward:1`, `backward:1` of two
 * directions), and the states on their way from one to the next. The parameters are counted at the first copy.
 * @param inputShape `[time, …]`
 * @throws SinapseError unless it is a recurrent layer that is built
 */
export function unrolledGraph(layer: Recurrent | Bidirectional, inputShape: Shape): ModelGraph {
  if (!(layer instanceof Recurrent || layer instanceof Bidirectional))
    throw new SinapseError(`unrolledGraph: expected a recurrent layer, e.g. lstm({ units: 8 }), got ${shown(layer)}`);
  checkValue('unrolledGraph: inputShape', inputShape, SHAPE);
  const [time, ...step] = inputShape;
  if (time === undefined || time === 0 || step.length === 0)
    throw new ShapeError(`unrolledGraph: the input must be [time, features], got ${formatShape(inputShape)}`);
  const inputs: GraphNode[] = Array.from({ length: time }, (_, t) => ({
    id: `x${t + 1}`,
    path: `x${t + 1}`,
    type: 'input',
    outputShapes: [step],
    parameters: 0,
  }));
  const directions = layer instanceof Recurrent ? { cell: layer } : { forward: layer.forward, backward: layer.backward };
  const parts = Object.entries(directions).map(([name, each]) => copiesOf(name, each, time, step));
  return {
    nodes: [...inputs, ...parts.flatMap(({ nodes }) => nodes)],
    edges: parts.flatMap(({ edges }) => edges),
    outputs: parts.flatMap(({ outputs }) => outputs),
  };
}

/** The copies of one direction's cell. */
function copiesOf(name: string, layer: Recurrent, time: number, step: Shape): ModelGraph {
  const states = withBackend(meta(), () => scope(() => layer.cell.initialState(1).map(({ shape }) => shape.slice(1))));
  const one: Layer = { type: layer.type, build: (shape) => shape, call: (x, context) => layer.run(x, { context }).last };
  const output = outputShapeOf(Object.assign(one, { cell: layer.cell }), [1, ...step]);
  const size = parametersOf(layer.cell).reduce((sum, { cell }) => sum + cell.size, 0);
  const id = (t: number): string => `${name}:${t + 1}`;
  const order = Array.from({ length: time }, (_, t) => (layer.reverse ? time - 1 - t : t));
  const nodes = Array.from({ length: time }, (_, t): GraphNode => ({
    id: id(t),
    path: name,
    type: layer.type,
    outputShapes: [output],
    parameters: t === order[0] ? size : 0,
  }));
  const fed = nodes.map((node, t): GraphEdge => ({ from: `x${t + 1}`, to: node.id, shape: step }));
  const carried = order.slice(1).flatMap((t, i) => states.map((shape): GraphEdge => ({ from: id(order[i]!), to: id(t), shape })));
  return { nodes, edges: [...fed, ...carried], outputs: layer.returnSequences ? nodes.map((node) => node.id) : [id(order.at(-1)!)] };
}
