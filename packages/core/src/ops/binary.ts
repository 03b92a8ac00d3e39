// The two kernels behind every element-wise op of two operands, and how one gradient rule serves both.

import type { GradientCall, Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { isNumeric, isValueOf } from '../dtype.ts';
import type { DType } from '../dtype.ts';
import { DTypeError, SinapseError } from '../errors.ts';
import type { BinaryOp, KernelDefinition } from '../kernels.ts';
import { broadcastShapes, formatShape, sameShape } from '../shape.ts';
import { specOf } from '../storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fillAt } from './fill.ts';
import { sumTo } from './sum.ts';

/** Numbers are weak: one takes the dtype of the tensor it meets. */
export type Operand = Tensor | number;

const COMPARISONS: ReadonlySet<BinaryOp> = new Set(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']);
const LOGICAL: ReadonlySet<BinaryOp> = new Set(['and', 'or', 'xor']);

const NAMES: Partial<Record<BinaryOp, string>> = { and: 'logicalAnd', or: 'logicalOr', xor: 'logicalXor', max: 'maximum', min: 'minimum' };

/** The function that a user calls. */
function nameOf(op: BinaryOp): string {
  return NAMES[op] ?? op;
}

function resultDType(op: BinaryOp, dtype: DType): DType {
  if (COMPARISONS.has(op)) return 'bool';
  if (LOGICAL.has(op)) {
    if (dtype !== 'bool') throw new DTypeError(`${nameOf(op)}: takes bool tensors, got ${dtype}; compare with 0, or cast`);
  } else if (!isNumeric(dtype)) throw new DTypeError(`${nameOf(op)}: ${dtype} has no arithmetic; cast it to int32 or float32 first`);
  return dtype;
}

export const binaryKernel: KernelDefinition<'binary', Tensor> = {
  name: 'binary',
  called: ({ op }) => nameOf(op),
  infer: ({ a, b }, { op }) => {
    if (a.dtype !== b.dtype)
      throw new DTypeError(
        `${nameOf(op)}: ${a.dtype} ${formatShape(a.shape)} and ${b.dtype} ${formatShape(b.shape)} differ in dtype; cast one of them`,
      );
    const dtype = resultDType(op, a.dtype);
    if (sameShape(a.shape, b.shape)) return { y: { dtype, shape: a.shape, size: a.size } };
    return { y: specOf(dtype, broadcastShapes(nameOf(op), a.shape, b.shape)) };
  },
};

export const binaryScalarKernel: KernelDefinition<'binaryScalar', Tensor> = {
  name: 'binaryScalar',
  called: ({ op }) => nameOf(op),
  infer: ({ x }, { op }) => ({ y: { dtype: resultDType(op, x.dtype), shape: x.shape, size: x.size } }),
  lower: ({ x }, { op, reversed }, { value }) => {
    const scalar = fillAt(x, [], value, x.dtype);
    return { y: apply(withoutGradient, reversed ? { a: scalar, b: x } : { a: x, b: scalar }, { op }, {}, x).y };
  },
};

/** Lowerings run with recording off; what they record is never read. */
const withoutGradient: Rule<'binary'> = { kernel: binaryKernel, save: [], gradient: () => ({}) };

/** Gradients of an op of a and b, before broadcasting is undone. The operand that is a number has no gradient. */
export interface BinaryGradient {
  readonly save: readonly ('a' | 'b' | 'y')[];
  readonly a: (dy: Tensor, a: Operand, b: Operand, y: Tensor) => Tensor;
  readonly b: (dy: Tensor, a: Operand, b: Operand, y: Tensor) => Tensor;
}

/** The rules of one op: between tensors, and between a tensor and a number. */
export interface BinaryRules {
  readonly op: BinaryOp;
  readonly tensors: Rule<'binary'>;
  readonly scalar: Rule<'binaryScalar'>;
}

/** Builds both rules of an op; without a gradient (comparisons, logic) the result is a constant to any gradient. */
export function binaryRules(op: BinaryOp, gradient?: BinaryGradient): BinaryRules {
  const save = gradient?.save ?? [];
  const saveScalar = [...new Set(save.map((name) => (name === 'y' ? name : 'x')))];
  return {
    op,
    tensors: {
      kernel: binaryKernel,
      save,
      gradient: ({ d, saved, specs, needs }) => {
        if (gradient === undefined || d.y === undefined) return {};
        return {
          a: needs.a && sumTo(gradient.a(d.y, saved.a, saved.b, saved.y), specs.a.shape),
          b: needs.b && sumTo(gradient.b(d.y, saved.a, saved.b, saved.y), specs.b.shape),
        };
      },
    },
    scalar: {
      kernel: binaryScalarKernel,
      save: saveScalar,
      gradient: (call: GradientCall<'binaryScalar'>) => {
        const { d, saved, attrs } = call;
        const { value } = call.scalars;
        if (gradient === undefined || d.y === undefined) return {};
        return { x: attrs.reversed ? gradient.b(d.y, value, saved.x, saved.y) : gradient.a(d.y, saved.x, value, saved.y) };
      },
    },
  };
}

// Attributes are static: one object each, so that backends may key caches by identity and nothing is allocated per call.
const ATTRS = new Map<
  BinaryOp,
  { binary: { op: BinaryOp }; left: { op: BinaryOp; reversed: boolean }; right: { op: BinaryOp; reversed: boolean } }
>();

function attrsOf(op: BinaryOp): NonNullable<ReturnType<typeof ATTRS.get>> {
  let attrs = ATTRS.get(op);
  if (attrs === undefined) {
    attrs = { binary: { op }, left: { op, reversed: false }, right: { op, reversed: true } };
    ATTRS.set(op, attrs);
  }
  return attrs;
}

const NO_SCALARS = {};

function isOperand(value: unknown): value is Operand {
  return typeof value === 'number' || (typeof value === 'object' && value !== null && 'storage' in value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array; make it a tensor with tensor([…])';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** A number that the tensor's dtype cannot hold is a mistake, not a conversion. */
function checkWeak(op: BinaryOp, dtype: DType, value: number): void {
  if (!isValueOf(dtype, value))
    throw new DTypeError(`${nameOf(op)}: ${value} is not a value of ${dtype}; cast the tensor to float32 first`);
}

/** op(a, b), broadcasting. At least one operand is a tensor. */
export function binary(rules: BinaryRules, a: Operand, b: Operand): Tensor {
  const { op } = rules;
  const attrs = attrsOf(op);
  if (!isOperand(a) || !isOperand(b))
    throw new SinapseError(`${nameOf(op)}: takes tensors and numbers, got ${describe(isOperand(a) ? b : a)}`);
  if (typeof a !== 'number') {
    if (typeof b !== 'number') return apply(rules.tensors, { a, b }, attrs.binary, NO_SCALARS, a).y;
    checkWeak(op, a.dtype, b);
    return apply(rules.scalar, { x: a }, attrs.left, { value: b }, a).y;
  }
  if (typeof b !== 'number') {
    checkWeak(op, b.dtype, a);
    return apply(rules.scalar, { x: b }, attrs.right, { value: a }, b).y;
  }
  throw new SinapseError(`${nameOf(op)}: both operands are numbers, ${a} and ${b}; make one a tensor`);
}
