// The graph of a computation, kept only while a gradient is being taken.

import type { Tensor } from '../tensor/tensor.ts';

/** The nodes recorded since the outermost gradient began. Each comes after the nodes that computed its inputs. */
export interface Tape {
  readonly nodes: GradientNode[];
}

/** Tensors, or a value for each tensor, by slot name. */
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

/** Gradients of outputs by name; one left out is zero. An output is one tensor, never a list. */
export type Cotangents = Readonly<Record<string, Tensor | undefined>>;

/** Gradients of inputs by name; one left out, or false, is zero. */
export type InputGradients = NamedSlots<Tensor | undefined | false>;

/** One step of the computation: its inputs, and how gradients pass from its outputs to them. */
export abstract class GradientNode {
  /** The tape that holds it, and its index there. */
  tape: Tape | undefined = undefined;
  index = -1;
  /** The group of the call, if a profile adds up by groups. */
  group: string | undefined = undefined;
  /** The inputs, which refer to the nodes that computed them. They may be disposed of: only their specs are read. */
  readonly inputs: NamedSlots<Tensor>;

  constructor(inputs: NamedSlots<Tensor>) {
    this.inputs = inputs;
  }

  abstract get name(): string;

  /**
   * Computes the gradients of the inputs from those of the outputs.
   * @param needed for each input whether its gradient (of a list, any of its gradients) will be used; others may be left out
   */
  abstract pull(cotangents: Cotangents, needed: Readonly<Record<string, boolean>>): InputGradients;

  /** Releases what `pull` reads. */
  abstract release(): void;
}

/** A node whose gradient is computed by a function. */
export class FunctionNode extends GradientNode {
  readonly name: string;
  private readonly back: (cotangents: Cotangents) => InputGradients;
  private saved: readonly Tensor[];

  /** @param saved tensors that `back` reads; the node owns them until `release` */
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
