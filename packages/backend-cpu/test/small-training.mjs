// A training large enough for threads to share its loops. It imports the built packages, so that it runs in any thread or process.

import { createHash } from 'node:crypto';
import * as core from '@sinapse/core';
import { cpu } from '@sinapse/backend-cpu';

/** Trains with a backend made with these options. @returns a hash of the weights after three steps, and the engine that ran */
export async function train(options) {
  const backend = await cpu(options);
  core.use(backend);
  const key = core.randomKey(7);
  const random = (name, shape) => core.randomNormal(shape, { seed: key.fold(name), deviation: 0.1 });
  const parameters = [
    new core.Parameter(random('filter 1', [3, 3, 3, 16])),
    new core.Parameter(random('filter 2', [3, 3, 16, 32])),
    new core.Parameter(random('weight', [32 * 8 * 8, 10])),
  ];
  const x = random('x', [64, 32, 32, 3]);
  const labels = core.tensor(Int32Array.from({ length: 64 }, (_, i) => i % 10));
  for (let step = 0; step < 3; step++) {
    core.scope(() => {
      const { gradients } = core.valueAndGrad((filter1, filter2, weight) => {
        const a = core.maxPool2d(core.conv2d(x, filter1, { padding: 'same', activation: 'relu' }));
        const b = core.maxPool2d(core.conv2d(a, filter2, { padding: 'same', activation: 'tanh' }));
        const logits = core.matmul(core.reshape(b, [64, -1]), weight);
        return core.mean(core.softmaxCrossEntropy(logits, labels));
      }, parameters);
      parameters.forEach((parameter, i) => parameter.assign(core.sub(parameter.value, core.mul(gradients[i], 0.05))));
    });
  }
  const hash = createHash('sha256');
  for (const parameter of parameters) hash.update(parameter.value.dataSync());
  const { engine, threads } = backend.info;
  return { engine, threads, hash: hash.digest('hex') };
}
