// Every model's parameters and multiply-adds equal the figures of its entry, counted from the shapes of its weights and of what its layers give.

import type { LayerObserver, Parameter, Shape, Tensor } from '@sinapse/core';
import { Context, meta, parametersOf, withBackend, zeros } from '@sinapse/core';
import { summary } from '@sinapse/layers';
import { expect, test } from 'vitest';
import { createModel, listModels } from './create.ts';

const product = (lengths: Shape): number => lengths.reduce((a, b) => a * b, 1);

/** What layers with multiply-adds have; a `convNorm` has them in its convolution. */
interface Weighted {
  readonly type?: string;
  readonly kernel?: Parameter;
  readonly conv?: { readonly kernel?: Parameter };
  readonly numHeads?: number;
  readonly keyDim?: number;
  readonly options?: { readonly window?: Shape };
  readonly connections?: readonly (readonly number[])[];
}

/**
 * The multiply-adds of one layer for one image: each weight of a kernel is used once at each position of the output (of a transposed convolution:
 * of the input). Attention compares every position with every other, and sums as many values.
 */
function multiplyAddsOf({ type = '', kernel, conv, numHeads, keyDim, options: { window } = {} }: Weighted, x: Tensor, y: Tensor): number {
  if (type === 'multiHeadAttention') return 2 * x.shape[1]! ** 2 * numHeads! * keyDim!;
  if (type === 'sLayer') return product(y.shape.slice(1, -1)) * 25 * (x.shape.at(-1)! * y.shape.at(-1)! + 1); // and the inhibitory plane
  if (type === 'cLayer') return product(y.shape.slice(1)) * product(window!);
  const weights = kernel ?? conv?.kernel;
  return weights === undefined ? 0 : weights.size * product((type.endsWith('Transpose') ? x : y).shape.slice(1, -1));
}

/** The multiply-adds with zeros of a layer whose maps are not all connected: it runs as a convolution in which they are. */
function zerosOf({ type, connections }: Weighted, x: Tensor, y: Tensor): number {
  if (type !== 'connectedMaps') return 0;
  return 25 * product(y.shape.slice(1, -1)) * (x.shape.at(-1)! * y.shape.at(-1)! - connections!.flat().length);
}

test.each(listModels().map((info) => [info.name, info] as const))('%s', (name, { parameters, multiplyAdds }) => {
  withBackend(meta(), () => {
    const { model, inputShape } = createModel(name);
    model.build(inputShape, 1);
    let counted = 0;
    let zeroMultiplications = 0;
    const observe: LayerObserver = (_path, layer, x, y) => {
      counted += multiplyAddsOf(layer, x as Tensor, y as Tensor);
      zeroMultiplications += zerosOf(layer, x as Tensor, y as Tensor);
    };
    model.call(zeros([1, ...inputShape]), new Context({ observe }));
    const trainable = parametersOf(model).filter(({ cell }) => cell.trainable);
    expect(trainable.reduce((sum, { cell }) => sum + cell.size, 0)).toBe(parameters);
    expect(counted).toBe(multiplyAdds);
    expect(summary(model, inputShape)).toMatchObject({ trainable: parameters, macs: multiplyAdds + zeroMultiplications });
  });
});
