// Gradient accumulation: large batches in small pieces.

import type { Parameter, Optimizer, StepOptions, Tensor } from '@sinapse/core';
import { add, check, checkValue, fusedUpdate, hostStep, mul, scope, where, zerosLike } from '@sinapse/core';
import { OPTIMIZER, WrappedOptimizer, checkLists } from './wrapped.ts';

type Sum = { readonly sum: Tensor };
type Given = { readonly grad: Tensor; readonly share: number; readonly skip: Tensor | undefined };

const addShare = fusedUpdate(({ sum }: Sum, { grad, share, skip }: Given) => {
  const next = add(sum, mul(grad, share));
  return { sum: skip === undefined ? next : where(skip, sum, next) };
});

/**
 * An optimizer that makes one step of another for the mean of every `count` gradients: `count` batches of 32 examples give the step of one batch
 * of 32 `count`, if the loss is a mean. Schedules count the steps of the inner optimizer. Parameters change in every `count`th step only; a
 * checkpoint holds the gradients added up so far, in the slot `accumulated`.
 * @param optimizer makes the steps
 * @param count an integer >= 1
 * @throws SinapseError when an argument is none
 */
export function accumulate(optimizer: Optimizer, count: number): Accumulated {
  checkValue('accumulate: optimizer', optimizer, OPTIMIZER);
  checkValue('accumulate: count', count, check.count);
  return new Accumulated(optimizer, count);
}

export class Accumulated extends WrappedOptimizer {
  readonly name = 'accumulate';
  protected readonly slotName = 'accumulated';
  private readonly count: number;

  constructor(inner: Optimizer, count: number) {
    super(inner);
    this.count = count;
  }

  protected override innerSteps(steps: number): number {
    return Math.floor(steps / this.count);
  }

  /** Adds the gradients up, and every `count` steps moves the parameters. With `skip` true, the gradients do not count. */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options: StepOptions = {}): void {
    const { slot, count } = this;
    checkLists(this.name, parameters, gradients, slot);
    if (slot.isEmpty) slot.fill(() => gradients.map((gradient) => zerosLike(gradient)));
    scope(() => {
      slot.assign(addShare({ sum: slot.tensors }, { grad: gradients, share: 1 / count, skip: options.skip }).sum);
      if ((this.steps + 1) % count !== 0) return;
      const mean = slot.values;
      this.inner.step(parameters, mean, options);
      const emptied = (sum: Tensor): Tensor => (options.skip === undefined ? zerosLike(sum) : where(options.skip, sum, zerosLike(sum)));
      slot.assign(mean.map(emptied));
    });
    hostStep(() => void this.steps++);
  }
}
