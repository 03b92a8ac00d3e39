// A formula as a program for each kind of arguments that it is called with, and how a call chooses between one kernel and op by op.

import type { DType } from '../contract/dtype.ts';
import { SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import type { Shape } from '../contract/shape.ts';
import { sameShape } from '../contract/shape.ts';
import { stretches } from '../ops/elementwise.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { runProgram } from './run.ts';
import type { Tracer } from './tracer.ts';
import { tracing, valueIn } from './tracer.ts';

/** What a formula is called with: lists have one tensor for each item. */
export type Given = Tensor | readonly Tensor[] | number | undefined;

/** What a formula returns. */
export type Result = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

type Formula = (...args: never[]) => Result;

/** An argument's kind: two calls whose arguments are of the same kinds run the same program. */
type Kind = DType | 'list' | 'scalar' | 'absent';

/** The names of results that are records, the count of lists, or one tensor. */
type Form = 'tensor' | number | readonly string[];

/** A program of the formula, and the argument of each of its input slots. */
interface Order {
  readonly program: Program;
  readonly args: readonly number[];
  attrs: Attrs<'elementwise'>;
}

/** What a formula is for arguments of some kinds. */
interface Plan {
  readonly kinds: readonly Kind[];
  /** dtypes of the tensors, and of those in lists. */
  readonly dtypes: readonly (DType | undefined)[];
  readonly form: Form;
  /** By the argument that comes first: the one of the shape that all others stretch to. */
  readonly orders: Map<number, Order>;
  /** The tensors that the results depend on, lists first; at least one. */
  readonly tensors: readonly number[];
  /** The arguments that are scalars. */
  readonly scalars: readonly number[];
  readonly orderOf: (first: number) => Order;
}

/** Shapes on which a formula is traced: a program that differs between them would be wrong for a third. */
const TRACED_SHAPES: readonly [Shape, Shape] = [[2, 3], [5]];

export class TracedFormula {
  private readonly formula: Formula;
  private readonly donors: number;
  private readonly plans: Plan[] = [];

  /** @param donors the first arguments whose storages the results take over: as many lists as there are results; nothing is recorded then */
  constructor(formula: Formula, donors = 0) {
    this.formula = formula;
    this.donors = donors;
  }

  /** Runs the formula on tensors, for each item of lists. */
  call(args: readonly Given[]): readonly Result[] | Result {
    const plan = this.planFor(args);
    const lists = plan.kinds.indexOf('list') >= 0;
    const items = lists ? countOf(args) : 1;
    if (items === 0) return assembled(plan.form, [], 0, true);
    const first = this.donors > 0 ? 0 : firstOf(plan, args, items);
    if (first === undefined) return this.opByOp(plan, args, items, lists);
    const order = orderOf(plan, first);
    const shared = lists ? order.args.reduce((count, arg) => count + Number(!Array.isArray(args[arg])), 0) : 0;
    if (order.attrs.items !== items || order.attrs.shared !== shared) order.attrs = { program: order.program, items, shared };
    const xs: Tensor[] = [];
    for (const arg of order.args) {
      const value = args[arg] as Tensor | readonly Tensor[];
      if (value instanceof Tensor) xs.push(value);
      else xs.push(...value);
    }
    return assembled(plan.form, runProgram(xs, order.attrs, scalarsOf(plan, args), this.donors > 0), items, lists);
  }

  private planFor(args: readonly Given[]): Plan {
    for (const plan of this.plans) if (fits(plan, args)) return plan;
    const plan = makePlan(this.formula, args, this.donors);
    this.plans.push(plan);
    return plan;
  }

  /** No tensor has the shape that all together stretch to: the formula itself runs. */
  private opByOp(plan: Plan, args: readonly Given[], items: number, lists: boolean): readonly Result[] | Result {
    const formula = this.formula as unknown as (...args: Given[]) => Result;
    const results: Tensor[][] = [];
    for (let item = 0; item < items; item++) {
      const result = scope(() => formula(...args.map((arg) => (Array.isArray(arg) ? (arg as readonly Tensor[])[item] : arg))));
      results.push(tensorsOf(result));
    }
    const outputs = results[0]!.flatMap((_, i) => results.map((result) => result[i]!));
    return assembled(plan.form, outputs, items, lists);
  }
}

function kindOf(arg: Given): Kind {
  if (arg instanceof Tensor) return arg.dtype;
  if (typeof arg === 'number') return 'scalar';
  if (arg === undefined) return 'absent';
  if (Array.isArray(arg)) return 'list';
  throw new SinapseError(`fused: takes tensors, lists of tensors and numbers, got ${String(arg)}`);
}

function dtypeOf(arg: Given): DType | undefined {
  return arg instanceof Tensor ? arg.dtype : Array.isArray(arg) ? (arg as readonly Tensor[])[0]?.dtype : undefined;
}

function fits({ kinds, dtypes }: Plan, args: readonly Given[]): boolean {
  if (kinds.length !== args.length) return false;
  for (let i = 0; i < kinds.length; i++) if (kinds[i] !== kindOf(args[i]) || dtypes[i] !== dtypeOf(args[i])) return false;
  return true;
}

/** The name that a scalar argument has in a program: formulas that are alike share their programs. */
function scalarName(at: number): string {
  return `scalar${at}`;
}

function scalarsOf({ scalars }: Plan, args: readonly Given[]): Record<string, number> {
  const values: Record<string, number> = {};
  for (let i = 0; i < scalars.length; i++) values[scalarName(i)] = args[scalars[i]!] as number;
  return values;
}

/** @throws SinapseError when the formula is not one of element-wise operations, or no argument is a tensor */
function makePlan(formula: Formula, args: readonly Given[], donors: number): Plan {
  const kinds = args.map(kindOf);
  const dtypes = args.map(dtypeOf);
  const all = [...kinds.keys()].filter((i) => dtypes[i] !== undefined);
  const inOrder = [...all.filter((i) => kinds[i] === 'list'), ...all.filter((i) => kinds[i] !== 'list')];
  if (all.length === 0) throw new SinapseError('fused: takes at least one tensor');
  const scalars = [...kinds.keys()].filter((i) => kinds[i] === 'scalar');
  const trace = (shape: Shape): Traced => tracing(shape, (tracer) => traced(tracer, formula, dtypes, scalars));
  const [one, other] = TRACED_SHAPES.map(trace) as [Traced, Traced];
  const programOf = ({ graph, outputs, values }: Traced, order: readonly number[]): Program => graph.program(outputs, order.map((i) => values[i]!)); // prettier-ignore
  if (programOf(one, inOrder) !== programOf(other, inOrder))
    throw new SinapseError('fused: the formula depends on the shape of its tensors; give it what it makes of the shape as an argument');
  const needed = one.graph.behind(one.outputs);
  const used = inOrder.filter((i) => i < donors || needed.has(one.values[i]!));
  const tensors = used.length > 0 ? used : inOrder.slice(0, 1);
  return {
    kinds,
    dtypes,
    form: one.form,
    orders: new Map(),
    tensors,
    scalars,
    orderOf: (first) => {
      const order = [first, ...tensors.filter((i) => i !== first)];
      const program = programOf(one, order);
      return { program, args: order, attrs: { program, items: 1, shared: 0 } };
    },
  };
}

/** A formula's graph, by argument the value that it is, and the values that are returned. */
interface Traced {
  readonly graph: Tracer['graph'];
  readonly values: readonly (number | undefined)[];
  readonly outputs: readonly number[];
  readonly form: Form;
}

function traced(tracer: Tracer, formula: Formula, dtypes: readonly (DType | undefined)[], scalars: readonly number[]): Traced {
  const args = dtypes.map((dtype, i) => {
    if (dtype !== undefined) return tracer.input(dtype);
    const at = scalars.indexOf(i);
    return at >= 0 ? tracer.scalar(scalarName(at)) : undefined;
  });
  const result = runTraced(formula, args);
  const outputs = tensorsOf(result).map((tensor) => valueIn(tracer, tensor));
  if (outputs.length === 0) throw new SinapseError('fused: the formula returns no tensor');
  const values = args.map((arg) => arg && valueIn(tracer, arg));
  return { graph: tracer.graph, values, outputs, form: formOf(result) };
}

/** Errors of the ops say that it was a formula that called them. */
function runTraced(formula: Formula, args: readonly (Tensor | undefined)[]): Result {
  try {
    return (formula as unknown as (...args: readonly (Tensor | undefined)[]) => Result)(...args);
  } catch (error) {
    if (error instanceof SinapseError && !error.message.startsWith('fused: ')) {
      error.message = /lie on two backends/.test(error.message)
        ? `fused: ${error.message.split(':')[0]} reads a tensor that is no argument of the formula; give it as an argument`
        : `fused: the formula must compute element by element: ${error.message}`;
    }
    throw error;
  }
}

function formOf(result: Result): Form {
  if (result instanceof Tensor) return 'tensor';
  return Array.isArray(result) ? result.length : Object.keys(result);
}

function tensorsOf(result: Result): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result !== 'object' || result === null || 'then' in result)
    throw new SinapseError('fused: a formula returns a tensor, or a list or record of tensors');
  return Object.values(result) as Tensor[];
}

