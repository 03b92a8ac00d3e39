// Shows the gradients of a step to the callbacks that want them.

import type { Named, Parameter, Tensor } from '@sinapse/core';
import type { Run } from './run.ts';

const NOTHING: readonly (() => void)[] = [];

/** Calls `onGradients` of the callbacks that want this step's gradients. Returns what they want to do after the update. */
export function tellOfGradients(run: Run, parameters: readonly Named<Parameter>[], gradients: readonly Tensor[]): readonly (() => void)[] {
  const globalStep = run.globalStep + 1;
  const wanting = run.callbacks.filter((callback) => callback.wantsGradients?.(globalStep) === true);
  if (wanting.length === 0) return NOTHING;
  const info = { globalStep, parameters, gradients };
  return wanting.map((callback) => callback.onGradients?.(info, run)).filter((call) => typeof call === 'function');
}
