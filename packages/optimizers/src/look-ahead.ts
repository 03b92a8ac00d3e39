// Look-ahead: slow weights follow the fast weights of another optimizer.

import type { Optimizer, OptionChecks, Parameter, StepOptions, Tensor } from '@sinapse/core';
import { add, check, checkOptions, checkValue, fusedUpdate, hostStep, mul, scope, sub, where } from '@sinapse/core';
import { OPTIMIZER, WrappedOptimizer, checkLists } from './wrapped.ts';

export interface LookAheadOptions {
  /** How many steps the fast weights are ahead, an integer >= 1. Default 5. */
  readonly every?: number;
  /** The part of the way to the fast weights that the slow ones go, within (0, 1]. Default 0.5. */
  readonly share?: number;
}

const CHECKS: OptionChecks<LookAheadOptions> = {
  every: check.count,
  share: {
    expected: 'a number above 0 and up to 1',
    accepts: (value) => check.positive.accepts(value) && check.probability.accepts(value),
  },
};

type Weights = { readonly slow: Tensor; readonly fast: Tensor };
type Given = { readonly share: number; readonly skip: Tensor | undefined };

const meet = fusedUpdate(({ slow, fast }: Weights, { share, skip }: Given) => {
  const next = add(slow, mul(sub(fast, slow), share));
  return skip === undefined ? { slow: next, fast: next } : { slow: where(skip, slow, next), fast: where(skip, fast, next) };
});

/**
 * An optimizer that, every `every` steps of another, moves slow weights by `share` of the way to where it has come, and continues from there.
 * The slow weights are in the slot `slow`. Zhang, Lucas, Hinton, Ba 2019, algorithm 1.
 * @param optimizer makes the steps
 * @throws SinapseError when the optimizer is none, or an option unknown or out of range
 */
export function lookAhead(optimizer: Optimizer, options: LookAheadOptions = {}): LookAhead {
  checkValue('lookAhead: optimizer', optimizer, OPTIMIZER);
  checkOptions('lookAhead', options, CHECKS);
  return new LookAhead(optimizer, options);
}

export class LookAhead extends WrappedOptimizer {
  readonly name = 'lookAhead';
  protected readonly slotName = 'slow';
  private readonly every: number;
  private readonly share: number;

  constructor(inner: Optimizer, { every = 5, share = 0.5 }: LookAheadOptions) {
    super(inner);
    this.every = every;
    this.share = share;
  }

  /** Makes a step of the inner optimizer, and every `every` steps lets slow and fast weights meet. */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options: StepOptions = {}): void {
    const { slot, share } = this;
    checkLists(this.name, parameters, gradients, slot);
    if (slot.isEmpty) slot.fill(() => parameters.map(({ value }) => value));
    scope(() => {
      this.inner.step(parameters, gradients, options);
      if ((this.steps + 1) % this.every !== 0) return;
      const { slow, fast } = meet({ slow: slot.tensors, fast: parameters.map(({ tensor }) => tensor) }, { share, skip: options.skip });
      slot.assign(slow);
      parameters.forEach((parameter, i) => parameter.trainable && parameter.assign(fast[i]!));
    });
    hostStep(() => void this.steps++);
  }
}