/** Results as the formula returns them, with lists of the items' tensors where lists were given. */
function assembled(form: Form, ys: readonly Tensor[], items: number, lists: boolean): Result {
  const at = (i: number): Tensor => (lists ? ys.slice(i * items, (i + 1) * items) : ys[i]!) as Tensor;
  if (form === 'tensor') return at(0);
  if (typeof form === 'number') return Array.from({ length: form }, (_, i) => at(i));
  return Object.fromEntries(form.map((name, i) => [name, at(i)]));
}

function orderOf(plan: Plan, first: number): Order {
  let order = plan.orders.get(first);
  if (order === undefined) plan.orders.set(first, (order = plan.orderOf(first)));
  return order;
}

/** @throws SinapseError when lists differ in length */
function countOf(args: readonly Given[]): number {
  const lengths = new Set(args.flatMap((arg) => (Array.isArray(arg) ? [arg.length] : [])));
  if (lengths.size > 1) throw new SinapseError(`fused: lists of ${[...lengths].join(' and ')} tensors; each must have one for each item`);
  return [...lengths][0]!;
}

function tensorAt(arg: Given, item: number): Tensor {
  return arg instanceof Tensor ? arg : (arg as readonly Tensor[])[item]!;
}

/** The argument to whose shape those of all others stretch, for every item; undefined when there is none. */
function firstOf({ tensors, kinds }: Plan, args: readonly Given[], items: number): number | undefined {
  if (tensors.length === 1) return tensors[0];
  const lists = kinds[tensors[0]!] === 'list';
  return tensors.find((candidate) => {
    if (lists && kinds[candidate] !== 'list') return false; // tensors for all items come last
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
