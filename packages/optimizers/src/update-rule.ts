// An optimizer as its formula for one parameter, and what every formula has around it: scaled gradients, weight decay, steps that are skipped.

import type { Cell, ListState, Scalar, Tensor } from '@sinapse/core';
import { add, derivedCell, fusedUpdate, mul, where } from '@sinapse/core';

/** A parameter, and under names of their own what the optimizer keeps for it. */
export type ParameterState = { readonly param: Tensor };

/** What changes from step to step of one optimizer. */
export interface StepCells {
  readonly learningRate: Cell;
  /** 1 at the first step. */
  readonly step: Cell;
}

export interface UpdateRule<State extends ParameterState, Name extends string> {
  /** The names of the state beside `param`. */
  readonly slots: readonly (keyof State & string)[];
  /** Whether weight decay shrinks the parameter before the step instead of adding to its gradient. Loshchilov, Hutter 2019. */
  readonly decoupled?: boolean;
  /** What the formula reads that changes from step to step, worked out in float64. */
  readonly scalars: (cells: StepCells) => Readonly<Record<Name, Scalar>>;
  /** The next state, written in ops. */
  readonly formula: (state: State, grad: Tensor, scalars: Readonly<Record<Name, Scalar>>) => State;
}

/** What is given to a step beside the state; what is absent leaves no trace in the program. */
interface Given {
  readonly grad: Tensor;
  /** A scalar that gradients are multiplied by. */
  readonly scale: Tensor | undefined;
  /** A bool scalar: where true, everything stays as it is. */
  readonly skip: Tensor | undefined;
  readonly weightDecay: Scalar | undefined;
  /** 1 - learningRate weightDecay, where decay is decoupled. */
  readonly keep: Scalar | undefined;
}

/** What a step of all parameters is given: a list with one gradient for each, the rest for all of them. */
interface StepInputs {
  readonly grad: readonly Tensor[];
  readonly scale: Tensor | undefined;
  readonly skip: Tensor | undefined;
  readonly weightDecay: number;
}

/** The next state of all parameters, in place where nothing else refers to their storages: one kernel call. */
export type Update<State> = (state: ListState<State>, inputs: StepInputs) => ListState<State>;

/** The update of a rule. */
export function updateOf<State extends ParameterState, Name extends string>(
  rule: UpdateRule<State, Name>,
  cells: StepCells,
): Update<State> {
  const scalars = rule.scalars(cells);
  const run = fusedUpdate((before: State, { grad, scale, skip, weightDecay, keep, ...others }: Given) => {
    const scaled = scale === undefined ? grad : mul(grad, scale);
    const gradient = weightDecay === undefined ? scaled : add(scaled, mul(before.param, weightDecay));
    const state = keep === undefined ? before : { ...before, param: mul(before.param, keep) };
    const after = rule.formula(state, gradient, others as unknown as Readonly<Record<Name, Scalar>>);
    return skip === undefined ? after : unlessSkipped(skip, before, after);
  });
  return (state, { grad, scale, skip, weightDecay }) => {
    const coupled = weightDecay === 0 || rule.decoupled === true ? undefined : weightDecay;
    const keep = weightDecay === 0 || rule.decoupled !== true ? undefined : derivedCell(() => 1 - cells.learningRate.value * weightDecay);
    return run(state, { grad, scale, skip, weightDecay: coupled, keep, ...scalars });
  };
}

function unlessSkipped<State extends ParameterState>(skip: Tensor, before: State, after: State): State {
  const [old, next] = [before, after] as unknown as readonly Readonly<Record<string, Tensor>>[];
  return Object.fromEntries(Object.keys(next!).map((name) => [name, where(skip, old![name]!, next![name]!)])) as unknown as State;
}
