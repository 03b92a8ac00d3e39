// An optimizer's formula for one parameter. `updateOf` adds what all formulas share: scaled gradients, weight decay and skipped steps.

import type { Cell, ListState, Scalar, Tensor } from '@sinapse/core';
import { add, derivedCell, fusedUpdate, mul, where } from '@sinapse/core';

/** A parameter as `param`; the optimizer's slots are further members. */
export type ParameterState = { readonly param: Tensor };

/** The values that change from step to step. */
export interface StepCells {
  readonly learningRate: Cell;
  /** The number of the step, from 1. */
  readonly step: Cell;
}

export interface UpdateRule<State extends ParameterState, Name extends string> {
  /** The names of the state's members other than `param`. */
  readonly slots: readonly (keyof State & string)[];
  /** What slots are filled with before the first step. Default 0. */
  readonly initial?: Readonly<Record<string, number>>;
  /** Whether weight decay shrinks the parameter before the step instead of being added to the gradient. Loshchilov, Hutter 2019. */
  readonly decoupled?: boolean;
  /** The scalars of the formula that change from step to step, computed in float64. */
  readonly scalars: (cells: StepCells) => Readonly<Record<Name, Scalar>>;
  /** Computes the next state, in ops. */
  readonly formula: (state: State, grad: Tensor, scalars: Readonly<Record<Name, Scalar>>) => State;
}

/** The inputs of a step's program other than the state. An undefined input adds no operation to the program. */
interface Given {
  readonly grad: Tensor;
  /** A scalar factor of the gradients. */
  readonly scale: Tensor | undefined;
  /** A bool scalar: if true, the state stays unchanged. */
  readonly skip: Tensor | undefined;
  readonly weightDecay: Scalar | undefined;
  /** 1 - learningRate weightDecay, if the decay is decoupled. */
  readonly keep: Scalar | undefined;
}

/** The inputs of a step over all parameters: one gradient for each of them; the other members apply to all. */
interface StepInputs {
  readonly grad: readonly Tensor[];
  readonly scale: Tensor | undefined;
  readonly skip: Tensor | undefined;
  readonly weightDecay: number;
}

/** Computes the next state of all parameters with one kernel call, in place where nothing else refers to their storages. */
export type Update<State> = (state: ListState<State>, inputs: StepInputs) => ListState<State>;

/** Makes the update function of a rule. */
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

/** The state after a step, or that before it where the bool scalar `skip` is true. */
export function unlessSkipped<State extends object>(skip: Tensor, before: State, after: State): State {
  const [old, next] = [before, after] as unknown as readonly Readonly<Record<string, Tensor>>[];
  return Object.fromEntries(Object.keys(next!).map((name) => [name, where(skip, old![name]!, next![name]!)])) as unknown as State;
}
