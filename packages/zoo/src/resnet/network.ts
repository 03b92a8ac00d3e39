// What the residual networks for ImageNet have around their blocks, and torchvision's names of it all.

import type { LayerCall } from '@sinapse/core';
import type { Layer, Sequential, SequentialEntry } from '@sinapse/layers';
import { batchNorm, globalAvgPool2d, maxPool2d, sequential } from '@sinapse/layers';
import { widened } from '../image-classifier.ts';
import type { LayerPart } from '../model-entry.ts';
import { classifier, convolution } from './convolution.ts';

/** The place of a block: in conv2_x for stage 0 and so on, and there the first for i = 0. */
type BlockAt = (stage: number, i: number) => Layer;

/**
 * A convolution of 7 by 7, pooling, four stages of blocks, global average pooling and a dense layer.
 * @param blocks the number of blocks of each stage
 * @param normalized whether a normalisation follows the last block, as where normalisation comes before convolutions
 */
export function residualNetwork(
  blocks: readonly number[],
  block: BlockAt,
  { classes, width, normalized = false }: { readonly classes: number; readonly width: number; readonly normalized?: boolean },
  madeBy: LayerCall,
): Sequential {
  return sequential(
    [
      ['conv1', convolution(widened(64, width), 7, 2)],
      ['pool1', maxPool2d({ window: 3, strides: 2, padding: 1 })],
      ...blocks.flatMap((count, stage) =>
        Array.from({ length: count }, (_, i): SequentialEntry => [`conv${stage + 2}_${i + 1}`, block(stage, i)]),
      ),
      ...(normalized ? [['norm', batchNorm({ activation: 'relu' })] as const] : []),
      ['pool', globalAvgPool2d()],
      ['classifier', classifier(classes)],
    ],
    { madeBy },
  );
}

/**
 * torchvision's name of a layer of a network of 2015: `conv1`, `conv2_1/conv1`, `conv2_1/shortcut` and `classifier` are `conv1`, `layer1.0.conv1`,
 * `layer1.0.downsample.0` and `fc`.
 */
export function resnetModule(layerPath: string, part: LayerPart): string {
  if (layerPath === 'classifier') return 'fc';
  const layer = layerPath
    .replace(/^conv(\d)_(\d+)\//, (_, stage: string, block: string) => `layer${Number(stage) - 1}.${Number(block) - 1}.`)
    .replace('shortcut', 'downsample.0');
  return part === 'weights' ? layer : layer.replace('downsample.0', 'downsample.1').replace('conv', 'bn');
}
