// Formulas that users write with ops run as one kernel, forward and backward.

import { pauseRecording } from '../autodiff/recording.ts';
import { callable } from '../contract/checks.ts';
import { ShapeError, SinapseError } from '../contract/errors.ts';
import { checkValue } from '../contract/options.ts';
import type { Scalar } from '../contract/scalar.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

import { TracedFormula } from './formula.ts';
import type { Given, Result } from './plan.ts';

/** An argument of a formula: a tensor, a number that may change from call to call, or nothing. */
export type FusedArgument = Tensor | Scalar | undefined;

/** Arguments or results with a list for every tensor, one tensor for each item. An argument may also be a tensor that all items share. */
export type ListArguments<A> = { readonly [P in keyof A]: Tensor extends A[P] ? A[P] | readonly Tensor[] : A[P] };
export type ListResults<R> = R extends Tensor ? readonly Tensor[] : { readonly [P in keyof R]: readonly Tensor[] };

/** A formula that runs as one kernel. */
export interface Fused<A extends readonly FusedArgument[], R extends Result> {
  /** Broadcasts the tensors as the formula's ops would. */
  (...args: A): R;
  /** Runs lists of tensors in one kernel call: item i takes tensor i of each list, and all arguments that are not lists. */
  (...args: ListArguments<A>): ListResults<R>;
}

/**
 * A formula of element-wise ops as one kernel call: `const gelu = fused((x: Tensor) => x.mul(0.5).mul(erfc(x.mul(-Math.SQRT1_2))))`.
 *
 * The first call with each combination of dtypes traces the formula on tensors without values; its ops become a program. Numbers in the formula
 * are constants of the program. Numbers passed as arguments may differ from call to call: in the formula they are cells, which ops take, and from
 * which `derived` computes others. Gradients of all orders are programs as well. If no tensor has the shape to which all broadcast, the formula's
 * ops run one by one.
 * @param formula takes + - * /, functions of one number, comparisons, `where`, `cast` and activations; no sums, matrix products or reshapes. It
 *   reads no values, shapes, or tensors other than its arguments. It returns a tensor, or a list or record of tensors
 * @throws SinapseError at the call, when the formula does anything else; the message names the op
 */
export function fused<A extends readonly FusedArgument[], R extends Result>(formula: (...args: A) => R): Fused<A, R> {
  checkValue('fused', formula, callable, 'formula');
  const trace = new TracedFormula(formula as unknown as (...args: never[]) => Result);
  return ((...args: readonly Given[]) => trace.call(args)) as unknown as Fused<A, R>;
}

/**
 * An optimizer's step as one kernel call for all parameters, in place. Each result takes over the storage of the state's tensor of the same name,
 * if nothing else refers to that. The step has no gradient.
 *
 *     const step = fusedUpdate(({ param }: { param: Tensor }, { grad, rate }: { grad: Tensor; rate: Scalar }) => ({ param: param.sub(grad.mul(rate)) }));
 *     const { param } = step({ param: parameters }, { grad: gradients, rate: 0.1 });
 * @param formula takes the state of one item and the other arguments; returns the next state, with the same names and dtypes. Limits as for `fused`
 * @returns a function of the state, as lists with one tensor for each item, and of the other arguments: lists likewise, tensors that all items
 *   share, or numbers
 */
export function fusedUpdate<S extends object, G extends object>(
  formula: (state: S, given: G) => S,
): (state: ListState<S>, given: ListArguments<G>) => ListState<S> {
  checkValue('fusedUpdate', formula, callable, 'formula');
  const traces = new Map<string, TracedFormula>();
  return (state, given) => {
    const names = presentIn(state);
    const others = presentIn(given);
    const id = `${names.join()};${others.join()}`;
    let trace = traces.get(id);
    if (trace === undefined) {
      trace = new TracedFormula((...args: readonly unknown[]) => {
        const next = formula(recordOf(names, args) as S, recordOf(others, args.slice(names.length)) as G);
        return checkedState(names, recordOf(names, args), next as Readonly<Record<string, Tensor>>);
      }, names.length);
      traces.set(id, trace);
    }
    const lists = state as Readonly<Record<string, readonly Tensor[]>>;
    checkShapes(names, lists);
    const args: Given[] = names.map((name) => lists[name]);
    for (const name of others) args.push((given as Readonly<Record<string, Given>>)[name]);
    return pauseRecording(() => trace.call(args)) as unknown as ListState<S>;
  };
}

/** The state of many items: for each name a list with one tensor for each item. */
export type ListState<S> = { readonly [P in keyof S]: undefined extends S[P] ? readonly Tensor[] | undefined : readonly Tensor[] };

function presentIn(record: object): string[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

function recordOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** The next state, in the order of the state before, whose storages it takes over. */
function checkedState(names: readonly string[], before: Readonly<Record<string, unknown>>, next: Readonly<Record<string, Tensor>>): Result {
  return Object.fromEntries(
    names.map((name) => {
      const { dtype } = before[name] as Tensor;
      if (next[name]?.dtype !== dtype)
        throw new SinapseError(`fused: the state's ${name} must stay ${dtype}, the formula makes it ${next[name]?.dtype ?? 'nothing'}`);
      return [name, next[name]];
    }),
  );
}

/** @throws ShapeError unless all tensors of an item are of one shape */
function checkShapes(names: readonly string[], state: Readonly<Record<string, readonly Tensor[]>>): void {
  const first = state[names[0]!]!;
  for (const name of names) {
    state[name]!.forEach(({ shape }, i) => {
      if (first[i] !== undefined && !sameShape(shape, first[i].shape))
        throw new ShapeError(`fused: item ${i} of ${names[0]} is ${formatShape(first[i].shape)}, that of ${name} ${formatShape(shape)}`);
    });
  }
}
