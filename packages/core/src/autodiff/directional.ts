// Products of matrices of derivatives with vectors, without the matrices.

import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { formatShape, sameShape } from '../contract/shape.ts';
import { mul } from '../ops/arithmetic.ts';
import { zerosLike } from '../ops/fill.ts';
import { sum } from '../ops/sum.ts';
import { checkTensor, checkTogether } from '../tensor/check-tensor.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { backward } from './backward.ts';
import { checkFunction, checkResult, detached, differentiated } from './gradient.ts';
import { leafOf } from './leaf.ts';
import { recorded } from './recording.ts';

/** The value of a function, and its derivative along a direction. */
export interface ValueAndTangent {
  readonly value: Tensor;
  /** The value's shape. */
  readonly tangent: Tensor;
}

/** The value of a function, and how a weighted sum of its elements changes with each argument. */
export interface ValueAndPullback {
  readonly value: Tensor;
  /** One for each argument, of its shape. */
  readonly gradients: Tensor[];
}

/** @throws DTypeError, ShapeError unless a vector has a tensor's dtype and shape */
function checkLike(op: string, what: string, vector: Tensor, like: Tensor): void {
  if (!sameShape(vector.shape, like.shape))
    throw new ShapeError(`${op}: ${what} must have shape ${formatShape(like.shape)}, got ${formatShape(vector.shape)}`);
  if (vector.dtype !== like.dtype) throw new DTypeError(`${op}: ${what} must be ${like.dtype}, got ${vector.dtype}; cast one of them`);
}

function checkArguments(op: string, f: unknown, xs: readonly Tensor[]): void {
  checkFunction(op, f);
  checkTogether(op, xs);
  if (xs.length === 0) throw new SinapseError(`${op}: takes a list of tensors, at least one`);
  for (const { dtype } of xs) if (!isFloat(dtype)) throw new DTypeError(`${op}: takes float32, got ${dtype}; cast it`);
}

/**
 * The vector-Jacobian product: the gradients of `sum(f(...xs) · weights)`, in one backward pass. For a scalar f and the weight 1, `valueAndGrad`.
 * @param f xs to a float tensor of any shape
 * @param weights one for each element of f's value, of its shape: the vector on the left of the Jacobian
 */
export function vjp(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[], weights: Tensor): ValueAndPullback {
  checkArguments('vjp', f, xs);
  checkTensor('vjp', weights);
  const own = [...xs];
  return scope(() =>
    recorded(
      () => {
        const leaves = own.map(leafOf);
        const value = checkResult('vjp', f(...leaves.map(({ tensor }) => tensor)));
        checkLike('vjp', 'the weights', weights, value);
        return { leaves, value };
      },
      ({ leaves, value }, outermost) => {
        const found = backward([value], [weights], leaves.map(({ node }) => node), outermost); // prettier-ignore
        return { value: outermost ? detached(value) : value, gradients: found.map((gradient, i) => gradient ?? zerosLike(own[i]!)) };
      },
    ),
  );
}

/**
 * The Jacobian-vector product: the derivative of f along a direction, `d/dt f(...xs + t · directions)` at t = 0. The backward pass is linear in the
 * weights that it is given, so a second one through the first, with respect to these weights, gives it (Townsend 2017).
 * @param f xs to a float tensor of any shape
 * @param directions one for each of xs, of its shape: the vector on the right of the Jacobian
 */
export function jvp(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[], directions: readonly Tensor[]): ValueAndTangent {
  checkArguments('jvp', f, xs);
  checkTogether('jvp', directions);
  if (directions.length !== xs.length) throw new SinapseError(`jvp: ${directions.length} directions for ${xs.length} arguments`);
  directions.forEach((direction, i) => checkLike('jvp', `direction ${i}`, direction, xs[i]!));
  const [own, along] = [[...xs], [...directions]];
  return scope(() =>
    recorded(
      () => {
        const leaves = own.map(leafOf);
        const value = checkResult('jvp', f(...leaves.map(({ tensor }) => tensor)));
        const weights = leafOf(zerosLike(value));
        const gradients = backward([value], [weights.tensor], leaves.map(({ node }) => node), false); // prettier-ignore
        return { value, weights, gradients };
      },
      ({ value, weights, gradients }, outermost) => {
        const known = gradients.flatMap((gradient, i) => (gradient === undefined ? [] : [{ gradient, direction: along[i]! }]));
        const [tangent] = backward(known.map(({ gradient }) => gradient), known.map(({ direction }) => direction), [weights.node], outermost); // prettier-ignore
        return { value: outermost ? detached(value) : value, tangent: tangent ?? zerosLike(value) };
      },
    ),
  );
}

/**
 * Hessian-vector products of a scalar function with respect to its first argument: `hvp(f)(x, v)` is the Hessian at x times v, for the time and
 * memory of about two gradients (Pearlmutter 1994).
 * @param f x `[…]` to a float scalar
 * @returns a function of x, a vector of x's shape, and f's other arguments, to x's shape
 */
export function hvp<Rest extends unknown[]>(f: (x: Tensor, ...rest: Rest) => Tensor): (x: Tensor, vector: Tensor, ...rest: Rest) => Tensor {
  checkFunction('hvp', f);
  return (x, vector, ...rest) => {
    checkTogether('hvp', [x, vector]);
    checkLike('hvp', 'the vector', vector, x);
    const slope = (leaf: Tensor): Tensor => {
      const gradient = differentiated('hvp', (inner) => f(inner, ...rest), [leaf]).gradients[0]!;
      return sum(mul(gradient, vector));
    };
    return scope(() => differentiated('hvp', slope, [x]).gradients[0]!);
  };
}
