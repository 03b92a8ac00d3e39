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
 * Sums up squared norms over the steps that it watches: the first of each epoch, and every so many. Elements below 1e-19 count as 0, as their squares are no float32.
 */
export class GradientNorms {
  private readonly everySteps: number;
  private watched = false;
  private layers: readonly string[] = [];
  /** For each step three squared norms of each parameter: gradients, updates, weights. */
  private reads: Promise<ArrayLike<number>>[] = [];

  constructor(everySteps: number) {
    this.everySteps = everySteps;
  }

  /** Whether this step is to be watched. */
  wants(globalStep: number): boolean {
    return !this.watched || (globalStep - 1) % this.everySteps === 0;
  }

  /** Takes the norms of a step; the function that it returns must be called after the update. */
  watch({ parameters, gradients }: GradientsInfo): () => void {
    this.watched = true;
    this.layers = parameters.map(layerOf);
    const before = parameters.map(({ cell }) => cell.value);
    const squares = [...gradients, ...before].map(squaredNorm);
    return () => {
      const updates = parameters.map(({ cell }, i) => squaredNorm(sub(cell.value, before[i]!)));
      const read = stack([...squares, ...updates]).data();
      read.catch(() => {}); // it may never be taken
      this.reads.push(read);
    };
  }

  /** The norms of the steps watched since the last call, in the order of the layers; undefined if there were none. */
  async take(): Promise<LayerNorms[] | undefined> {
    this.watched = false;
    const rows = await Promise.all(this.reads.splice(0));
    if (rows.length === 0) return undefined;
    const { layers } = this;
    const names = [...new Set(layers)];
    const meanOf = (name: string, part: number): number => {
      let total = 0;
      for (const row of rows) layers.forEach((layer, i) => void (layer === name && (total += row[part * layers.length + i]!)));
      return Math.sqrt(total / rows.length);
    };
    return names.map((layer) => ({ layer, gradient: meanOf(layer, 0), weights: meanOf(layer, 1), update: meanOf(layer, 2) }));
  }
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
