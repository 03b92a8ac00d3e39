// Runs the steps of a graph, and releases what a step gives when its last reader has run.

import type { Context, Tensor, Tree } from '@sinapse/core';
import { ShapeError, formatShape, mapTree, ownedByScope, pairTrees, scope } from '@sinapse/core';
import { TENSOR } from '../build.ts';
import type { Layer } from '../layer.ts';
import { callPart } from '../layer.ts';
import type { Wiring } from './wiring.ts';
import { VALUE, valuesIn } from './wiring.ts';

export class Plan {
  readonly wiring: Wiring;
  /** For each step, how often its layer was called before. */
  readonly before: readonly number[];
  /** For each value, how often it is read: by steps, and as an output. */
  private readonly readers: readonly number[];
  /** For each step, the values that it reads. */
  private readonly reads: readonly (readonly number[])[];

  constructor(wiring: Wiring) {
    this.wiring = wiring;
    this.before = timesBefore(wiring.steps.map(({ name }) => name));
    this.reads = wiring.steps.map(({ from }) => valuesIn(from));
    const readers: number[] = [];
    for (const value of [...this.reads.flat(), ...valuesIn(wiring.outputs)]) readers[value] = (readers[value] ?? 0) + 1;
    this.readers = readers;
  }

  /**
   * Calls the layers in order.
   * @param isSpent whether the caller of the graph reads an input no more, so that its last reader may overwrite it
   */
  run(x: unknown, context: Context, isSpent: (input: Tensor) => boolean): unknown {
    const { inputs, steps, outputs } = this.wiring;
    const values: Tensor[] = [];
    /** How often each tensor will still be read. A layer may return the tensor that it was given: one tensor, two values. */
    const left = new Map<Tensor, number>();
    const note = (value: number, tensor: Tensor): void => {
      values[value] = tensor;
      left.set(tensor, (left.get(tensor) ?? 0) + (this.readers[value] ?? 0));
    };
    const noteAll = (owner: string, numbers: Tree<number>, tensors: unknown): void => {
      if (typeof numbers === 'number' && TENSOR.accepts(tensors)) note(numbers, tensors as Tensor);
      else pairTrees<number, Tensor>(owner, numbers, VALUE, tensors, TENSOR, note);
    };
    const read = (numbers: Tree<number>): Tree<Tensor> =>
      typeof numbers === 'number' ? values[numbers]! : mapTree('graph', numbers, VALUE, (value: number) => values[value]!);
    const release = (value: number, reads: number): void => {
      const tensor = values[value]!;
      const remaining = left.get(tensor)! - reads;
      left.set(tensor, remaining);
      if (remaining === 0 && ownedByScope(tensor)) tensor.dispose(); // if a gradient needs it, the tape holds a handle of its own
    };

    noteAll('graph: call', inputs, x);
    if (values.length > 1) checkBatch(values);
    return scope(() => {
      steps.forEach(({ name, layer, from, to }, i) => {
        const taken = read(from);
        const single = taken as Tensor; // a layer of several tensors is not handed any over: a list is no key of `left`
        const isLast = left.get(single) === 1 && (ownedByScope(single) || isSpent(single));
        const y = callPart(name, layer, taken, context.child(name, this.before[i]), (inside) => {
          if (isLast) inside.handOver(single, layer);
          return (layer as Layer<unknown, unknown>).call(taken, inside);
        });
        noteAll(`${name}: ${layer.type}: its result`, to, y);
        for (const value of this.reads[i]!) release(value, 1);
        for (const value of valuesIn(to)) if (this.readers[value] === undefined) release(value, 0);
      });
      return read(outputs);
    });
  }
}

/** @throws ShapeError unless all inputs have as many examples */
function checkBatch(inputs: readonly Tensor[]): void {
  const batch = inputs[0]!.shape[0];
  const other = inputs.find(({ shape }) => shape[0] !== batch);
  if (other !== undefined)
    throw new ShapeError(
      `graph: call: the inputs must have as many examples, got ${formatShape(inputs[0]!.shape)} and ${formatShape(other.shape)}`,
    );
}

/** For each name, how often it came before. */
function timesBefore(names: readonly string[]): number[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count;
  });
}
