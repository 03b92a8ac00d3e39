// Taking gradients: the only doors to automatic differentiation.

import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { fillAt, zerosLike } from '../ops/fill.ts';
import { formatShape } from '../contract/shape.ts';
import { refuseInFormula } from '../fused/tracer.ts';
import { Parameter } from '../model/parameter.ts';
import { requireSynchronous } from '../contract/synchronous.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Handle } from '../tensor/handle.ts';
import { currentScope, scope } from '../tensor/scope.ts';
import { backward } from './backward.ts';
import { leafOf } from './leaf.ts';
import type { Cotangents, InputGradients } from './node.ts';
import { FunctionNode } from './node.ts';
import { attach, isRecording, isTraced, pauseRecording, recorded, retained } from './recording.ts';

/** What a differentiated function returns: the scalar, or a list that begins with it and carries other results along. */
export type Differentiated = Tensor | readonly [Tensor, ...Tensor[]];

export interface ValueAndGradients<T extends Differentiated> {
  readonly value: T;
  /** One for each parameter or tensor asked for, of its shape; zeros where the value does not depend on it. */
  readonly gradients: Tensor[];
}

/**
 * The value of a function and its gradients with respect to parameters or tensors. Runs in a scope: everything else is released. Gradients
 * nest: inside a differentiated function they are functions that can be differentiated again.
 * @param f is called with what stands in `wrt` (a parameter's tensor for a parameter); parameters can also be read in it as usual
 * @throws ShapeError unless (the first of) what f returns is a float scalar
 * @throws SinapseError when a parameter is given twice; a tensor may be, each place has a gradient of its own
 */
export function valueAndGrad<T extends Differentiated>(
  f: (...xs: Tensor[]) => T,
  wrt: readonly (Tensor | Parameter)[],
): ValueAndGradients<T> {
  checkTargets(f, wrt);
  return scope(() =>
    recorded(
      () => {
        const leaves = wrt.map((target) => leafOf(target instanceof Parameter ? target.value : target));
        const tensors = leaves.map((leaf) => leaf.tensor);
        const value = Parameter.substitute(wrt, tensors, () => f(...tensors));
        return { leaves, value };
      },
      ({ leaves, value }, outermost) => {
        const loss = (Array.isArray(value) ? value[0] : value) as Tensor;
        checkLoss(loss);
        const found = backward(
          [loss],
          [fillAt(loss, loss.shape, 1, loss.dtype)],
          leaves.map((leaf) => leaf.node),
          outermost,
        );
        const gradients = leaves.map((leaf, i) => found[i] ?? zerosLike(leaf.tensor));
        return { value: outermost ? detached(value) : value, gradients };
      },
    ),
  );
}

/** A parameter is one value wherever f reads it: with two places in the list, its gradient would belong to both or to neither. */
function checkTargets(f: unknown, wrt: readonly (Tensor | Parameter)[]): void {
  if (typeof f !== 'function') throw new SinapseError(`grad: expected a function, got ${String(f)}`);
  if (!Array.isArray(wrt)) throw new SinapseError('grad: expected a list of the tensors and parameters to take gradients of');
  const seen = new Map<Parameter, number>();
  wrt.forEach((target: unknown, i) => {
    if (target instanceof Handle) return;
    if (!(target instanceof Parameter)) throw new SinapseError(`grad: place ${i} is no tensor and no parameter, but ${String(target)}`);
    const before = seen.get(target);
    if (before !== undefined) throw new SinapseError(`grad: places ${before} and ${i} are the same parameter; name each once`);
    seen.set(target, i);
  });
}

function checkLoss(loss: unknown): asserts loss is Tensor {
  if (typeof loss !== 'object' || loss === null || !('dtype' in loss)) {
    if (typeof loss === 'object' && loss !== null && 'then' in loss)
      throw new SinapseError('grad: the function returned a promise; it must be synchronous');
    throw new SinapseError(`grad: the function must return a tensor, got ${String(loss)}`);
  }
  const { dtype, shape, size } = loss as Tensor;
  if (size !== 1 || shape.some((length) => length !== 1))
    throw new ShapeError(`grad: the function must return a scalar, got ${formatShape(shape)}; reduce it with sum() or mean()`);
  if (!isFloat(dtype)) throw new DTypeError(`grad: the function must return a float scalar, got ${dtype}`);
}

