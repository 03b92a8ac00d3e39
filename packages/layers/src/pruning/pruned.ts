// A layer some of whose weights are held at 0 by masks.

import type { LayerCall, Seed, Shape, State, Tensor } from '@sinapse/core';
import { Context, Parameter, SinapseError, checkValue, mul, parametersOf, walk } from '@sinapse/core';
import { built, checkInput, checkInputShape, makeState } from '../build.ts';
import type { Layer } from '../layer.ts';
import { isLayer } from '../layer.ts';
import { printsAsModel } from '../print.ts';

export class Pruned implements Layer {
  readonly type = 'pruned';
  readonly layer: Layer;
  /** For each kernel of the layer, by its path there: 1 where a weight counts, 0 where it is held at 0. Undefined until built. */
  masks: ReadonlyMap<string, State> | undefined;

  constructor(layer: Layer) {
    this.layer = layer;
  }

  /** Builds the layer, with masks that let all weights count. */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const outputShape = this.layer.build(inputShape, seed);
    this.masks = fullMasks(this.layer);
    return outputShape;
  }

  /**
   * The layer's formula with kernel · mask in place of each kernel: weights that are held at 0 have no gradient.
   * @param x as the layer takes it
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    const masks = built(this, this.masks);
    const kernels = kernelsOf(this.layer);
    const cells = kernels.map(([, cell]) => cell);
    const masked = kernels.map(([path, cell]) => mul(cell.value, masks.get(path)!.value));
    if (context.isHandedOver(x, this)) context.handOver(x, this.layer);
    return Parameter.substitute(cells, masked, () => this.layer.call(x, context));
  }

  /** The variables of the layer under their own names, and behind each kernel's name `Mask`. */
  children(): [string, unknown][] {
    const cells = walk(this.layer).map(({ path, cell }): [string, unknown] => [path, cell]);
    return [...cells, ...[...built(this, this.masks)].map(([path, mask]): [string, unknown] => [`${path}Mask`, mask])];
  }

  describe(): LayerCall {
    return { layer: this.type, arguments: [this.layer] };
  }
}

printsAsModel(Pruned, 'Pruned');

/** The kernels of a layer, by path: parameters of two axes or more. Biases and scales are not pruned. */
export function kernelsOf(layer: object): [path: string, cell: Parameter][] {
  return parametersOf(layer)
    .filter(({ cell }) => cell.shape.length > 1)
    .map(({ path, cell }) => [path, cell]);
}

/** Masks that let all weights of a layer count. */
export function fullMasks(layer: object): Map<string, State> {
  return new Map(kernelsOf(layer).map(([path, { shape }]) => [path, makeState(shape, 1)]));
}

/**
 * A layer whose kernels have masks: `pruneWeights` makes it, and model files name it. In training as in prediction, weights whose mask is 0 count as 0.
 * @param layer with a kernel: dense, a convolution, …
 */
export function pruned(layer: Layer): Pruned {
  checkValue('pruned', layer, { expected: 'a layer', accepts: isLayer });
  if (layer instanceof Pruned) throw new SinapseError('pruned: the layer is pruned already');
  return new Pruned(layer);
}
