// Which rows of a summary feed which.

import { leavesOf, mapTree } from '@sinapse/core';
import { isLayer } from '../layer.ts';
import { Graph } from './graph.ts';
import { giversOf, leafCallsOf } from './leaf-calls.ts';
import { VALUE, isContainer } from './wiring.ts';

/**
 * Adds to each row what it reads, if the model contains a `graph`. What is no row itself, the sum of a residual block, is named after its block.
 * @param rows in the order of the calls
 */
export function feedersIn<Row extends { readonly path: string }>(
  model: object,
  rows: readonly Row[],
): readonly (Row & { readonly from?: readonly string[] })[] {
  if (!isLayer(model) || !containsGraph(model)) return rows;
  const plan = leafCallsOf(model);
  const givers = giversOf(plan);
  const inputs = new Map<number, string>();
  mapTree<number, void>('graph', plan.inputs, VALUE, (value, path) => void inputs.set(value, path === '' ? 'input' : path));
  const shown = new Set(rows.map(({ path }) => path));
  const nameOf = (value: number): string => {
    const giver = givers[value];
    if (giver === undefined) return inputs.get(value)!;
    return shown.has(giver.path) ? giver.id : giver.id.slice(0, Math.max(0, giver.id.lastIndexOf('/')));
  };
  const waiting = new Map<string, string[][]>();
  for (const { path, from } of plan.calls) {
    const sources = leavesOf<number>('graph', from, VALUE).map(nameOf);
    waiting.set(path, [...(waiting.get(path) ?? []), sources]);
  }
  return rows.map((row) => {
    const from = waiting.get(row.path)?.shift();
    return from === undefined ? row : { ...row, from };
  });
}

function containsGraph(layer: object): boolean {
  if (layer instanceof Graph) return true;
  return isContainer(layer) && layer.wiring().steps.some((step) => containsGraph(step.layer));
}
