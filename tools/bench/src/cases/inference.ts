// Inference with whole networks.

import { survey } from '../networks/network.ts';
import { resnet50 } from '../networks/networks.ts';
import { logitsOf } from '../networks/oracle.ts';
import { uniform, weightsOf } from '../problem/numbers.ts';
import type { InferenceTask } from '../problem/task.ts';
import type { BenchCase } from './bench-case.ts';

/** For fifty layers in float32; Winograd's convolution loses about a decimal digit in each layer that uses it. */
const TOLERANCE = 2e-3;
/** The reference takes seconds per image. A larger batch repeats these images, so that its whole output is checked. */
const DIFFERENT_IMAGES = 2;

function resnet50Inference(batch: number): BenchCase {
  const task: InferenceTask = { kind: 'inference', network: resnet50, batch };
  const shape = [batch, ...resnet50.input];
  const different = Math.min(batch, DIFFERENT_IMAGES);
  return {
    name: `resnet50-${batch}`,
    title: `ResNet-50 inference, batch ${batch}`,
    task,
    unit: 'images/s',
    flops: batch * survey(resnet50).flops,
    items: batch,
    tolerance: TOLERANCE,
    arrays: () => {
      const images = uniform('resnet50/x', [different, ...resnet50.input]);
      const data = new Float32Array((images.length / different) * batch);
      for (let i = 0; i < batch; i += different) data.set(images, (i / different) * images.length);
      return new Map([...weightsOf(resnet50), ['x', { shape, data }]]);
    },
    expected: (arrays) => {
      const logits = logitsOf(task, arrays, different);
      return { logits: { values: Array.from({ length: batch / different }, () => logits).flat() } };
    },
  };
}

export const inferenceCases: readonly BenchCase[] = [resnet50Inference(1), resnet50Inference(8)];
