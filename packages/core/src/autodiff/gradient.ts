// The public functions of automatic differentiation.

import { isFloat } from '../contract/dtype.ts';
import { DTypeError, ShapeError, SinapseError } from '../contract/errors.ts';
import { fillAt, zerosLike } from '../ops/fill.ts';
import { formatShape } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import type { Tree } from '../contract/tree.ts';
import { refuseInFormula } from '../fused/tracer.ts';
import { Parameter } from '../model/parameter.ts';
import { synchronously } from '../contract/synchronous.ts';
import { checkTensor, checkTensors } from '../tensor/check-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Handle } from '../tensor/handle.ts';
import { currentScope, scope } from '../tensor/scope.ts';
import { backward } from './backward.ts';
import { leafOf } from './leaf.ts';
import type { Cotangents, InputGradients } from './node.ts';
import { FunctionNode } from './node.ts';
import { attach, isRecording, isTraced, pauseRecording, recorded, retained } from './recording.ts';

/** What a differentiated function returns: the scalar to differentiate, or a list of it and other results, which may be trees of tensors. */
export type Differentiated = Tensor | readonly [Tensor, ...Tree<Tensor>[]];

export interface ValueAndGradients<T extends Differentiated> {
  readonly value: T;
  /** One for each entry of `wrt`, of its shape; zeros if the value does not depend on it. */
  readonly gradients: Tensor[];
}

/**
 * The value of a function and its gradients with respect to parameters or tensors. f runs in a scope, which releases all other tensors. Calls may
 * nest: a gradient taken inside f can be differentiated again.
 * @param f is called with the tensors of `wrt` (for a parameter, its value); it may also read parameters directly
 * @throws ShapeError unless f returns a scalar, or a list that begins with one; DTypeError unless that is a float
 * @throws SinapseError when `wrt` names a parameter twice; it may name a tensor twice, and each entry has its own gradient
 */
export function valueAndGrad<T extends Differentiated>(
  f: (...xs: Tensor[]) => T,
  wrt: readonly (Tensor | Parameter)[],
): ValueAndGradients<T> {
  checkTargets('valueAndGrad', f, wrt);
  return differentiated('valueAndGrad', f, wrt.slice());
}

