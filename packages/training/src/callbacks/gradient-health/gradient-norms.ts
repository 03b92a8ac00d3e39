// How large gradients, weights and updates are, layer by layer.

import type { Named, Parameter, Tensor } from '@sinapse/core';
import { cast, isFloat, reshape, square, stack, sub, sum } from '@sinapse/core';
import type { GradientsInfo } from '../../callback.ts';

/** The Euclidean norms of a layer: all its trainable parameters together. Of several steps, the root of the mean square. */
export interface LayerNorms {
  /** The layer's path. */
  readonly layer: string;
  /** Of the gradient of the loss. */
  readonly gradient: number;
  /** Of what the optimizer changed in a step. */
  readonly update: number;
  /** Of the weights before the steps. */
  readonly weights: number;
}

/**
 * Sums up squared norms over the steps that it watches: the first of each epoch, and every so many. Elements below 1e-19 count as 0, as
 * their squares are no float32.
 */
export class GradientNorms {
  private readonly everySteps: number;
  /** The step that is watched; 0 if none was in this epoch. */
  private step = 0;
  /** For each update three squared norms of each parameter: gradients, weights, updates. */
  private reads: { readonly layers: readonly string[]; readonly row: Promise<ArrayLike<number>> }[] = [];

  constructor(everySteps: number) {
    this.everySteps = everySteps;
  }

  /** Whether this step is to be watched. A step that makes several updates asks before each. */
  wants(globalStep: number): boolean {
    return this.step === 0 || this.step === globalStep || (globalStep - 1) % this.everySteps === 0;
  }

  /** Takes the norms of an update; the function that it returns must be called after it. */
  watch({ globalStep, parameters, gradients }: GradientsInfo): () => void {
    this.step = globalStep;
    const before = parameters.map(({ cell }) => cell.value);
    const squares = [...gradients, ...before].map(squaredNorm);
    return () => {
      const updates = parameters.map(({ cell }, i) => squaredNorm(sub(cell.value, before[i]!)));
      const row = stack([...squares, ...updates]).data();
      row.catch(() => {}); // it may never be taken
      this.reads.push({ layers: parameters.map(layerOf), row });
    };
  }

  /**
   * The norms of the updates watched since the last call: for each set of parameters that is updated together, a list in the order of its
   * layers. Empty if nothing was watched.
   */
  async take(): Promise<LayerNorms[][]> {
    this.step = 0;
    const sets = new Map<string, { readonly layers: readonly string[]; readonly rows: ArrayLike<number>[] }>();
    for (const { layers, row } of this.reads.splice(0)) {
      const key = layers.join('\n');
      const set = sets.get(key) ?? { layers, rows: [] };
      sets.set(key, set);
      set.rows.push(await row);
    }
    return [...sets.values()].map(normsOf);
  }
}

function normsOf({ layers, rows }: { readonly layers: readonly string[]; readonly rows: readonly ArrayLike<number>[] }): LayerNorms[] {
  const meanOf = (name: string, part: number): number => {
    let total = 0;
    for (const row of rows) layers.forEach((layer, i) => void (layer === name && (total += row[part * layers.length + i]!)));
    return Math.sqrt(total / rows.length);
  };
  return [...new Set(layers)].map((layer) => ({ layer, gradient: meanOf(layer, 0), weights: meanOf(layer, 1), update: meanOf(layer, 2) }));
}

function squaredNorm(tensor: Tensor): Tensor {
  const wide = isFloat(tensor.dtype) ? cast(tensor, 'float32') : tensor;
  return reshape(sum(square(wide)), []);
}

/** The layer of a parameter: the path without the parameter's own name, or that if it has no layer. */
function layerOf({ path }: Named<Parameter>): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? path : path.slice(0, end);
}
