// The plan of a formula for arguments of given kinds: its programs, found by tracing the formula.

import type { DType } from '../contract/dtype.ts';
import { BackendError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import type { Cell, Scalar } from '../contract/scalar.ts';
import { isScalar, numberOf } from '../contract/scalar.ts';
import type { Shape } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import { Tensor, isTensor } from '../tensor/tensor.ts';
import { GivenScalars } from './scalars.ts';
import type { Tracer } from './tracer.ts';
import { scalarsIn, tracing, valueIn } from './tracer.ts';

/** An argument of a call. A list has one tensor for each item. */
export type Given = Tensor | readonly Tensor[] | Scalar | undefined;

/** The result of a formula. */
export type Result = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

export type Formula = (...args: never[]) => Result;

/** The kind of an argument. Calls with arguments of the same kinds and dtypes share a plan. */
type Kind = DType | 'list' | 'scalar' | 'absent';

/** The form of a result: one tensor, a list of this length, or a record with these names. */
export type Form = 'tensor' | number | readonly string[];

/** A program of the formula, and the argument that each of its input slots takes. */
interface Order {
  readonly args: readonly number[];
  /** The attributes for calls without lists. */
  readonly single: Attrs<'elementwise'>;
  /** The attributes of the last call with lists. */
  lists: Attrs<'elementwise'>;
}

export interface Plan {
  readonly kinds: readonly Kind[];
  /** The dtypes of tensors and of lists of tensors; undefined for other arguments. */
  readonly dtypes: readonly (DType | undefined)[];
  readonly hasLists: boolean;
  readonly form: Form;
  /** The indices of the tensor arguments that the program takes, lists first; at least one. */
  readonly tensors: readonly number[];
  /** The order whose first slot takes the argument of this index. */
  readonly orderOf: (first: number) => Order;
  readonly scalarsOf: (args: readonly Given[]) => Record<string, Scalar>;
}

const NO_SCALARS: Record<string, Scalar> = {};

/** The shapes on which a formula is traced. If its programs differ, it depends on the shape and is refused. */
const TRACED_SHAPES: readonly [Shape, Shape] = [[2, 2, 2], [5]];

/**
 * Makes the plan of a formula for these arguments.
 * @param donors how many of the first arguments donate their storages to the results: they get slots even if the formula does not read them
 * @throws SinapseError when the formula has other than element-wise operations, or no argument is a tensor
 */
export function makePlan(formula: Formula, args: readonly Given[], donors: number): Plan {
  const kinds = args.map(kindOf);
  const dtypes = args.map(dtypeOf);
  const having = (test: (i: number) => boolean): number[] => [...kinds.keys()].filter(test);
  const lists = having((i) => kinds[i] === 'list');
  const all = [...lists, ...having((i) => kinds[i] !== 'list' && dtypes[i] !== undefined)];
  if (all.length === 0) throw new SinapseError('fused: takes at least one tensor');
  const scalarArgs = having((i) => kinds[i] === 'scalar');
  const given = new GivenScalars(scalarArgs.map((i) => numberOf(args[i] as Scalar)));
  const trace = (shape: Shape): Traced =>
    tracing(shape, (tracer) => traced(tracer, formula, dtypes, (i) => given.cells[scalarArgs.indexOf(i)]));
  const [one, other] = TRACED_SHAPES.map(trace) as [Traced, Traced];

  const needed = one.tracer.graph.behind(one.outputs);
  const used = all.filter((i) => i < donors || i === lists[0] || needed.has(one.values[i]!));
  const tensors = used.length > 0 ? used : all.slice(0, 1);
  const program = programOf(one, tensors);
  if (program !== programOf(other, tensors))
    throw new SinapseError('fused: the formula depends on the shape of its tensors; give it what it makes of the shape as an argument');
  const scalars = scalarsIn(one.tracer, program);
  const orders: Order[] = [];
  return {
    kinds,
    dtypes,
    hasLists: lists.length > 0,
    form: one.form,
    tensors,
    orderOf: (first) => (orders[first] ??= makeOrder(one, [first, ...tensors.filter((i) => i !== first)])),
    scalarsOf: (each) => (scalars.length === 0 ? NO_SCALARS : given.resolve(scalars, scalarArgs.map((i) => each[i] as Scalar))), // prettier-ignore
  };
}

export function kindOf(arg: Given): Kind {
  if (arg instanceof Tensor) return arg.dtype;
  if (typeof arg === 'number') return 'scalar';
  if (arg === undefined) return 'absent';
  if (Array.isArray(arg)) return 'list';
  if (!isTensor(arg) && isScalar(arg)) return 'scalar';
  throw new SinapseError(`fused: takes tensors, lists of tensors and numbers, got ${shown(arg)}`);
}

/** The dtype of a tensor or a list of tensors (float32 if it is empty); undefined for other arguments. */
export function dtypeOf(arg: Given): DType | undefined {
  if (arg instanceof Tensor) return arg.dtype;
  if (!Array.isArray(arg)) return undefined;
  const first: unknown = arg[0];
  if (first === undefined) return 'float32';
  if (!isTensor(first)) throw new SinapseError(`fused: a list holds one tensor for each item, got ${shown(arg)}`);
  return first.dtype;
}

/** A traced formula: its graph, the value of each argument (undefined if it is no tensor), and the values it returns. */
interface Traced {
  readonly tracer: Tracer;
  readonly values: readonly (number | undefined)[];
  readonly outputs: readonly number[];
  readonly form: Form;
}

function programOf({ tracer, outputs, values }: Traced, order: readonly number[]): Program {
  const inputs = order.map((i) => values[i]!);
  return tracer.graph.program(outputs, inputs);
}

function makeOrder(trace: Traced, args: readonly number[]): Order {
  const single = { program: programOf(trace, args), items: 1, shared: 0 };
  return { args, single, lists: single };
}

function traced(
  tracer: Tracer,
  formula: Formula,
  dtypes: readonly (DType | undefined)[],
  scalarOf: (arg: number) => Cell | undefined,
): Traced {
  // prettier-ignore
  const args = dtypes.map((dtype, i) => (dtype === undefined ? scalarOf(i) : tracer.input(dtype)));
  const result = runTraced(formula, args);
  const outputs = tensorsOf(result).map((tensor) => valueIn(tracer, tensor));
  if (outputs.length === 0) throw new SinapseError('fused: the formula returns no tensor');
  const values = args.map((arg) => (arg instanceof Tensor ? valueIn(tracer, arg) : undefined));
  const form = result instanceof Tensor ? 'tensor' : Array.isArray(result) ? outputs.length : Object.keys(result);
  return { tracer, values, outputs, form };
}

/** Runs a formula on traced tensors. Rewords errors of ops about shapes or backends, as the formula is at fault. */
function runTraced(formula: Formula, args: readonly (Tensor | Cell | undefined)[]): Result {
  try {
    return (formula as unknown as (...args: readonly (Tensor | Cell | undefined)[]) => Result)(...args);
  } catch (error) {
    if (error instanceof ShapeError) error.message = `fused: a formula computes element by element: ${error.message}`;
    if (error instanceof BackendError && error.message.includes('two backends'))
      error.message = `fused: a formula reads tensors that are its arguments, no others: ${error.message.split(';')[0]!}`;
    throw error;
  }
}

/**
 * The tensors that a formula returned.
 * @throws SinapseError when it returned anything but a tensor, or a list or record of tensors
 */
export function tensorsOf(result: Result): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result !== 'object' || result === null || 'then' in result)
    throw new SinapseError('fused: a formula returns a tensor, or a list or record of tensors');
  return Object.values<Tensor>(result as Readonly<Record<string, Tensor>>);
}
