// Calls of a formula. A call makes or finds the plan for its arguments and runs as one kernel, or op by op if no tensor has the result's shape.

import { SinapseError } from '../contract/errors.ts';
import { sameShape } from '../contract/shape.ts';
import { stretches } from '../ops/elementwise.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Form, Formula, Given, Plan, Result } from './plan.ts';
import { dtypeOf, kindOf, makePlan, tensorsOf } from './plan.ts';
import { runProgram } from './run.ts';

export class TracedFormula {
  private readonly formula: Formula;
  private readonly donors: number;
  private readonly plans: Plan[] = [];

  /** @param donors how many of the first arguments (lists, one for each result) donate their storages to the results; if any, no gradient is recorded */
  constructor(formula: Formula, donors = 0) {
    this.formula = formula;
    this.donors = donors;
  }

  /** Runs the formula; for lists, once for each item. */
  call(args: readonly Given[]): Result {
    const plan = this.planFor(args);
    if (plan.hasLists) return this.callLists(plan, args);
    const first = firstOf(plan, args, 1);
    if (first === undefined) return this.opByOp(args);
    const { args: order, single } = plan.orderOf(first);
    const xs = new Array<Tensor>(order.length);
    for (let slot = 0; slot < order.length; slot++) xs[slot] = args[order[slot]!] as Tensor;
    return assembled(plan.form, runProgram(xs, single, plan.scalarsOf(args)));
  }

  private callLists(plan: Plan, args: readonly Given[]): Result {
    const items = countOf(args);
    const first = this.donors > 0 ? 0 : firstOf(plan, args, items);
    if (first === undefined || items === 0) return this.itemByItem(plan.form, args, items);
    const order = plan.orderOf(first);
    const tensors = order.args.map((arg) => args[arg] as Tensor | Tensor[]);
    const shared = tensors.filter((arg) => arg instanceof Tensor).length;
    if (order.lists.items !== items || order.lists.shared !== shared) order.lists = { program: order.single.program, items, shared };
    const ys = runProgram(tensors.flat(), order.lists, plan.scalarsOf(args), this.donors > 0);
    return assembled(plan.form, listsOf(ys, items));
  }

  private planFor(args: readonly Given[]): Plan {
    for (let i = 0; i < this.plans.length; i++) if (fits(this.plans[i]!, args)) return this.plans[i]!;
    const plan = makePlan(this.formula, args, this.donors);
    this.plans.push(plan);
    return plan;
  }

  private opByOp(args: readonly Given[]): Result {
    return scope(() => (this.formula as unknown as (...args: readonly Given[]) => Result)(...args));
  }

  private itemByItem(form: Form, args: readonly Given[], items: number): Result {
    const outputs: Tensor[][] = Array.from({ length: form === 'tensor' ? 1 : typeof form === 'number' ? form : form.length }, () => []);
    for (let item = 0; item < items; item++) {
      const result = this.opByOp(args.map((arg) => (Array.isArray(arg) ? (arg as readonly Tensor[])[item] : arg)));
      tensorsOf(result).forEach((tensor, i) => outputs[i]!.push(tensor));
    }
    return assembled(form, outputs);
  }
}

function fits({ kinds, dtypes }: Plan, args: readonly Given[]): boolean {
  if (kinds.length !== args.length) return false;
  for (let i = 0; i < kinds.length; i++) if (kinds[i] !== kindOf(args[i]) || dtypes[i] !== dtypeOf(args[i])) return false;
  return true;
}

/** Splits the tensors of all outputs, which are listed output by output. */
function listsOf(ys: readonly Tensor[], items: number): (readonly Tensor[])[] {
  return Array.from({ length: ys.length / items }, (_, i) => ys.slice(i * items, (i + 1) * items));
}

/** Gives outputs the form in which the formula returns them. Each output is a tensor, or a list with one tensor for each item. */
function assembled(form: Form, outputs: readonly (Tensor | readonly Tensor[])[]): Result {
  if (form === 'tensor') return outputs[0] as Tensor;
  if (typeof form === 'number') return outputs.slice() as Tensor[];
  return Object.fromEntries(form.map((name, i) => [name, outputs[i]])) as Readonly<Record<string, Tensor>>;
}

/**
 * The length of the lists.
 * @throws SinapseError when lists differ in length
 */
function countOf(args: readonly Given[]): number {
  const lengths = new Set(args.flatMap((arg) => (Array.isArray(arg) ? [arg.length] : [])));
  if (lengths.size > 1) throw new SinapseError(`fused: lists of ${[...lengths].join(' and ')} tensors; each must have one for each item`);
  return [...lengths][0]!;
}

function tensorAt(arg: Given, item: number): Tensor {
  return arg instanceof Tensor ? arg : (arg as readonly Tensor[])[item]!;
}

/** The index of an argument to whose shape all others broadcast, for every item; undefined if there is none. */
function firstOf({ tensors, kinds, hasLists }: Plan, args: readonly Given[], items: number): number | undefined {
  if (tensors.length === 1) return tensors[0];
  return tensors.find((candidate) => {
    if (hasLists && kinds[candidate] !== 'list') return false; // slots of shared tensors come last
    for (let item = 0; item < items; item++) {
      const { shape } = tensorAt(args[candidate], item);
      for (const other of tensors) {
        const from = tensorAt(args[other], item).shape;
        if (!sameShape(from, shape) && !stretches(from, shape)) return false;
      }
    }
    return true;
  });
}