/** @param wrt a list of its own: f may change the caller's. Private to core. */
export function differentiated<T extends Differentiated>(
  op: string,
  f: (...xs: Tensor[]) => T,
  wrt: readonly (Tensor | Parameter)[],
): ValueAndGradients<T> {
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
        checkLoss(op, loss);
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

/** Refuses a parameter given twice: f may read it directly, and its gradient would then belong to neither entry. */
function checkTargets(op: string, f: unknown, wrt: readonly (Tensor | Parameter)[]): void {
  checkFunction(op, f);
  if (!Array.isArray(wrt))
    throw new SinapseError(`${op}: takes a list of the tensors and parameters to take gradients of, got ${shown(wrt)}`);
  const seen = new Map<Parameter, number>();
  wrt.forEach((target: unknown, i) => {
    if (target instanceof Handle) return target.assertAlive(op);
    if (!(target instanceof Parameter)) throw new SinapseError(`${op}: entry ${i} is no tensor and no parameter, but ${shown(target)}`);
    const before = seen.get(target);
    if (before !== undefined) throw new SinapseError(`${op}: entries ${before} and ${i} are the same parameter; name each once`);
    seen.set(target, i);
  });
}

export function checkFunction(op: string, f: unknown): void {
  if (typeof f !== 'function') throw new SinapseError(`${op}: takes a function, got ${shown(f)}`);
}

function checkReturnsTensor(op: string, result: unknown): asserts result is Tensor {
  if (typeof result !== 'object' || result === null || !('dtype' in result)) {
    if (typeof result === 'object' && result !== null && 'then' in result) {
      if (typeof result.then === 'function') (result as PromiseLike<unknown>).then(undefined, () => {}); // the error below is the one to hear of
      throw new SinapseError(`${op}: the function returned a promise; it must be synchronous`);
    }
    throw new SinapseError(`${op}: the function must return a tensor, got ${shown(result)}`);
  }
}

/** @throws SinapseError, DTypeError unless a differentiated function returned a float tensor */
export function checkResult(op: string, result: unknown): Tensor {
  checkReturnsTensor(op, result);
  if (!isFloat(result.dtype)) throw new DTypeError(`${op}: the function must return a float tensor, got ${result.dtype}`);
  return result;
}

function checkLoss(op: string, loss: unknown): asserts loss is Tensor {
  checkReturnsTensor(op, loss);
  const { dtype, shape, size } = loss;
  if (size !== 1 || shape.some((length) => length !== 1))
    throw new ShapeError(`${op}: the function must return a scalar, got ${formatShape(shape)}; reduce it with sum() or mean()`);
  if (!isFloat(dtype)) throw new DTypeError(`${op}: the function must return a float scalar, got ${dtype}`);
}

/** Detaches results from the tape, which they outlive. */
export function detached<T extends Tree<Tensor> | readonly Tree<Tensor>[]>(value: T): T {
  if (!(value instanceof Handle)) for (const item of Object.values(value ?? {})) detached(item);
  else if (isTraced(value)) value.node = undefined; // tensors of an outer tape stay attached to it
  return value;
}

/**
 * The gradient of a scalar function with respect to its first argument: `grad(f)(x)` has the shape of x. For second derivatives, reduce the
 * inner gradient to a scalar: `grad((x) => grad(f)(x).sum())`.
 */
export function grad<Rest extends unknown[]>(f: (x: Tensor, ...rest: Rest) => Tensor): (x: Tensor, ...rest: Rest) => Tensor {
  checkFunction('grad', f);
  return (x, ...rest) => {
    checkTensor('grad', x);
    return scope(() => differentiated('grad', (leaf) => f(leaf, ...rest), [x]).gradients[0]!);
  };
}

/** Runs a synchronous callback in which nothing is recorded for gradients, even inside `grad`. */
export function inference<T>(callback: () => T): T {
  return pauseRecording(() => synchronously('inference', callback));
}

/** A value with its own gradient function, which takes the gradient of the value and returns that of each argument (undefined for zero). */
export interface CustomResult {
  readonly value: Tensor;
  readonly values?: undefined;
  readonly gradient: (dy: Tensor) => readonly (Tensor | undefined)[];
}

/** Several values with one gradient function, which takes a gradient for each value: undefined if the result does not depend on it. */
export interface CustomResults {
  readonly value?: undefined;
  readonly values: readonly Tensor[];
  readonly gradient: (dys: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[];
}

/** A tensor of one example inside `vmap`, which alone knows how to run functions for all examples. */
export interface Example extends Tensor {
  readonly depth: number;
  /** Whether a gradient that is taken outside `vmap` depends on it. */
  readonly isTracedOutside: boolean;
  runForAll(f: (...xs: Tensor[]) => CustomResult | CustomResults, xs: readonly Tensor[]): Tensor | Tensor[];
}

/** The example that runs a custom function for all, if a gradient outside `vmap` depends on an argument: that of the deepest call. */
function outsideOf(xs: readonly Tensor[]): Example | undefined {
  const examples = xs.filter((x): x is Example => 'runForAll' in x);
  if (examples.length === 0) return undefined;
  const deepest = examples.reduce((a, b) => (b.depth > a.depth ? b : a));
  const isTracedThere = (x: Tensor): boolean => ('runForAll' in x && (x as Example).depth === deepest.depth ? (x as Example).isTracedOutside : isTraced(x)); // prettier-ignore
  return xs.some(isTracedThere) ? deepest : undefined;
}

/**
 * A function with a gradient of its own.
 * @param f returns a value, or a list of values, with a function for their gradient. Write that gradient in ops on f's arguments, so that it can
 *   be differentiated again; it treats other tensors made in f as constants
 * @throws SinapseError when the gradient function does not return one entry for each argument
 */
export function customGradient<const R extends CustomResult | CustomResults>(
  f: (...xs: Tensor[]) => R,
): (...xs: Tensor[]) => R extends CustomResults ? R['values'] : Tensor {
  type Value = R extends CustomResults ? R['values'] : Tensor;
  const valuesOf = ({ value, values }: R, alias: (tensor: Tensor) => Tensor): Value =>
    (values === undefined ? alias(value) : values.map(alias)) as Value;
  checkFunction('customGradient', f);
  return (...xs) => {
    checkTensors('customGradient', xs);
    for (const x of xs) refuseInFormula('customGradient', x);
    const outside = isRecording() ? outsideOf(xs) : undefined;
    if (!isRecording() || !xs.some(isTraced)) {
      if (outside !== undefined) return scope(() => outside.runForAll(f, xs)) as Value;
      return scope(() => {
        const result = pauseRecording(() => f(...xs));
        return valuesOf(result, (tensor) => (xs.includes(tensor) ? tensor.alias() : tensor));
      });
    }
    // The tape owns handles to the arguments and to what f makes, as the gradient may read them after the caller's scopes have ended.
    const args = xs.map(retained);
    let run: { readonly result: R; readonly made: Tensor[] };
    try {
      run = retainMade(() => pauseRecording(() => f(...args)));
    } catch (error) {
      for (const arg of args) arg.dispose();
      throw error;
    }
    const { result } = run;
    const value = outside === undefined ? valuesOf(result, (tensor) => tensor.alias()) : (scope(() => outside.runForAll(f, xs)) as Value);
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

/** Runs a callback and takes the tensors it makes out of their scope, for the tape to own. */
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
