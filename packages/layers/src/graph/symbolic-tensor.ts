// Symbolic tensors stand for values while a graph of layers is written. They have a shape, and remember the call that gives them.

import type { Check, Shape, Tensor, Tree } from '@sinapse/core';
import { SinapseError, checkValue, formatShape, mapTree, printsAs, shown } from '@sinapse/core';
import { SHAPE } from '../build.ts';
import type { AnyLayer, Layer } from '../layer.ts';
import { isLayer, located } from '../layer.ts';
import type { Entry, SequentialEntry } from '../names.ts';
import { checkName, isNamed } from '../names.ts';
import { outputShapeWithoutValues } from './build-missing.ts';

/** Symbolic tensors in the form of a layer's input or output. */
export type Symbols<T> = T extends Tensor ? SymbolicTensor : { readonly [Name in keyof T]: Symbols<T[Name]> };

/** The call of a layer while a graph is written. */
export interface Call {
  /** Its place among all calls: a call comes after those whose values it takes. */
  readonly order: number;
  readonly name: string | undefined;
  readonly layer: AnyLayer;
  readonly from: Tree<SymbolicTensor>;
  /** What the call gives. */
  to: Tree<SymbolicTensor>;
}

let calls = 0;

export class SymbolicTensor {
  /** Without the batch axis. */
  readonly shape: Shape;
  /** The call that gives it; undefined for an input. */
  readonly call: Call | undefined;

  constructor(shape: Shape, call?: Call) {
    this.shape = shape;
    this.call = call;
  }

  /**
   * What layers give for this value, one layer after another: `x.to(conv2d({ … }), batchNorm())`. A layer may come with its name,
   * `['stem', conv2d({ … })]`; a layer that is used at several places of a graph shares its weights.
   * @throws SinapseError when a layer does not take the shape
   */
  to<Out>(layer: Entry<Layer<Tensor, Out>>): Symbols<Out>;
  to(...layers: readonly SequentialEntry[]): SymbolicTensor;
  to(...layers: readonly Entry<AnyLayer>[]): unknown {
    return connected('to', this, layers);
  }

  toString(): string {
    return `SymbolicTensor ${formatShape(this.shape)}${this.call === undefined ? '' : ` of ${this.call.layer.type}`}`;
  }
}

printsAs(SymbolicTensor, 'SymbolicTensor', String, String);

/** The check of a symbolic tensor. */
export const SYMBOL: Check = {
  expected: 'a symbolic tensor, as input([28, 28, 1]) gives it, or a list or an object of them',
  accepts: (value) => value instanceof SymbolicTensor,
};

/**
 * An input of a graph.
 * @param shape of one example, without the batch axis
 * @throws SinapseError unless it is a list of integers >= 0
 */
export function input(shape: Shape): SymbolicTensor {
  checkValue('input', shape, SHAPE);
  return new SymbolicTensor([...shape]);
}

/**
 * What layers give for several values, one layer after another: `connect([a, b], concatenate(), dense({ units: 10 }))`. The first layer takes the
 * values in the form in which they are given, a list or an object.
 * @throws SinapseError when a layer does not take the shapes
 */
export function connect<In, Out>(from: Symbols<In>, layer: Entry<Layer<In, Out>>): Symbols<Out>;
export function connect<In>(from: Symbols<In>, first: Entry<Layer<In>>, ...others: readonly SequentialEntry[]): SymbolicTensor;
export function connect(from: unknown, ...layers: readonly Entry<AnyLayer>[]): unknown {
  return connected('connect', from, layers);
}

function connected(owner: string, from: unknown, layers: readonly Entry<AnyLayer>[]): Tree<SymbolicTensor> {
  if (layers.length === 0) throw new SinapseError(`${owner}: expected at least one layer`);
  let value: Tree<SymbolicTensor> = mapTree(owner, from, SYMBOL, (symbol: SymbolicTensor) => symbol);
  for (const entry of layers) {
    const [name, layer] = isNamed(entry) ? entry : [undefined, entry];
    if (!isLayer(layer)) throw new SinapseError(`${owner}: expected a layer, or [name, layer], got ${shown(entry)}`);
    if (name !== undefined) checkName(owner, name);
    value = called(layer, name, value);
  }
  return value;
}

function called(layer: AnyLayer, name: string | undefined, from: Tree<SymbolicTensor>): Tree<SymbolicTensor> {
  const shapes = mapTree(layer.type, from, SYMBOL, ({ shape }: SymbolicTensor) => shape);
  const result = located(name ?? layer.type, () => outputShapeWithoutValues(layer, shapes));
  const call: Call = { order: calls++, name, layer, from, to: [] };
  call.to = mapTree(`${layer.type}: build: its result`, result, SHAPE, (shape: Shape) => new SymbolicTensor(shape, call));
  return call.to;
}
