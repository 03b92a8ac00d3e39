// A network with auxiliary classifiers: small heads on layers in its middle, which have a loss of their own in training.

import type { LayerCall, Seed, Shape, Tensor } from '@sinapse/core';
import { Context, SinapseError, add, isTensor, mul, ownedByScope, randomKey, scope, shown } from '@sinapse/core';
import type { AnyLayer, Layer, Sequential } from '@sinapse/layers';
import { callChild, printsAsModel } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';

/** What a network with auxiliary classifiers gives in training. */
export interface AuxiliaryScores {
  /** Logits `[batch, classes]`. */
  readonly output: Tensor;
  /** The logits of the auxiliary classifiers, `[batch, classes]` each, in the order of the layers that they see. */
  readonly auxiliary: readonly Tensor[];
}

/** A head, and the layer whose result it sees. */
export interface Auxiliary {
  readonly name: string;
  readonly after: string;
  readonly head: Layer;
}

export class WithAuxiliaries implements Layer<Tensor, Tensor | AuxiliaryScores> {
  readonly type = 'withAuxiliaries';
  readonly trunk: Sequential;
  readonly auxiliaries: readonly Auxiliary[];
  private readonly madeBy: LayerCall;

  /** @param trunk the network without its heads; their paths and its own do not change by being in it */
  constructor(trunk: Sequential, auxiliaries: readonly Auxiliary[], madeBy: LayerCall) {
    this.trunk = trunk;
    this.auxiliaries = auxiliaries;
    this.madeBy = madeBy;
  }

  /** The input shape for which the model was built last, without the batch axis; undefined until then. */
  get inputShape(): Shape | undefined {
    return this.trunk.inputShape;
  }

  /** @returns the shape of the output at prediction time, `[classes]` */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    const key = randomKey(seed);
    let shape = inputShape;
    for (const [name, layer] of this.trunk.layers) {
      shape = layer.build(shape, key.fold(name));
      for (const { name: own, head } of this.headsAfter(name)) head.build(shape, key.fold(own));
    }
    this.trunk.inputShape = [...inputShape];
    return shape;
  }

  /**
   * @param x float32 `[batch, height, width, channels]`
   * @returns at prediction time the logits; in training also those of the auxiliary classifiers
   */
  call(x: Tensor, context: Context = new Context()): Tensor | AuxiliaryScores {
    if (!context.training) return this.trunk.call(x, context);
    return scope(() => {
      const auxiliary: Tensor[] = [];
      let y = x;
      for (const [name, layer] of this.trunk.layers) {
        const input = y;
        y = callChild(name, layer, input, context);
        if (y !== input && ownedByScope(input)) input.dispose(); // if a gradient needs it, the tape holds a handle of its own
        for (const { name: own, head } of this.headsAfter(name)) auxiliary.push(callChild(own, head, y, context));
      }
      return { output: y, auxiliary };
    });
  }

  children(): [string, AnyLayer][] {
    return [...this.trunk.layers, ...this.auxiliaries.map(({ name, head }): [string, AnyLayer] => [name, head])];
  }

  describe(): LayerCall {
    return this.madeBy;
  }

  private headsAfter(layer: string): Auxiliary[] {
    return this.auxiliaries.filter(({ after }) => after === layer);
  }
}

printsAsModel(WithAuxiliaries, 'WithAuxiliaries');

/**
 * The softmax cross-entropy of the output, and `weight` times that of each auxiliary classifier. Of logits alone, as a model gives them at prediction
 * time, it is the cross-entropy.
 * @param name of the loss, for messages
 * @param labels int32 `[batch]`
 * @returns a scalar
 * @throws SinapseError unless the scores are logits, or what a network with auxiliary classifiers gives
 */
export function auxiliaryLoss(name: string, weight: number, scores: Tensor | AuxiliaryScores, labels: Tensor): Tensor {
  if (isTensor(scores)) return softmaxCrossEntropy(scores, labels);
  const { output, auxiliary } = { ...(scores as Partial<AuxiliaryScores> | undefined) };
  if (!isTensor(output) || !Array.isArray(auxiliary) || !auxiliary.every(isTensor))
    throw new SinapseError(`${name}: the scores must be a tensor [batch, classes], or { output, auxiliary } of them, got ${shown(scores)}`);
  return auxiliary.reduce(
    (sum: Tensor, logits) => add(sum, mul(softmaxCrossEntropy(logits, labels), weight)),
    softmaxCrossEntropy(output, labels),
  );
}
