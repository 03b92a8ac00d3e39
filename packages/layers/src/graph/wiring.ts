// How the layers of a container are connected, as data. Graphs run it; summaries, cutting and pruning read it.

import type { Check, Tree } from '@sinapse/core';
import { leavesOf } from '@sinapse/core';
import type { AnyLayer } from '../layer.ts';

/** One call of a layer. Values are numbered: first the inputs of the container, then what each step gives. */
export interface Step {
  /** The layer's name in the container. A layer that is called again, with the same weights, has the same name. */
  readonly name: string;
  readonly layer: AnyLayer;
  /** The numbers of the values that it takes, in the form in which it takes them. */
  readonly from: Tree<number>;
  /** The numbers of the values that it gives. */
  readonly to: Tree<number>;
}

/** The steps of a container, each after the steps whose values it takes. */
export interface Wiring {
  readonly inputs: Tree<number>;
  readonly steps: readonly Step[];
  readonly outputs: Tree<number>;
}

/** A layer made of layers that says how they are connected. */
export interface Container extends AnyLayer {
  wiring(): Wiring;
  /** The same container with other layers in place of some, by name. It is made again, and shares the layers that stay. */
  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): AnyLayer;
}

export function isContainer(layer: object): layer is Container {
  return 'wiring' in layer && typeof layer.wiring === 'function' && 'withLayers' in layer;
}

/** The check of the number of a value. */
export const VALUE: Check = {
  expected: 'the number of a value',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

/** The numbers in a tree, in order. */
export function valuesIn(tree: Tree<number>): number[] {
  return typeof tree === 'number' ? [tree] : leavesOf('wiring', tree, VALUE);
}

/** Collects steps that each give one value. Value 0 is the only input. */
export class Wires {
  readonly steps: Step[] = [];

  /** Adds a step and returns the number of its value. */
  add(name: string, layer: AnyLayer, from: Tree<number>): number {
    const to = this.steps.length + 1;
    this.steps.push({ name, layer, from, to });
    return to;
  }

  /** Adds layers one after another and returns the number of the last one's value. */
  chain(layers: Iterable<readonly [string, AnyLayer]>, from: number): number {
    let value = from;
    for (const [name, layer] of layers) value = this.add(name, layer, value);
    return value;
  }

  done(outputs: number): Wiring {
    return { inputs: 0, steps: this.steps, outputs };
  }
}

/** Layers one after another. */
export function chain(layers: Iterable<readonly [string, AnyLayer]>): Wiring {
  const wires = new Wires();
  return wires.done(wires.chain(layers, 0));
}
