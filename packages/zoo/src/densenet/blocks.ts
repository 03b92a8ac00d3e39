// Dense blocks and the layers between them.

import type { Conv2d, DenseConnection, Initializer, Sequential, SequentialEntry } from '@sinapse/layers';
import { avgPool2d, batchNorm, conv2d, convNorm, denseConnection, initializers, sequential } from '@sinapse/layers';

/** "We adopt the weight initialization introduced by [10]": He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers". */
export const kernelInitializer: Initializer = initializers.heNormal;

/** A bottleneck gives this many times the channels that a layer adds ("we let each 1×1 convolution produce 4k feature-maps"). */
const BOTTLENECK = 4;

function convolution(filters: number, kernelSize: number): Conv2d {
  return conv2d({ filters, kernelSize, padding: (kernelSize - 1) / 2, useBias: false, kernelInitializer });
}

/**
 * A layer of a dense block, which adds `growth` channels to its input: BN-ReLU-Conv(1×1)-BN-ReLU-Conv(3×3), the paper's DenseNet-B. The second
 * normalisation belongs to `conv1`, into which it is folded at prediction time.
 */
function denseLayer(growth: number): DenseConnection {
  return denseConnection([
    ['norm1', batchNorm({ activation: 'relu' })],
    ['conv1', convNorm({ filters: BOTTLENECK * growth, kernelSize: 1, activation: 'relu', kernelInitializer })],
    ['conv2', convolution(growth, 3)],
  ]);
}

/** Makes the image half as high and wide, and gives it other channels. */
function transition(filters: number): Sequential {
  return sequential([
    ['norm', batchNorm({ activation: 'relu' })],
    ['conv', convolution(filters, 1)],
    ['pool', avgPool2d()],
  ]);
}

/**
 * Dense blocks, `block1_1` and so on, with transitions between them that keep half of the channels (the paper's compression, θ = 0.5), and the last
 * normalisation.
 * @param channels of the input
 * @param growth the channels that each layer adds, the paper's k
 * @param blocks the number of layers of each block
 */
export function denseBlocks(channels: number, growth: number, blocks: readonly number[]): SequentialEntry[] {
  const entries: SequentialEntry[] = [];
  let filters = channels;
  for (const [i, count] of blocks.entries()) {
    if (i > 0) {
      filters = Math.floor(filters / 2);
      entries.push([`transition${i}`, transition(filters)]);
    }
    for (let layer = 1; layer <= count; layer++) entries.push([`block${i + 1}_${layer}`, denseLayer(growth)]);
    filters += count * growth;
  }
  return [...entries, [`norm${blocks.length + 1}`, batchNorm({ activation: 'relu' })]];
}
