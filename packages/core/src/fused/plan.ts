// What a formula is for arguments of some kinds: its programs, found by running it once on a tracer.

import type { DType } from '../contract/dtype.ts';
import { BackendError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { Program } from '../contract/program.ts';
import type { Cell, Scalar } from '../contract/scalar.ts';
import { isScalar, numberOf } from '../contract/scalar.ts';
import type { Shape } from '../contract/shape.ts';
import { Tensor, isTensor } from '../tensor/tensor.ts';
import { GivenScalars } from './scalars.ts';
import type { Tracer } from './tracer.ts';
import { scalarsIn, tracing, valueIn } from './tracer.ts';

/** What a formula is called with: lists have one tensor for each item. */
export type Given = Tensor | readonly Tensor[] | Scalar | undefined;

/** What a formula returns. */
export type Result = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

export type Formula = (...args: never[]) => Result;

/** An argument's kind: two calls whose arguments are of the same kinds run the same program. */
type Kind = DType | 'list' | 'scalar' | 'absent';

/** One tensor, a list of this many, or a record with these names. */
export type Form = 'tensor' | number | readonly string[];

/** A program of the formula, and the argument of each of its input slots. */
interface Order {
  readonly args: readonly number[];
  /** For a call without lists. */
  readonly single: Attrs<'elementwise'>;
  /** Those of the last call with lists. */
  lists: Attrs<'elementwise'>;
}

export interface Plan {
  readonly kinds: readonly Kind[];
  /** Of the tensors, and of those in lists. */
  readonly dtypes: readonly (DType | undefined)[];
  readonly hasLists: boolean;
  readonly form: Form;
  /** The arguments that the results depend on, lists first; at least one. */
  readonly tensors: readonly number[];
  /** The program whose first slot is the argument of this number. */
  readonly orderOf: (first: number) => Order;
  readonly scalarsOf: (args: readonly Given[]) => Record<string, Scalar>;
}

const NO_SCALARS: Record<string, Scalar> = {};

/** Shapes on which a formula is traced: one whose programs differ between them would be wrong for a third. */
const TRACED_SHAPES: readonly [Shape, Shape] = [[2, 2, 2], [5]];

/**
 * @param donors the first arguments whose storages the results take over: they have slots, whether they are needed or not
 * @throws SinapseError when the formula is not one of element-wise operations, or no argument is a tensor
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
  throw new SinapseError(`fused: takes tensors, lists of tensors and numbers, got ${String(arg)}`);
}

/** Of tensors; an empty list passes for one of float32. */
export function dtypeOf(arg: Given): DType | undefined {
  if (arg instanceof Tensor) return arg.dtype;
  return Array.isArray(arg) ? ((arg as readonly Tensor[])[0]?.dtype ?? 'float32') : undefined;
}

/** A formula's graph, by argument the value that it is, and the values that are returned. */
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

/** What an op finds wrong with the shapes or the backend of a tensor is the formula's fault, not that of the call. */
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

/** @throws SinapseError when a formula returned something else */
export function tensorsOf(result: Result): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result !== 'object' || result === null || 'then' in result)
    throw new SinapseError('fused: a formula returns a tensor, or a list or record of tensors');
  return Object.values<Tensor>(result as Readonly<Record<string, Tensor>>);
}
