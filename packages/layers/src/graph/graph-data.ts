// A graph as data: layers by name, and steps that call them. Files hold this form, so everything in it is checked.

import type { Check, OptionChecks, Shape, Tree } from '@sinapse/core';
import { SinapseError, check, checkOptions, mapTree, shownName } from '@sinapse/core';
import { SHAPE } from '../build.ts';
import type { AnyLayer } from '../layer.ts';
import { named } from '../names.ts';
import type { Step, Wiring } from './wiring.ts';
import { VALUE, valuesIn } from './wiring.ts';

/** A graph as data. Values are numbered: first the inputs, then what each step gives. */
export interface GraphData {
  /** The shape of each input, without the batch axis, in the form in which the graph takes its inputs. */
  readonly inputs: Tree<Shape>;
  /** The layers by name. */
  readonly layers: readonly (readonly [name: string, layer: AnyLayer])[];
  readonly steps: readonly StepData[];
  /** The numbers of the values that the graph gives, in the form in which it gives them. */
  readonly outputs: Tree<number>;
}

/** One call of a layer. */
interface StepData {
  /** The name of the layer. */
  readonly call: string;
  /** The numbers of the values that it takes. */
  readonly from: Tree<number>;
  /** The numbers of the values that it gives: the next ones. */
  readonly to: Tree<number>;
}

/** The most steps of a graph, and values of it. A file of a few kilobytes could ask for any number. */
const MOST_STEPS = 10_000;
const MOST_VALUES = 100_000;

const LIST: Check = { expected: 'a list', accepts: Array.isArray };
const GRAPH_DATA: OptionChecks<GraphData> = {
  inputs: check.required(check.any),
  layers: check.required(LIST),
  steps: check.required(LIST),
  outputs: check.required(check.any),
};
const STEP: OptionChecks<StepData> = {
  call: check.required({ expected: 'the name of a layer', accepts: (value) => typeof value === 'string' }),
  from: check.required(check.any),
  to: check.required(check.any),
};

export function isGraphData(given: object): given is GraphData {
  return 'steps' in given || 'layers' in given;
}

/** The input shapes and the wiring of a graph that is given as data. @throws SinapseError when it is no graph: the message says where */
export function wiringOf(data: GraphData): { inputShapes: Tree<Shape>; wiring: Wiring } {
  checkOptions('graph', data, GRAPH_DATA);
  const layers = named('graph', data.layers);
  if (data.steps.length > MOST_STEPS) throw new SinapseError(`graph: more than ${MOST_STEPS} steps`);
  let values = 0;
  const inputShapes = mapTree<Shape, Shape>('graph: inputs', data.inputs, SHAPE, (shape) => [...shape]);
  const inputs = mapTree('graph: inputs', data.inputs, SHAPE, () => values++);
  const read = new Set<number>();
  const reading = (owner: string, tree: unknown): Tree<number> =>
    mapTree<number, number>(owner, tree, VALUE, (value) => {
      if (value >= values) throw new SinapseError(`${owner}: there is no value ${value} yet, only 0 to ${values - 1}: values come before the steps that take them`); // prettier-ignore
      read.add(value);
      return value;
    });
  const giving = (owner: string, tree: unknown): Tree<number> =>
    mapTree<number, number>(owner, tree, VALUE, (value) => {
      if (value !== values) throw new SinapseError(`${owner}: expected ${values}, the next value, got ${value}`);
      if (++values > MOST_VALUES) throw new SinapseError(`graph: more than ${MOST_VALUES} values`);
      return value;
    });
  const steps = data.steps.map((step, i): Step => {
    const owner = `graph: steps[${i}]`;
    checkOptions(owner, step, STEP);
    const layer = layers.get(step.call);
    if (layer === undefined) throw new SinapseError(`${owner}: there is no layer ${shownName(step.call)}`);
    return { name: step.call, layer, from: reading(`${owner}: from`, step.from), to: giving(`${owner}: to`, step.to) };
  });
  const outputs = reading('graph: outputs', data.outputs);
  const wiring = { inputs, steps, outputs };
  checkUsed(wiring, read, layers);
  return { inputShapes, wiring };
}

/** Every step and layer must lead to an output. An input need not: a model that was cut takes what the whole model takes. */
function checkUsed({ inputs, steps, outputs }: Wiring, read: ReadonlySet<number>, layers: ReadonlyMap<string, AnyLayer>): void {
  if (valuesIn(inputs).length === 0) throw new SinapseError('graph: inputs: expected the shape of an input, got none');
  if (valuesIn(outputs).length === 0) throw new SinapseError('graph: outputs: expected the number of a value, got none');
  for (const [i, { to }] of steps.entries())
    if (!valuesIn(to).some((value) => read.has(value))) throw new SinapseError(`graph: steps[${i}]: what it gives is used by no output`);
  const called = new Set(steps.map(({ name }) => name));
  for (const name of layers.keys())
    if (!called.has(name)) throw new SinapseError(`graph: the layer ${shownName(name)} is called by no step`);
}

/** The data of a wiring: what `wiringOf` reads. */
export function dataOf({ steps, outputs }: Wiring, inputShapes: Tree<Shape>): GraphData {
  const layers = new Map(steps.map(({ name, layer }) => [name, layer]));
  return { inputs: inputShapes, layers: [...layers], steps: steps.map(({ name: call, from, to }) => ({ call, from, to })), outputs };
}
