// The networks that are timed in training, and ResNet-50; classic.ts has the others.

import type { Network, Step } from './network.ts';
import { batchNorm, conv, dense, maxPool, relu } from './steps.ts';

/** A perceptron from the pixels of a digit to ten classes, with a hidden layer of 128. */
export const mlp: Network = { name: 'mlp', input: [784], steps: [dense('hidden', 128), relu, dense('output', 10)] };

/** The modern LeNet-5: LeCun et al. 1998, with max pooling, rectifiers and full connections. */
export const lenet5: Network = {
  name: 'lenet5',
  input: [28, 28, 1],
  steps: [
    conv('conv1', 6, 5, { padding: 2, bias: true }),
    relu,
    maxPool(2, 2),
    conv('conv2', 16, 5, { bias: true }),
    relu,
    maxPool(2, 2),
    dense('dense1', 120, [5, 5, 16]),
    relu,
    dense('dense2', 84),
    relu,
    dense('dense3', 10),
  ],
};

/** ResNet-20 for CIFAR: He et al. 2016, "Deep residual learning for image recognition", section 4.2, n = 3, shortcuts without parameters. */
export const resnet20: Network = {
  name: 'resnet20',
  input: [32, 32, 3],
  steps: [
    conv('stem', 16, 3, { padding: 1 }),
    batchNorm('stemNorm'),
    relu,
    ...[16, 32, 64].flatMap((filters, stage) =>
      [1, 2, 3].flatMap((block) => basicBlock(`stage${stage + 1}block${block}`, filters, stage > 0 && block === 1 ? 2 : 1)),
    ),
    { op: 'globalAvgPool' },
    dense('classifier', 10),
  ],
};

function basicBlock(name: string, filters: number, stride: number): Step[] {
  const body = [
    conv(`${name}/conv1`, filters, 3, { stride, padding: 1 }),
    batchNorm(`${name}/norm1`),
    relu,
    conv(`${name}/conv2`, filters, 3, { padding: 1 }),
    batchNorm(`${name}/norm2`),
  ];
  return [{ op: 'residual', body, shortcut: stride === 1 ? [] : [{ op: 'subsample', stride, channels: filters }] }, relu];
}

/** ResNet-50 for ImageNet: He et al. 2016, table 1, in its form "v1.5", where a block's 3x3 convolution has the stride. */
export const resnet50: Network = {
  name: 'resnet50',
  input: [224, 224, 3],
  steps: [
    conv('stem', 64, 7, { stride: 2, padding: 3 }),
    batchNorm('stemNorm'),
    relu,
    maxPool(3, 2, 1),
    ...[3, 4, 6, 3].flatMap((blocks, stage) =>
      Array.from({ length: blocks }, (_, block) =>
        bottleneck(`stage${stage + 1}block${block + 1}`, 64 * 2 ** stage, block > 0 ? undefined : stage > 0 ? 2 : 1),
      ).flat(),
    ),
    { op: 'globalAvgPool' },
    dense('classifier', 1000),
  ],
};

/** The first block of a stage has a `stride` and projects its shortcut. */
function bottleneck(name: string, width: number, stride: number | undefined): Step[] {
  const body = [
    conv(`${name}/conv1`, width, 1),
    batchNorm(`${name}/norm1`),
    relu,
    conv(`${name}/conv2`, width, 3, { stride: stride ?? 1, padding: 1 }),
    batchNorm(`${name}/norm2`),
    relu,
    conv(`${name}/conv3`, 4 * width, 1),
    batchNorm(`${name}/norm3`),
  ];
  const projection = stride === undefined ? [] : [conv(`${name}/project`, 4 * width, 1, { stride }), batchNorm(`${name}/projectNorm`)];
  return [{ op: 'residual', body, shortcut: projection }, relu];
}
