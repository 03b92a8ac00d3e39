// Makes the wiring of a graph from the symbolic tensors with which it was written.

import type { Shape, Tree } from '@sinapse/core';
import { SinapseError, formatShape, leavesOf, mapTree, shownName } from '@sinapse/core';
import type { AnyLayer } from '../layer.ts';
import { freeName } from '../names.ts';
import type { Call, SymbolicTensor } from './symbolic-tensor.ts';
import { SYMBOL } from './symbolic-tensor.ts';
import type { Step, Wiring } from './wiring.ts';

/**
 * The wiring that leads from inputs to outputs.
 * @param inputs, outputs trees of symbolic tensors
 * @throws SinapseError when they are none, an input is given twice or not used, an output depends on no input, or a layer has two names
 */
export function collected(inputs: unknown, outputs: unknown): { inputShapes: Tree<Shape>; wiring: Wiring } {
  const wanted = leavesOf<SymbolicTensor>('graph: outputs', outputs, SYMBOL);
  const values = new Map<SymbolicTensor, number>();
  const number = (symbol: SymbolicTensor): number => {
    const value = values.size;
    values.set(symbol, value);
    return value;
  };
  const inputShapes = mapTree('graph: inputs', inputs, SYMBOL, ({ shape }: SymbolicTensor) => shape);
  const inputNumbers = mapTree('graph: inputs', inputs, SYMBOL, (symbol: SymbolicTensor, path) => {
    if (values.has(symbol)) throw new SinapseError(`graph: ${nameOf(path)} is given twice`);
    return number(symbol);
  });
  if (values.size === 0) throw new SinapseError(`graph: inputs: expected ${SYMBOL.expected}, got none`);
  if (wanted.length === 0) throw new SinapseError(`graph: outputs: expected ${SYMBOL.expected}, got none`);

  const { calls, reached } = callsBetween(new Set(values.keys()), wanted);
  mapTree('graph: inputs', inputs, SYMBOL, (symbol: SymbolicTensor, path) => {
    if (!reached.has(symbol)) throw new SinapseError(`graph: ${nameOf(path)} ${formatShape(symbol.shape)} is used by no output`);
  });
  const names = namesOf(calls);
  const steps = calls.map(({ layer, from, to }): Step => {
    const taken = mapTree('graph', from, SYMBOL, (symbol: SymbolicTensor) => values.get(symbol)!);
    return { name: names.get(layer)!, layer, from: taken, to: mapTree('graph', to, SYMBOL, number) };
  });
  const outputNumbers = mapTree('graph: outputs', outputs, SYMBOL, (symbol: SymbolicTensor) => values.get(symbol)!);
  return { inputShapes, wiring: { inputs: inputNumbers, steps, outputs: outputNumbers } };
}

function nameOf(path: string): string {
  return path === '' ? 'the input' : `the input ${shownName(path)}`;
}

/** The calls on all ways from the inputs to the wanted symbols, in order, and the symbols on the way. */
function callsBetween(
  inputs: ReadonlySet<SymbolicTensor>,
  wanted: readonly SymbolicTensor[],
): { calls: Call[]; reached: Set<SymbolicTensor> } {
  const calls = new Set<Call>();
  const reached = new Set<SymbolicTensor>();
  const waiting = [...wanted];
  for (let symbol = waiting.pop(); symbol !== undefined; symbol = waiting.pop()) {
    if (reached.has(symbol)) continue;
    reached.add(symbol);
    if (inputs.has(symbol)) continue;
    const { call, shape } = symbol;
    if (call === undefined)
      throw new SinapseError(`graph: an output depends on an input ${formatShape(shape)} that is not among the inputs of the graph`);
    if (!calls.has(call)) waiting.push(...leavesOf<SymbolicTensor>('graph', call.from, SYMBOL));
    calls.add(call);
  }
  return { calls: [...calls].sort((a, b) => a.order - b.order), reached };
}

/** A name for each layer: the one that it was given, or its type and a number. */
function namesOf(calls: readonly Call[]): Map<AnyLayer, string> {
  const names = new Map<AnyLayer, string>();
  const owners = new Map<string, AnyLayer>();
  for (const { layer, name } of calls) {
    if (name === undefined) continue;
    const other = names.get(layer);
    if (other !== undefined && other !== name)
      throw new SinapseError(`graph: one layer is named ${shownName(other)} and ${shownName(name)}; it needs one name`);
    if ((owners.get(name) ?? layer) !== layer) throw new SinapseError(`graph: two layers are named ${shownName(name)}`);
    names.set(layer, name);
    owners.set(name, layer);
  }
  const counts = new Map<string, number>();
  const seen = new Set<AnyLayer>();
  for (const { layer } of calls) {
    if (seen.has(layer)) continue;
    seen.add(layer);
    const count = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, count);
    if (names.has(layer)) continue;
    const name = freeName(`${layer.type}${count}`, (candidate) => owners.has(candidate));
    names.set(layer, name);
    owners.set(name, layer);
  }
  return names;
}