/** Results that outlive the tape forget where they came from. */
function detached<T extends Differentiated>(value: T): T {
  for (const tensor of [value].flat() as Tensor[]) if (isTraced(tensor)) tensor.node = undefined; // those of an outer tape stay its own
  return value;
}

/**
 * The gradient of a scalar function with respect to its first argument: `grad(f)(x)` has the shape of x. `grad(grad(f))` works where the inner
 * gradient is made scalar.
 */
export function grad<Rest extends unknown[]>(f: (x: Tensor, ...rest: Rest) => Tensor): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => scope(() => valueAndGrad((leaf) => f(leaf, ...rest), [x]).gradients[0]!);
}

/** Runs a synchronous callback in which nothing is recorded for gradients, even inside `grad`. */
export function inference<T>(callback: () => T): T {
  return requireSynchronous('inference', pauseRecording(callback));
}

/** A value with its own way back: given the gradient of the value, the gradient of each argument (undefined for zero). */
export interface CustomResult {
  readonly value: Tensor;
  readonly values?: undefined;
  readonly gradient: (dy: Tensor) => readonly (Tensor | undefined)[];
}

/** Several values with one way back, which is given a gradient for each: undefined where nothing depends on one. */
export interface CustomResults {
  readonly value?: undefined;
  readonly values: readonly Tensor[];
  readonly gradient: (dys: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
}

/**
 * A function whose gradient is given instead of derived.
 * @param f computes the value, or a list of values, and how to go back. The gradient is to be written in ops on f's arguments, so that it can be
 *   differentiated again; other tensors made in f count as constants there
 * @throws SinapseError when the gradient's list does not fit the arguments
 */
export function customGradient<const R extends CustomResult | CustomResults>(
  f: (...xs: Tensor[]) => R,
): (...xs: Tensor[]) => R extends CustomResults ? R['values'] : Tensor {
  type Value = R extends CustomResults ? R['values'] : Tensor;
  const valuesOf = ({ value, values }: R, alias: (tensor: Tensor) => Tensor): Value =>
    (values === undefined ? alias(value) : values.map(alias)) as Value;
  return (...xs) => {
    for (const x of xs) refuseInFormula('customGradient', x);
    if (!isRecording() || !xs.some(isTraced)) {
      return scope(() => {
        const result = pauseRecording(() => f(...xs));
        return valuesOf(result, (tensor) => (xs.includes(tensor) ? tensor.alias() : tensor));
      });
    }
    // The tape owns handles of the arguments, and what f made: the gradient may read them long after the caller's scopes have ended.
    const args = xs.map(retained);
    let run: { readonly result: R; readonly made: Tensor[] };
    try {
      run = retainMade(() => pauseRecording(() => f(...args)));
    } catch (error) {
      for (const arg of args) arg.dispose();
      throw error;
    }
    const { result } = run;
    const value = valuesOf(result, (tensor) => tensor.alias());
    const outputs = [value].flat() as Tensor[];
    const back = (d: Cotangents): InputGradients => {
      const dys = outputs.map((_, i) => d[i]);
      const gradients = result.values === undefined ? result.gradient(dys[0]!) : result.gradient(dys);
      if (gradients.length !== xs.length)
        throw new SinapseError(`customGradient: ${xs.length} arguments, but ${gradients.length} gradients`);
      return { xs: gradients };
    };
    attach(new FunctionNode('customGradient', { xs }, back, [...args, ...run.made]), Object.fromEntries(outputs.entries()));
    return value;
  };
}

/** Runs a callback and takes what it made out of the scopes, for the tape to own. */
function retainMade<T>(callback: () => T): { readonly result: T; readonly made: Tensor[] } {
  const made: Tensor[] = [];
  let result!: T;
  scope(() => {
    result = callback();
    const mine = currentScope()!;
    for (let owned = mine.last; owned !== undefined; owned = owned.previous)
      if (owned.scope === mine && owned instanceof Handle) made.push(owned.escapeScope() as Tensor);
  });
  return { result, made };
}
