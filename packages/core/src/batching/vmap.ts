// Functions of one example as functions of many.

import type { CustomResult, CustomResults } from '../autodiff/gradient.ts';
import { checkFunction, customGradient } from '../autodiff/gradient.ts';
import { pauseRecording } from '../autodiff/recording.ts';
import type { Check } from '../contract/checks.ts';
import { BackendError, ShapeError, SinapseError } from '../contract/errors.ts';
import type { KernelName } from '../contract/kernels.ts';
import type { OptionChecks } from '../contract/options.ts';
import { checkOptions } from '../contract/options.ts';
import { formatShape, normalizeAxis } from '../contract/shape.ts';
import { shown } from '../contract/shown.ts';
import type { DispatchedCall } from '../dispatch/intercept.ts';
import { interceptFirst } from '../dispatch/intercept.ts';
import { runLowering } from '../dispatch/lowered.ts';
import { zerosLike } from '../ops/fill.ts';
import { sum } from '../ops/sum.ts';
import { moveAxis } from '../ops/transpose.ts';
import { checkTogether } from '../tensor/check-tensor.ts';
import { Handle } from '../tensor/handle.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Batch, BatchedTensor } from './batched-tensor.ts';
import type { ExampleCall } from './rules.ts';
import { batchingRules } from './rules.ts';

/** Where the examples lie. */
export interface VmapOptions {
  /** The axis of each argument along which its examples lie, null for one that all examples share; or one for all arguments. Default 0. */
  readonly axes?: number | readonly (number | null)[] | undefined;
  /** The axis of the results along which they shall lie. Default 0. */
  readonly resultAxis?: number | undefined;
}

const isAxis = (value: unknown): boolean => Number.isSafeInteger(value);
const AXES: Check = {
  expected: 'an axis, or a list with an axis or null for each argument',
  accepts: (value) => isAxis(value) || (Array.isArray(value) && value.every((axis) => axis === null || isAxis(axis))),
};
const VMAP: OptionChecks<VmapOptions> = { axes: AXES, resultAxis: { expected: 'an integer', accepts: isAxis } };

/** What a function for `vmap` returns. */
export type VmapResult = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

let depth = 0;

/**
 * A function of one example as a function of many, which runs once, with all examples in each kernel: `vmap(f)(xs)` is what `stack` makes of f of
 * each slice of xs. Calls nest with themselves, with `grad` and with `jacobian`: `vmap(grad(loss), { axes: [null, 0, 0] })(weights, xs, ys)` gives a
 * gradient for each example.
 *
 * In f a tensor has the shape of one example, and its values cannot be read. Tensors from outside are shared by all examples, and so are random
 * numbers. Every op of core works; a kernel of another package works by its lowering.
 * @param f returns a tensor, or a list or record of tensors
 * @throws ShapeError when arguments do not have equally many examples, or an axis is out of range
 * @throws BackendError when f calls a kernel that has neither a batching rule nor a lowering; the message names it
 */
export function vmap<A extends readonly Tensor[], R extends VmapResult>(f: (...xs: A) => R, options: VmapOptions = {}): (...xs: A) => R {
  checkFunction('vmap', f);
  checkOptions('vmap', options, VMAP);
  const { axes = 0, resultAxis = 0 } = options;
  const given = typeof axes === 'number' ? axes : [...axes];
  return (...xs) => {
    checkTogether('vmap', xs);
    const ownAxes = axesOf(xs, given);
    const batch = new Batch(countOf(xs, ownAxes), depth + 1, customForAll);
    return scope(() => {
      depth++;
      try {
        const examples = xs.map((x, i) => (ownAxes[i] === null ? x : batch.example(moveAxis(x, ownAxes[i]!, 0)))) as unknown as A;
        const result = interceptFirst(
          (call, run) => runBatched(call, run, batch),
          () => checkedResult(f(...examples)),
        );
        return mapped(result, (y) => moveAxis(batch.all(y), 0, normalizeAxis('vmap', resultAxis, y.shape.length + 1)));
      } finally {
        depth--;
        batch.close();
      }
    });
  };
}

function axesOf(xs: readonly Tensor[], axes: number | readonly (number | null)[]): (number | null)[] {
  if (typeof axes !== 'number' && axes.length !== xs.length)
    throw new SinapseError(`vmap: ${axes.length} axes for ${xs.length} arguments; give an axis or null for each`);
  const own = xs.map((x, i) => {
    const axis = typeof axes === 'number' ? axes : axes[i]!;
    return axis === null ? null : normalizeAxis('vmap', axis, x.shape.length);
  });
  if (own.every((axis) => axis === null)) throw new SinapseError('vmap: no argument has examples; give one of them an axis');
  return own;
}

