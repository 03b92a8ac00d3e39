// Training with the framework's layers and optimizers, as most users do.

import { randomKey, RandomStream, use } from '@sinapse/core';
import { allLayers, conv2d, dense, dropout, flatten, maxPool2d, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adamW, cosineDecay, sgd } from '@sinapse/optimizers';
import { beforeAll, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { bitsOfCheckpoint } from '../test/bits.ts';
import { clusters } from '../test/tiny.ts';
import type { Checkpoint, FitOptions } from './index.ts';
import { classify, decodeCheckpoint, encodeCheckpoint, encodeModel, fit, openModel, predict } from './index.ts';
import { toTensor } from './batch.ts';

beforeAll(() => void use(poisoned()));

const data = () => clusters({ examples: 60, batchSize: 8, shape: [8, 8, 1], classes: 3 });
function network() {
  const model = sequential([
    conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    maxPool2d({ window: 2 }),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: 3 }),
  ]);
  model.build([8, 8, 1], 1);
  return model;
}
const settings = (): FitOptions => ({
  optimizer: adamW({ learningRate: cosineDecay({ initial: 0.02, steps: 24 }), clipNorm: 1 }),
  loss: softmaxCrossEntropy,
  epochs: 3,
  seed: 4,
  validation: clusters({ examples: 30, batchSize: 8, shape: [8, 8, 1], classes: 3, seed: 7 }),
});

test('a convolutional network learns, is saved, loaded, and says the same', async () => {
  const model = network();
  const { history } = await fit(model, data(), settings());
  expect(history[2]!.loss).toBeLessThan(history[0]!.loss / 2);
  expect(history[2]!.valAccuracy).toBeGreaterThan(0.9);

  const { model: other } = openModel(await encodeModel(model), allLayers);
  for await (const batch of data().iterate({ epoch: 1 })) {
    const x = toTensor(batch.x);
    expect(await predict(other, x)).toEqual(await predict(model, x));
    const best = (await classify(model, x, { top: 1 })).map(([first]) => first!.class);
    expect(best.filter((label, i) => label === batch.y.data[i]).length / best.length).toBeGreaterThan(0.7);
  }
});

test('with AdamW, a schedule, clipping and dropout it resumes to the last bit', async () => {
  const whole = await fit(network(), data(), settings());
  const expected = bitsOfCheckpoint(await whole.checkpoint());
  const random = new RandomStream(randomKey(2));
  let resume: Checkpoint | undefined;
  for (const [from, to] of [
    [0, 8],
    [8, 16],
    [16, 24],
  ] as const) {
    const stopAt = from + 1 + random.below(to - from);
    const stop = {
      onStep: ({ globalStep }: { globalStep: number }, session: { stop(reason: string): void }) =>
        void (globalStep === stopAt && session.stop('later')),
    };
    const part = await fit(network(), data(), { ...settings(), callbacks: [stop], ...(resume && { resume }) });
    resume = decodeCheckpoint(encodeCheckpoint(await part.checkpoint()));
  }
  const end = await fit(network(), data(), { ...settings(), resume: resume! });
  expect(bitsOfCheckpoint(await end.checkpoint())).toEqual(expected);
});

test('another optimizer is refused in its own words', async () => {
  const { checkpoint } = await fit(network(), data(), { ...settings(), epochs: 1 });
  await expect(fit(network(), data(), { ...settings(), optimizer: sgd({ momentum: 0.9 }), resume: await checkpoint() })).rejects.toThrow(
    /^sgd: the state has other slots/,
  );
});

test('a model that was not built says what to do', async () => {
  const model = sequential([dense({ units: 3 })]);
  await expect(fit(model, data(), settings())).rejects.toThrow('build the model first: model.build(inputShape)');
});
