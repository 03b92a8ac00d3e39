// A model as one list of calls: containers are opened, however deep, until only layers without parts of their own are left.

import type { Tree } from '@sinapse/core';
import { leavesOf, mapTree, pairTrees } from '@sinapse/core';
import type { AnyLayer } from '../layer.ts';
import { VALUE, isContainer } from './wiring.ts';

/** The call of a layer that is no container. Values are numbered through the whole model, inputs first. */
export interface LeafCall {
  /** The layer's path in the model; the path of the model itself is empty. */
  readonly path: string;
  /** The path; for the second call of a layer with `:2` behind the name of what is called again. No other call has this one. */
  readonly id: string;
  readonly layer: AnyLayer;
  readonly from: Tree<number>;
  readonly to: Tree<number>;
}

export interface LeafCalls {
  readonly inputs: Tree<number>;
  readonly calls: readonly LeafCall[];
  readonly outputs: Tree<number>;
}

/** The calls of a model in their order. A model that does not say how its parts are connected is one call. */
export function leafCallsOf(model: AnyLayer): LeafCalls {
  let values = 0;
  const calls: LeafCall[] = [];
  const ids = new Set<string>();

  const expand = (layer: AnyLayer, path: string, id: string, from: Tree<number>, pattern: Tree<number>): Tree<number> => {
    if (!isContainer(layer)) {
      const to = mapTree('graph', pattern, VALUE, () => values++);
      calls.push({ path, id: fresh(id), layer, from, to });
      return to;
    }
    const { inputs, steps, outputs } = layer.wiring();
    const numbers: number[] = []; // of the container's values, in the whole model
    const note = (local: Tree<number>, global: Tree<number>): void =>
      pairTrees<number, number>(layer.type, local, VALUE, global, VALUE, (a, b) => void (numbers[a] = b));
    const globally = (local: Tree<number>): Tree<number> => mapTree('graph', local, VALUE, (value: number) => numbers[value]!);
    note(inputs, from);
    const counts = new Map<string, number>();
    for (const step of steps) {
      const count = (counts.get(step.name) ?? 0) + 1;
      counts.set(step.name, count);
      const called = count === 1 ? step.name : `${step.name}:${count}`;
      note(step.to, expand(step.layer, below(path, step.name), below(id, called), globally(step.from), step.to));
    }
    return globally(outputs);
  };
  const fresh = (id: string): string => {
    let free = id;
    while (ids.has(free)) free += "'"; // a layer whose own name ends in :2
    ids.add(free);
    return free;
  };

  const inputs = mapTree('graph', isContainer(model) ? model.wiring().inputs : 0, VALUE, () => values++);
  const outputs = expand(model, '', '', inputs, 0);
  return { inputs, calls, outputs };
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** The number of the call that gives each value; undefined for inputs. */
export function giversOf({ calls }: LeafCalls): (LeafCall | undefined)[] {
  const givers: (LeafCall | undefined)[] = [];
  for (const call of calls) for (const value of leavesOf<number>('graph', call.to, VALUE)) givers[value] = call;
  return givers;
}
