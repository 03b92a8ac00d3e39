// The loss of a classifier: the loss of each row, and the mean loss.

import type { OpCases } from '../cases/gradient-case.ts';
import { away, gradientCase } from '../cases/gradient-case.ts';
import { tensor } from '../tensor/creation.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';
import { mean } from './statistics.ts';

const labels = (): Tensor => tensor([2, 0, 1, 1], { dtype: 'int32' });

export const softmaxCrossEntropyCases: OpCases = {
  softmaxCrossEntropy: [
    gradientCase('softmaxCrossEntropy', [away(4, 3)], (x) => softmaxCrossEntropy(x, labels())),
    gradientCase('mean of softmaxCrossEntropy', [away(4, 3)], (x) => mean(softmaxCrossEntropy(x, labels()))),
  ],
};