/** @throws ShapeError unless all arguments have equally many examples */
function countOf(xs: readonly Tensor[], axes: readonly (number | null)[]): number {
  let count: number | undefined;
  axes.forEach((axis, i) => {
    if (axis === null) return;
    const length = xs[i]!.shape[axis]!;
    count ??= length;
    if (count !== length)
      throw new ShapeError(
        `vmap: argument ${i}, ${formatShape(xs[i]!.shape)}, has ${length} examples along axis ${axis}, others have ${count}`,
      );
  });
  return count!;
}

function checkedResult<R extends VmapResult>(result: R): R {
  const isResult = typeof result === 'object' && result !== null;
  const tensors: readonly unknown[] = !isResult ? [] : result instanceof Handle ? [result] : Object.values(result);
  if (tensors.length === 0 || !tensors.every((each) => each instanceof Handle))
    throw new SinapseError(`vmap: the function must return a tensor, or a list or record of tensors, got ${shown(result)}`);
  return result;
}

function mapped<R extends VmapResult>(result: R, change: (y: Tensor) => Tensor): R {
  if (result instanceof Handle) return change(result) as R;
  if (Array.isArray(result)) return (result as readonly Tensor[]).map(change) as unknown as R;
  return Object.fromEntries(Object.entries(result as Readonly<Record<string, Tensor>>).map(([name, y]) => [name, change(y)])) as R;
}

/** Runs a call for all examples of a batch, if it reads a tensor of the batch and none of a deeper one, which comes first. */
function runBatched<K extends KernelName>(call: DispatchedCall<K>, run: () => void, batch: Batch): void {
  const inputs = Object.values(call.in as unknown as Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>).flat();
  const members = inputs.filter((x): x is BatchedTensor => x instanceof BatchedTensor);
  if (members.length === 0 || Math.max(...members.map((x) => x.batch.depth)) !== batch.depth) return run();
  const rule = batchingRules[call.definition.name] as ((call: ExampleCall<K>, batch: Batch) => object | undefined) | undefined;
  const results = scope(() => {
    const all = rule?.(call, batch);
    return all === undefined ? lowered(call, members[0]!, inputs) : mapSlots(all, (y) => batch.example(y));
  });
  call.out = results as unknown as NonNullable<typeof call.out>;
}

/** Runs the lowering, whose ops are intercepted in turn; gradients pass through them. */
function lowered<K extends KernelName>(
  { definition, in: inputs, attrs, scalars }: DispatchedCall<K>,
  maker: Tensor,
  given: readonly unknown[],
): object {
  if (definition.lower === undefined)
    throw new BackendError(`vmap: ${definition.name} has neither a batching rule nor a lowering; call it for each example, outside vmap`);
  // A lowering may return an input; the result still gets its own handle.
  return mapSlots(runLowering(definition, inputs, attrs, scalars, maker), (y) => (given.includes(y) ? y.alias() : y));
}

function mapSlots(slots: object, change: (y: Tensor) => Tensor): Record<string, Tensor | Tensor[]> {
  return Object.fromEntries(
    Object.entries(slots as Readonly<Record<string, Tensor | readonly Tensor[]>>).map(([name, slot]) => [
      name,
      slot instanceof Handle ? change(slot) : slot.map(change),
    ]),
  );
}

/**
 * Runs a function with a gradient of its own for all examples, so that its gradient is taken from outside as well. The backward pass runs the
 * function again, for what its gradient reads.
 */
function customForAll(batch: Batch, f: (...xs: Tensor[]) => CustomResult | CustomResults, xs: readonly Tensor[]): Tensor | Tensor[] {
  const axes = xs.map((x) => (batch.has(x) ? 0 : null));
  const run = (examples: readonly Tensor[]): CustomResult | CustomResults => pauseRecording(() => f(...examples));
  const gradientsOf = (all: readonly Tensor[], dys: readonly (Tensor | undefined)[]): Tensor[] => {
    const known = dys.filter((dy) => dy !== undefined);
    const backward = (...args: Tensor[]): Tensor[] => {
      const [given, examples] = [args.slice(0, known.length), args.slice(known.length)];
      const ofExample = dys.map((dy) => (dy === undefined ? undefined : given.shift()));
      const result = run(examples);
      const gradients = result.values === undefined ? result.gradient(ofExample[0]!) : result.gradient(ofExample);
      return examples.map((example, i) => gradients[i] ?? zerosLike(example));
    };
    const gradients = vmap(backward, { axes: [...known.map(() => 0), ...axes] })(...known, ...all);
    return gradients.map((gradient, i) => (axes[i] === null ? sum(gradient, { axis: 0 }) : gradient));
  };
  let single = true;
  const values = customGradient((...all) => ({
    values: vmap(
      (...examples: Tensor[]) => {
        const { value, values: several } = run(examples);
        single = several === undefined;
        return several ?? [value];
      },
      { axes },
    )(...all),
    gradient: (dys: readonly (Tensor | undefined)[]) => gradientsOf(all, dys),
  }))(...xs.map((x) => (batch.has(x) ? x.all : x)));
  const examples = values.map((value) => batch.example(value));
  return single ? examples[0]! : examples;
}
