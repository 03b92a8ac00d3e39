// Inference with whole networks.

import { survey } from '../networks/network.ts';
import { alexnet, densenet121, googlenet, mobilenetv2, squeezenet, vgg16 } from '../networks/classic.ts';
import type { Network } from '../networks/network.ts';
import { resnet50 } from '../networks/networks.ts';
import { logitsOf } from '../networks/oracle.ts';
import { uniform, weightsOf } from '../problem/numbers.ts';
import type { InferenceTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

/** For fifty layers in float32; Winograd's convolution loses about a decimal digit in each layer that uses it. */
const TOLERANCE = 2e-3;
/** The reference takes seconds per image. A larger batch repeats these images, so that its whole output is checked. */
const DIFFERENT_IMAGES = 2;

/** @param name of the case on the command line, before the number of images */
function inference(name: string, title: string, network: Network, batch: number): BenchCase {
  const task: InferenceTask = { kind: 'inference', network, batch };
  const shape = [batch, ...network.input];
  const different = Math.min(batch, DIFFERENT_IMAGES);
  return {
    name: `${name}-${batch}`,
    title: `${title} inference, batch ${batch}`,
    task,
    unit: 'images/s',
    flops: batch * survey(network).flops,
    items: batch,
    tolerance: TOLERANCE,
    arrays: () => {
      const images = uniform(`${name}/x`, [different, ...network.input]);
      const data = new Float32Array((images.length / different) * batch);
      for (let i = 0; i < batch; i += different) data.set(images, (i / different) * images.length);
      return new Map([...weightsOf(network), ['x', { shape, data }]]);
    },
    expected: (arrays) => {
      const logits = logitsOf(task, arrays, different);
      return { logits: { values: Array.from({ length: batch / different }, () => logits).flat() } };
    },
  };
}

export const inferenceCases: readonly BenchCase[] = [
  inference('resnet50', 'ResNet-50', resnet50, 1),
  inference('resnet50', 'ResNet-50', resnet50, 8),
  inference('alexnet', 'AlexNet', alexnet, 1),
  inference('vgg16', 'VGG-16', vgg16, 1),
  inference('googlenet', 'GoogLeNet', googlenet, 1),
  inference('densenet121', 'DenseNet-121', densenet121, 1),
  inference('mobilenetv2', 'MobileNetV2', mobilenetv2, 1),
  inference('squeezenet', 'SqueezeNet 1.0', squeezenet, 1),
];
