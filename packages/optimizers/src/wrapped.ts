// What optimizers around another optimizer share: checked arguments, further slots beside those of the inner one, and its state.

import type { Check, Optimizer, OptimizerState, Parameter, StepOptions, Tensor } from '@sinapse/core';
import { SinapseError, State, printsAs, scope } from '@sinapse/core';

/** The check of an optimizer that a caller gives. */
export const OPTIMIZER: Check = {
  expected: 'an optimizer, e.g. adam()',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['step', 'state', 'restore'].every((name) => typeof (value as never)[name] === 'function'),
};

/** Tensors of a wrapper, one for each parameter, or none before the first step. */
export class Slot {
  private cells: readonly State[] = [];

  get isEmpty(): boolean {
    return this.cells.length === 0;
  }

  /** The tensors themselves: a fused update can write them in place. */
  get tensors(): readonly Tensor[] {
    return this.cells.map(({ tensor }) => tensor);
  }

  /** Snapshots, which later assignments do not change. */
  get values(): Tensor[] {
    return this.cells.map((cell) => cell.value);
  }

  /** Makes it with its first values, so that it is their only holder. */
  fill(make: () => readonly Tensor[]): void {
    scope(() => (this.cells = make().map((tensor) => new State(tensor))));
  }

  assign(tensors: readonly Tensor[]): void {
    this.cells.forEach((cell, i) => cell.assign(tensors[i]!));
  }

  restore(tensors: readonly Tensor[]): void {
    for (const cell of this.cells) cell.dispose();
    this.cells = tensors.map((tensor) => new State(tensor));
  }
}

export abstract class WrappedOptimizer implements Optimizer {
  abstract readonly name: string;
  protected readonly inner: Optimizer;
  protected steps = 0;
  /** The slot that the wrapper adds, by the name that checkpoints know. */
  protected readonly slot: Slot = new Slot();
  protected abstract readonly slotName: string;

  constructor(inner: Optimizer) {
    this.inner = inner;
  }

  abstract step(parameters: readonly Parameter[], gradients: readonly Tensor[], options?: StepOptions): void;

  /** The number of steps of the inner optimizer when this one has made so many. */
  protected innerSteps(steps: number): number {
    return steps;
  }

  /** Returns the number of steps, the slots of the inner optimizer, and its own. The caller disposes of the tensors. */
  state(): OptimizerState {
    const { slots } = this.inner.state();
    return { step: this.steps, slots: { ...slots, [this.slotName]: this.slot.values } };
  }

  /**
   * Continues from a state as if its steps had been made by this optimizer.
   * @throws SinapseError when the state belongs to another kind of optimizer
   */
  restore({ step, slots }: OptimizerState): void {
    const { [this.slotName]: own, ...others } = slots;
    if (own === undefined)
      throw new SinapseError(
        `${this.name}: the state has other slots: expected one ${this.slotName}, got ${Object.keys(slots).join(', ') || 'none'}`,
      );
    this.inner.restore({ step: this.innerSteps(step), slots: others });
    this.slot.restore(own);
    this.steps = step;
  }

  /** Its name and the optimizer inside, as consoles show it. */
  toString(): string {
    return `${this.name}(${described(this.inner)})`;
  }
}

printsAs(WrappedOptimizer, 'WrappedOptimizer', String, String);

/** An optimizer as consoles show it. */
export function described(optimizer: Optimizer): string {
  return (optimizer as { toString(): string }).toString();
}

/** @throws SinapseError unless there is one gradient for each parameter, and a slot of as many tensors or none */
export function checkLists(name: string, parameters: readonly Parameter[], gradients: readonly Tensor[], slot: Slot): void {
  if (gradients.length !== parameters.length)
    throw new SinapseError(`${name}: ${parameters.length} parameters, but ${gradients.length} gradients`);
  const before = slot.tensors.length;
  if (!slot.isEmpty && before !== parameters.length)
    throw new SinapseError(
      `${name}: ${parameters.length} parameters, but ${before} in the steps before; make another optimizer for others`,
    );
}
