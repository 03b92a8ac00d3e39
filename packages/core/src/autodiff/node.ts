// The graph of what computed what, kept only while a gradient is being taken.

import type { Tensor } from '../tensor/tensor.ts';

/** The nodes recorded since the outermost gradient began: each stands after those that computed its inputs. */
export interface Tape {
  readonly nodes: GradientNode[];
}

/** Tensors, or what belongs to each of them, by the name of their slot. */
export type NamedSlots<T> = Readonly<Record<string, T | readonly T[] | undefined>>;

/** Whether a test holds for any tensor of the slots. */
export function someTensor(slots: NamedSlots<Tensor>, test: (tensor: Tensor) => boolean): boolean {
  for (const name in slots) if (someIn(slots[name], test)) return true;
  return false;
}

export function someIn(slot: Tensor | readonly Tensor[] | undefined, test: (tensor: Tensor) => boolean): boolean {
  if (slot === undefined) return false;
  return isList(slot) ? slot.some(test) : test(slot);
}

export function isList<T>(slot: T | readonly T[]): slot is readonly T[] {
  return Array.isArray(slot);
}

/** Gradients of outputs by name; what is left out is zero. An output is one tensor, never a list. */
export type Cotangents = Readonly<Record<string, Tensor | undefined>>;

/** Gradients of inputs by name; what is left out, or false, is zero. */
export type InputGradients = NamedSlots<Tensor | undefined | false>;

/** One step of the computation: what it came from, and how gradients go back through it. */
export abstract class GradientNode {
  /** The tape that it stands on, and where. */
  tape: Tape | undefined = undefined;
  index = -1;
  /** Handles that know the node they came from. They may be disposed of: no more than their specs is read. */
  readonly inputs: NamedSlots<Tensor>;

  constructor(inputs: NamedSlots<Tensor>) {
    this.inputs = inputs;
  }

  abstract get name(): string;

  /**
   * The gradients of the inputs, from those of the outputs.
   * @param needed the inputs whose gradients will be used (for a list, those of any of its tensors); the others may be left out
   */
  abstract pull(cotangents: Cotangents, needed: Readonly<Record<string, boolean>>): InputGradients;

  /** Lets go of what `pull` reads. */
  abstract release(): void;
}

/** A node whose way back is a function. */
export class FunctionNode extends GradientNode {
  readonly name: string;
  private readonly back: (cotangents: Cotangents) => InputGradients;
  private saved: readonly Tensor[];

  /** @param saved handles of its own that `back` reads, alive until `release` */
  constructor(name: string, inputs: NamedSlots<Tensor>, back: (cotangents: Cotangents) => InputGradients, saved: readonly Tensor[] = []) {
    super(inputs);
    this.name = name;
    this.back = back;
    this.saved = saved;
  }

  pull(cotangents: Cotangents): InputGradients {
    return this.back(cotangents);
  }

  release(): void {
    for (const tensor of this.saved) tensor.dispose();
    this.saved = [];
  }
}
