// The graph of a model as a GraphDef: tensorflow/core/framework/graph.proto, node_def.proto, attr_value.proto, tensor_shape.proto.

import type { Check } from '@sinapse/core';
import { Message } from './message.ts';

/** Nodes and edges, as `graphOf` of @sinapse/layers gives them. */
export interface DrawnGraph {
  readonly nodes: readonly { readonly id: string; readonly type: string; readonly outputShapes: readonly (readonly number[])[] }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** The check of the option. */
export const GRAPH: Check = {
  expected: 'the graph of a model, graphOf(model)',
  accepts: (value) =>
    typeof value === 'object' && value !== null && 'nodes' in value && 'edges' in value && [value.nodes, value.edges].every(Array.isArray),
};

/** TensorBoard draws the parts of a path, `block1/conv2`, as boxes in boxes. Names may hold only letters, digits and `._/-`. */
export function graphDef({ nodes, edges }: DrawnGraph): Message {
  const graph = new Message();
  for (const { id, type, outputShapes } of nodes) {
    const node = new Message().text(1, nameOf(id)).text(2, type);
    for (const { from } of edges.filter(({ to }) => to === id)) node.text(3, nameOf(from));
    graph.message(1, node.message(5, new Message().text(1, '_output_shapes').message(2, shapesAttribute(outputShapes))));
  }
  return graph.message(4, new Message().integer(1, 22)); // the version of the format
}

/** A list of shapes; the batch axis has the length -1, unknown. */
function shapesAttribute(shapes: readonly (readonly number[])[]): Message {
  const list = new Message();
  for (const shape of shapes) {
    const encoded = new Message().message(2, new Message().integer(1, -1));
    for (const length of shape) encoded.message(2, new Message().integer(1, length));
    list.message(7, encoded);
  }
  return new Message().message(1, list);
}

function nameOf(id: string): string {
  return id.replace(/[^A-Za-z0-9._/-]/g, '_');
}
