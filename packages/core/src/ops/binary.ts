// The two kernels behind every element-wise op of two operands, and the gradient rules that serve both.

import type { Rule } from '../autodiff/apply.ts';
import { apply } from '../autodiff/apply.ts';
import { isValueOf } from '../contract/dtype.ts';
import type { DType } from '../contract/dtype.ts';
import { DTypeError, SinapseError } from '../contract/errors.ts';
import type { Attrs } from '../contract/kernels.ts';
import type { BinaryOp } from '../contract/operations.ts';
import { interned } from '../dispatch/attributes.ts';
import { SIGNATURES } from '../contract/program.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { defineKernel } from '../dispatch/definition.ts';
import { broadcastShapes, formatShape, sameShape } from '../contract/shape.ts';
import type { Scalar } from '../contract/scalar.ts';
import { NO_SCALARS, isScalar, numberOf } from '../contract/scalar.ts';
import { specOf } from '../contract/storage.ts';
import { notATensor } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fillAt } from './fill.ts';
import { sumTo } from './sum.ts';

/** A tensor, a number, or a cell that holds a number. A number takes the dtype of the tensor it meets. */
export type Operand = Tensor | Scalar;

/** Whether an operand is a tensor and not a scalar. Tensors of another copy of the package count too. */
export function isTensorOperand(value: Operand): value is Tensor {
  return typeof value === 'object' && value !== null && 'storage' in value;
}

const NAMES: Partial<Record<BinaryOp, string>> = { and: 'logicalAnd', or: 'logicalOr', xor: 'logicalXor', max: 'maximum', min: 'minimum' };

/** The name of the function that a user calls. */
function nameOf(op: BinaryOp): string {
  return NAMES[op] ?? op;
}

function resultDType(op: BinaryOp, dtype: DType): DType {
  const { takes, gives } = SIGNATURES[op];
  if (takes(dtype)) return gives ?? dtype;
  if (takes('bool')) throw new DTypeError(`${nameOf(op)}: takes bool tensors, got ${dtype}; compare with 0, or cast`);
  throw new DTypeError(`${nameOf(op)}: ${dtype} has no arithmetic; cast it to int32 or float32 first`);
}

export const binaryKernel: KernelDefinition<'binary', Tensor> = defineKernel({
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
});

export const binaryScalarKernel: KernelDefinition<'binaryScalar', Tensor> = defineKernel({
  name: 'binaryScalar',
  called: ({ op }) => nameOf(op),
  infer: ({ x }, { op }) => ({ y: { dtype: resultDType(op, x.dtype), shape: x.shape, size: x.size } }),
  lower: ({ x }, { op, reversed }, { value }) => {
    const scalar = fillAt(x, [], value, x.dtype);
    return { y: apply(withoutGradient, reversed ? { a: scalar, b: x } : { a: x, b: scalar }, { op }, {}, x).y };
  },
});

/** The rule for lowerings, which run with recording off and need no gradient. */
const withoutGradient: Rule<'binary'> = { kernel: binaryKernel, save: [], gradient: () => ({}) };

/** The gradient of one operand: the values it reads, and its formula. `binaryRules` undoes broadcasting afterwards. An operand may be a scalar. */
interface OperandGradient {
  readonly reads?: readonly ('a' | 'b' | 'y')[];
  readonly formula: (dy: Tensor, a: Operand, b: Operand, y: Tensor) => Tensor;
}

export interface BinaryGradients {
  readonly a: OperandGradient;
  readonly b: OperandGradient;
}

/**
 * The rules of one op: for two tensors, and for a tensor with a number on its right or left. Each attributes object is made once, so that a
 * call allocates nothing and backends may key caches by identity.
 */
export interface BinaryRules {
  readonly op: BinaryOp;
  readonly tensors: Rule<'binary'>;
  readonly numberRight: Rule<'binaryScalar'>;
  readonly numberLeft: Rule<'binaryScalar'>;
  readonly attrs: Attrs<'binary'>;
  readonly attrsRight: Attrs<'binaryScalar'>;
  readonly attrsLeft: Attrs<'binaryScalar'>;
}

/** Builds the rules of an op. Without `gradients` (comparisons, logic) the op has no gradient. */
export function binaryRules(op: BinaryOp, gradients?: BinaryGradients): BinaryRules {
  return {
    op,
    tensors: {
      kernel: binaryKernel,
      save: [],
      saveFor: gradients && { a: gradients.a.reads, b: gradients.b.reads },
      gradient: ({ d, saved, specs, needs }) => {
        if (gradients === undefined || d.y === undefined) return {};
        const { a, b } = gradients;
        return {
          a: needs.a && sumTo(a.formula(d.y, saved.a, saved.b, saved.y), specs.a.shape),
          b: needs.b && sumTo(b.formula(d.y, saved.a, saved.b, saved.y), specs.b.shape),
        };
      },
    },
    numberRight: scalarRule('a', gradients?.a, (formula, dy, x, value, y) => formula(dy, x, value, y)),
    numberLeft: scalarRule('b', gradients?.b, (formula, dy, x, value, y) => formula(dy, value, x, y)),
    attrs: interned('binary', { op }),
    attrsRight: interned('binaryScalar', { op, reversed: false }),
    attrsLeft: interned('binaryScalar', { op, reversed: true }),
  };
}

/** The rule for a tensor and a number, where the tensor x is operand `of`. */
function scalarRule(
  of: 'a' | 'b',
  gradient: OperandGradient | undefined,
  call: (formula: OperandGradient['formula'], dy: Tensor, x: Tensor, value: Scalar, y: Tensor) => Tensor,
): Rule<'binaryScalar'> {
  const save = gradient?.reads?.flatMap((name) => (name === 'y' ? name : name === of ? 'x' : [])) ?? [];
  return {
    kernel: binaryScalarKernel,
    save,
    gradient: ({ d, saved, scalars }) => ({ x: gradient && d.y && call(gradient.formula, d.y, saved.x, scalars.value, saved.y) }),
  };
}

function notAnOperand(op: BinaryOp, value: unknown): SinapseError {
  return notATensor(nameOf(op), value, SIGNATURES[op].takes('float32') ? 'tensors and numbers' : 'bool tensors');
}

/** @throws DTypeError when the tensor's dtype cannot hold the number: numbers are not converted silently */
export function checkWeak(op: string, dtype: DType, scalar: Scalar): void {
  const value = numberOf(scalar);
  if (!isValueOf(dtype, value))
    throw new DTypeError(`${NAMES[op as BinaryOp] ?? op}: ${value} is not a value of ${dtype}; cast the tensor to float32 first`);
}

/** op(a, b) with broadcasting. At least one operand is a tensor. */
export function binary(rules: BinaryRules, a: Operand, b: Operand): Tensor {
  const { op } = rules;
  if (isTensorOperand(a)) {
    if (isTensorOperand(b)) return apply(rules.tensors, { a, b }, rules.attrs, NO_SCALARS, a).y;
    if (!isScalar(b)) throw notAnOperand(op, b);
    checkWeak(op, a.dtype, b);
    return apply(rules.numberRight, { x: a }, rules.attrsRight, { value: b }, a).y;
  }
  if (!isScalar(a)) throw notAnOperand(op, a);
  if (isTensorOperand(b)) {
    checkWeak(op, b.dtype, a);
    return apply(rules.numberLeft, { x: b }, rules.attrsLeft, { value: a }, b).y;
  }
  if (!isScalar(b)) throw notAnOperand(op, b);
  throw new SinapseError(`${nameOf(op)}: both operands are numbers, ${numberOf(a)} and ${numberOf(b)}; make one a tensor`);
}
