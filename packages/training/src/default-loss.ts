// The loss that fits some targets, for `train`.

import type { Tensor, Tree } from '@sinapse/core';
import { cast, isTensor, reshape, sameShape } from '@sinapse/core';
import { binaryCrossEntropy, categoricalCrossEntropy, meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import type { HostArray } from './batch.ts';
import { isHostArray } from './batch.ts';
import { TrainingError } from './errors.ts';
import type { AnyLoss, WeightOptions } from './measure.ts';

/** What targets are: class numbers 0 and 1, other whole numbers, rows with a single 1 (one-hot), answers to yes-or-no questions, or quantities. */
export type TargetKind = 'classes' | 'whole-numbers' | 'one-hot' | 'yes-no' | 'quantities';

/**
 * What the targets of all examples are.
 * - Whole numbers that are not all 0 and 1 are class numbers, or quantities if the model gives one number for each.
 * - Rows of 0 and 1 are one-hot if each has a single 1 and there are at least two to a row; else, as booleans, answers to yes-or-no questions.
 * - Whole numbers that are all 0 and 1 are class numbers, or answers if the model gives one number for each.
 * - Others are quantities.
 */
export function kindOf(y: HostArray): TargetKind {
  const { data, shape, dtype } = y;
  if (dtype === 'bool') return 'yes-no';
  const yesOrNo = data.every((value) => value === 0 || value === 1);
  if (data instanceof Int32Array || data instanceof Uint8Array) return yesOrNo ? 'classes' : 'whole-numbers';
  if (!yesOrNo) return 'quantities';
  const row = shape.at(-1)!;
  if (shape.length < 2 || row < 2) return 'yes-no';
  for (let at = 0; at < data.length; at += row) {
    let sum = 0;
    for (let i = at; i < at + row; i++) sum += data[i]!;
    if (sum !== 1) return 'yes-no';
  }
  return 'one-hot';
}

/**
 * The usual loss for such targets: cross-entropy for classes and answers, the mean squared error for quantities. A model that ends in `softmax` or
 * `sigmoid` gives probabilities, any other logits. One number for each example may be a target `[examples]` of an output `[examples, 1]`. Whole numbers other
 * than 0 and 1 are then quantities, which a sigmoid cannot give.
 * @param kind of the targets; if absent, integers are class numbers, booleans answers, and floats quantities
 */
export function defaultLoss(model: object, kind?: TargetKind): AnyLoss {
  const last = lastActivation(model);
  const classLoss = last === 'softmax' ? categoricalCrossEntropy : softmaxCrossEntropy;
  const from = last === 'sigmoid' ? 'probabilities' : 'logits';
  const loss = (output: Tree<Tensor>, target: Tree<Tensor>, options: WeightOptions = {}): Tensor => {
    if (!isTensor(output) || !isTensor(target))
      throw new TrainingError('train: a model of several outputs needs a loss of its own: loss: (output, target) => …');
    const single = isSingle(output, target);
    const fitting = single ? reshape(target, output.shape) : target;
    const integers = isWhole(target);
    switch (kind ?? (integers ? 'classes' : target.dtype === 'bool' ? 'yes-no' : 'quantities')) {
      case 'classes':
        return single ? binaryCrossEntropy(output, fitting, { from, ...options }) : classLoss(output, target, options);
      case 'whole-numbers':
        if (!single) return classLoss(output, target, options);
        if (last === 'sigmoid') throw new TrainingError(`train: ${NOT_YES_OR_NO}`);
        return meanSquaredError(output, cast(fitting, 'float32'), options);
      case 'one-hot':
        return classLoss(output, target, options);
      case 'yes-no':
        return binaryCrossEntropy(output, fitting, { from, ...options });
      case 'quantities':
        return meanSquaredError(output, integers ? cast(fitting, 'float32') : fitting, options);
    }
  };
  const checkTargets = (output: Tree<Tensor>, target: Tree<Tensor>, y: unknown, at: string): void => {
    if ((kind ?? 'classes') !== 'classes' || !isTensor(output) || !isTensor(target) || !isHostArray(y)) return;
    if (!isWhole(target) || !isSingle(output, target)) return;
    const wrong = y.data.find((value) => value !== 0 && value !== 1);
    if (wrong !== undefined) throw new TrainingError(`${at}: the target ${wrong}: ${NOT_YES_OR_NO}`);
  };
  return Object.assign(loss, { checkTargets });
}

const NOT_YES_OR_NO =
  'whole numbers as targets of a model of one output are answers, 0 or 1; for quantities leave the sigmoid out, and give loss: meanSquaredError with float32 targets; for classes, one output each';

/** Whether a model gives one number for each target. */
function isSingle(output: Tensor, target: Tensor): boolean {
  return sameShape(output.shape, [...target.shape, 1]) || (output.shape.at(-1) === 1 && sameShape(output.shape, target.shape));
}

function isWhole({ dtype }: Tensor): boolean {
  return dtype === 'int32' || dtype === 'uint8';
}

interface Described {
  describe(): { readonly layer: string; readonly arguments: readonly unknown[] };
}

/** The activation at the end of a model, if its description tells: that of the last layer, or an activation as a layer. */
function lastActivation(model: unknown): string | undefined {
  if (typeof (model as Partial<Described> | undefined)?.describe !== 'function') return undefined;
  const { layer, arguments: given } = (model as Described).describe();
  const [first] = given;
  if (layer === 'activation' && typeof first === 'string') return first;
  if (Array.isArray(first)) {
    const last: unknown = first.at(-1);
    return lastActivation(Array.isArray(last) ? last[1] : last);
  }
  const activation: unknown = typeof first === 'object' && first !== null && 'activation' in first ? first.activation : undefined;
  return typeof activation === 'string' ? activation : undefined;
}
