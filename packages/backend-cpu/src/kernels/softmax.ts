// softmax and its relatives, over the last axis.

import type { Kernel, View } from '@sinapse/core';
import type { Engine } from '../engine/engine.ts';
import { addressOf } from '../engine/memory.ts';

type SoftmaxKernel = 'softmax' | 'logSoftmax' | 'logSumExp' | 'softmaxCrossEntropy';

export function softmaxKernels(engine: Engine): { readonly [K in SoftmaxKernel]: Kernel<K> } {
  const softmax = engine.kernel('softmax');
  const logSoftmax = engine.kernel('log_softmax');
  const logSumExp = engine.kernel('log_sum_exp');
  const crossEntropy = engine.kernel('softmax_cross_entropy');

  function runOnRows(run: () => void, x: View, y: View, rows: number): void {
    const args = engine.arguments;
    args[0] = addressOf(x);
    args[1] = addressOf(y);
    args[2] = rows;
    args[3] = x.shape[x.shape.length - 1];
    run();
  }

  return {
    softmax: ({ in: { x }, out: { y } }) => {
      if (x.size > 0) runOnRows(softmax, x, y, x.size / x.shape[x.shape.length - 1]);
    },
    logSoftmax: ({ in: { x }, out: { y } }) => {
      if (x.size > 0) runOnRows(logSoftmax, x, y, x.size / x.shape[x.shape.length - 1]);
    },
    logSumExp: ({ in: { x }, out: { y } }) => {
      if (y.size > 0) runOnRows(logSumExp, x, y, y.size);
    },
    softmaxCrossEntropy: ({ in: { logits, labels }, out: { loss, dlogits } }) => {
      if (logits.size === 0) return;
      const args = engine.arguments;
      args[0] = addressOf(logits);
      args[1] = addressOf(labels);
      args[2] = addressOf(loss);
      args[3] = addressOf(dlogits);
      args[4] = labels.size;
      args[5] = logits.shape[1];
      crossEntropy();
    },
  };
}
