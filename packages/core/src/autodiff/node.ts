// The graph of what computed what, kept only while a gradient is being taken.

import type { Tensor } from '../tensor/tensor.ts';

/**
 * The gradients of a node's inputs, from those of its outputs (undefined is zero), position by position.
 * @param needed which inputs' gradients will be used; the others may be left undefined
 */
export type Pull = (cotangents: readonly (Tensor | undefined)[], needed: readonly boolean[]) => readonly (Tensor | undefined)[];

let created = 0;

/** The id that the next node will have: nodes made before a point in time have smaller ids. */
export function nextNodeId(): number {
  return created;
}

export class GradientNode {
  /** Grows with time: a node's inputs were computed by nodes with smaller ids. */
  readonly id: number = created++;
  readonly name: string;
  /** The inputs that a gradient may flow to, by position: handles that know the node they came from, alive or not. */
  readonly sources: readonly (Tensor | undefined)[];
  readonly pull: Pull;
  private saved: readonly Tensor[] = [];

  constructor(name: string, sources: readonly (Tensor | undefined)[], pull: Pull) {
    this.name = name;
    this.sources = sources;
    this.pull = pull;
  }

  /** Handles of its own that `pull` reads, alive until `release`. */
  retain(saved: readonly Tensor[]): void {
    this.saved = saved;
  }

  release(): void {
    for (const tensor of this.saved) tensor.dispose();
    this.saved = [];
  }
}
