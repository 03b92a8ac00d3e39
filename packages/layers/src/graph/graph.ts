// A model whose layers are connected in any way without circles.

import type { LayerCall, Seed, Shape, ShapesOf, Tensor, Tree } from '@sinapse/core';
import { Context, SinapseError, check, checkOptions, isMeta, mapTree, pairTrees, randomKey, shown, walk } from '@sinapse/core';
import { SHAPE, TENSOR, outputShapesOf } from '../build.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { located } from '../layer.ts';
import { printsAsModel } from '../print.ts';
import { MADE_BY } from '../sequential.ts';
import { collected } from './collect.ts';
import type { GraphData } from './graph-data.ts';
import { dataOf, isGraphData, wiringOf } from './graph-data.ts';
import { Plan } from './plan.ts';
import type { SymbolicTensor } from './symbolic-tensor.ts';
import type { Container, Wiring } from './wiring.ts';
import { VALUE } from './wiring.ts';

/** Tensors in the form of symbolic tensors. */
export type TensorsOf<S> = S extends SymbolicTensor ? Tensor : { readonly [Name in keyof S]: TensorsOf<S[Name]> };

/** What a graph is made of: symbolic tensors, each alone or in lists or objects. */
export interface GraphOptions<In, Out> {
  /** As `input` made them, or any other values of the graph, which then begins there. */
  readonly inputs: In;
  readonly outputs: Out;
  /** The call that makes this model, if it is one of your own: see `sequential`. */
  readonly madeBy?: LayerCall;
}

export class Graph<In = Tensor, Out = Tensor> implements Layer<In, Out>, Container {
  readonly type = 'graph';
  /** The shapes of the inputs as they were written or built last, without the batch axis, in the form in which `call` takes the inputs. */
  inputShape: ShapesOf<In>;
  private readonly plan: Plan;
  private readonly madeBy: LayerCall | undefined;
  /** Whether its parameters were seen to have values. While a graph is written, they have only shapes. */
  private hasValues = false;

  constructor(wiring: Wiring, inputShape: Tree<Shape>, madeBy?: LayerCall) {
    this.plan = new Plan(wiring);
    this.inputShape = inputShape as ShapesOf<In>;
    this.madeBy = madeBy;
  }

  /**
   * Builds every layer for the first place where it is called. Each layer's random numbers depend on its name.
   * @param inputShape of one example, without the batch axis, in the form of the inputs
   * @param seed of the initial weights, by default 0
   * @throws SinapseError when the inputs have another form, or a layer does not take a shape
   */
  build(inputShape: ShapesOf<In>, seed: Seed = 0): ShapesOf<Out> {
    const { inputs, steps, outputs } = this.plan.wiring;
    const key = randomKey(seed);
    const shapes: Shape[] = [];
    const note = (owner: string, values: Tree<number>, given: unknown): void =>
      pairTrees<number, Shape>(owner, values, VALUE, given, SHAPE, (value, shape) => void (shapes[value] = shape));
    note('graph: build: inputShape', inputs, inputShape);
    steps.forEach(({ name, layer, from, to }, i) => {
      const taken = mapTree('graph', from, VALUE, (value: number) => shapes[value]!) as never;
      const again = this.plan.before[i]! > 0;
      const run = (): unknown => (again ? outputShapesOf(layer, taken) : layer.build(taken, key.fold(name)));
      located(name, () => note(`${layer.type}: its result`, to, run()));
    });
    this.inputShape = inputShape;
    return mapTree('graph', outputs, VALUE, (value: number) => shapes[value]!) as ShapesOf<Out>;
  }

  /**
   * Calls the layers in the order of the values that they take. What a layer gives is released when its last reader has run.
   * @param x tensors `[batch, …]` in the form of the inputs
   * @param context by default, that of a prediction
   * @throws SinapseError when x has another form than the inputs
   */
  call(x: In, context: Context = new Context()): Out {
    if (!this.hasValues) this.checkHasValues(x);
    return this.plan.run(x, context, (tensor) => (x as unknown) === tensor && context.isHandedOver(tensor, this)) as Out;
  }

  private checkHasValues(x: In): void {
    let onMeta = false;
    pairTrees<number, Tensor>('graph: call', this.plan.wiring.inputs, VALUE, x, TENSOR, (_, { backend }) => {
      onMeta ||= isMeta(backend);
    });
    if (onMeta) return;
    if (walk(this).some(({ cell }) => isMeta(cell.tensor.backend)))
      throw new SinapseError('graph: has no parameters yet; build the model first: model.build(model.inputShape)');
    this.hasValues = true;
  }

  /** The layers by name, each once. */
  children(): Iterable<readonly [string, AnyLayer]> {
    return new Map(this.plan.wiring.steps.map(({ name, layer }) => [name, layer]));
  }

  wiring(): Wiring {
    return this.plan.wiring;
  }

  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): Graph<In, Out> {
    const changed = new Map([...this.children()].map(([name, layer]) => [name, change(name, layer)]));
    const { inputs, steps, outputs } = this.plan.wiring;
    return new Graph({ inputs, steps: steps.map((step) => ({ ...step, layer: changed.get(step.name)! })), outputs }, this.inputShape);
  }

  describe(): LayerCall {
    return this.madeBy ?? { layer: this.type, arguments: [dataOf(this.plan.wiring, this.inputShape)] };
  }
}

printsAsModel(Graph, 'Graph');

/**
 * A model whose layers are connected in any way without circles. Call layers on symbolic tensors, and say which are the inputs and the outputs:
 *
 * `const x = input([32, 32, 3]);`
 * `const y = connect([x.to(conv2d({ … })), x.to(maxPool2d({ … }))], concatenate());`
 * `const model = graph({ inputs: x, outputs: y.to(flatten(), dense({ units: 10 })) });`
 *
 * Inputs and outputs may be lists or objects of symbolic tensors; the model then takes and gives tensors in that form. A layer that is used at
 * several places shares its weights. `model.build(model.inputShape, seed)` draws all weights.
 * @param given symbolic tensors, or the graph as data, as files hold it
 * @throws SinapseError when an input is not used, an output depends on a value that is not an input, or a layer has two names
 */
export function graph<In, Out>(given: GraphOptions<In, Out>): Graph<TensorsOf<In>, TensorsOf<Out>>;
export function graph<In = Tensor, Out = Tensor>(given: GraphData): Graph<In, Out>;
export function graph(given: GraphOptions<unknown, unknown> | GraphData): Graph<unknown, unknown> {
  if (typeof given !== 'object' || given === null) throw new SinapseError(`graph: expected { inputs, outputs }, got ${shown(given)}`);
  if (isGraphData(given)) {
    const { wiring, inputShapes } = wiringOf(given);
    return new Graph(wiring, inputShapes);
  }
  checkOptions('graph', given, { inputs: check.required(check.any), outputs: check.required(check.any), madeBy: MADE_BY });
  const { wiring, inputShapes } = collected(given.inputs, given.outputs);
  return new Graph(wiring, inputShapes, given.madeBy);
}
