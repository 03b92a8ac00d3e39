// Compares training with a plain implementation in float64, and checks what callbacks see.

import { abs, mean, use, withBackend } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../test/backends.ts';
import { batch, batches, bitsOf, clusters, crossEntropy, Linear, Momentum, Stateful } from '../test/tiny.ts';
import type { Callback, FitOptions } from './index.ts';
import { evaluate, fit } from './index.ts';

beforeAll(() => void use(poisoned()));

const settings = (epochs: number): FitOptions => ({ optimizer: new Momentum(), loss: crossEntropy, epochs, seed: 5 });

/** Softmax regression by gradient descent with momentum 0.9 and rate 0.1, in float64, written from the formulas. */
async function plainTraining(model: Linear, data: ReturnType<typeof clusters>, epochs: number) {
  const weights = [...model.kernel.value.dataSync()];
  const bias = [...model.bias.value.dataSync()];
  const [inputs, classes] = model.kernel.shape as [number, number];
  const velocity = { weights: weights.map(() => 0), bias: bias.map(() => 0) };
  const history: { loss: number; accuracy: number }[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const sum = { loss: 0, correct: 0, examples: 0 };
    for await (const { x, y } of data.iterate({ epoch })) {
      const n = x.shape[0]!;
      const dWeights = weights.map(() => 0);
      const dBias = bias.map(() => 0);
      for (let row = 0; row < n; row++) {
        const input = Array.from(x.data.subarray(row * inputs, (row + 1) * inputs));
        const logits = bias.map((b, j) => b + input.reduce((total, value, i) => total + value * weights[i * classes + j]!, 0));
        const total = logits.reduce((s, z) => s + Math.exp(z), 0);
        const label = y.data[row]!;
        sum.loss += Math.log(total) - logits[label]!;
        if (logits.indexOf(Math.max(...logits)) === label) sum.correct++;
        logits.forEach((z, j) => {
          const d = (Math.exp(z) / total - (j === label ? 1 : 0)) / n;
          dBias[j]! += d;
          input.forEach((value, i) => (dWeights[i * classes + j]! += value * d));
        });
      }
      sum.examples += n;
      for (const [values, gradient, v] of [
        [weights, dWeights, velocity.weights],
        [bias, dBias, velocity.bias],
      ] as const) {
        values.forEach((_, i) => {
          v[i] = 0.9 * v[i]! + gradient[i]!;
          values[i]! -= 0.1 * v[i];
        });
      }
    }
    history.push({ loss: sum.loss / sum.examples, accuracy: sum.correct / sum.examples });
  }
  return { weights, bias, history };
}

describe('training', () => {
  test('agrees with a plain implementation in float64, the short last batch weighing what it holds', async () => {
    const data = clusters({ examples: 22, batchSize: 4 }); // 5 batches of 4 and one of 2
    const model = new Linear(5, 3);
    const expected = await plainTraining(model, data, 3);
    const { history } = await fit(model, data, settings(3));
    history.forEach(({ loss, accuracy, examples }, i) => {
      expect(loss).toBeCloseTo(expected.history[i]!.loss, 5);
      expect(accuracy).toBe(expected.history[i]!.accuracy);
      expect(examples).toBe(22);
    });
    [...model.kernel.value.dataSync()].forEach((value, i) => expect(value).toBeCloseTo(expected.weights[i]!, 5));
    [...model.bias.value.dataSync()].forEach((value, i) => expect(value).toBeCloseTo(expected.bias[i]!, 5));
  });

  test('gives the same bits every time, with dropout and running statistics', async () => {
    const run = async () => {
      const model = new Stateful(5, 3);
      const { history } = await fit(model, clusters(), settings(2));
      return { bits: bitsOf(model), losses: history.map(({ loss }) => loss) };
    };
    expect(await run()).toEqual(await run());
  });

  test('moves state once in each step that succeeds, and never in validation', async () => {
    const model = new Stateful(1, 2);
    const one = batches(batch([[1], [3]], [0, 1]));
    await fit(model, one, { ...settings(2), validation: batches(batch([[100]], [0])) });
    expect(model.mean.value.dataSync()[0]).toBeCloseTo(0.1 * 2 + 0.9 * 0.1 * 2, 6);
  });

  test('leaves parameters alone that are not trainable', async () => {
    const model = new Linear(5, 3);
    model.kernel.trainable = false;
    const before = bitsOf(model);
    await fit(model, clusters(), settings(1));
    expect(bitsOf(model)['kernel']).toEqual(before['kernel']);
    expect(bitsOf(model)['bias']).not.toEqual(before['bias']);
  });

  test('measures the validation with the weights at the end of the epoch, like evaluate, and further metrics on both', async () => {
    const model = new Linear(5, 3);
    const validation = clusters({ seed: 8, examples: 10 });
    const metrics = { confidence: (output: Parameters<typeof abs>[0]) => mean(abs(output)) };
    const { history } = await fit(model, clusters(), { ...settings(2), validation, metrics });
    const { loss, accuracy, metrics: measured } = await evaluate(model, validation, { loss: crossEntropy, metrics });
    expect(history[1]).toMatchObject({ valLoss: loss, valAccuracy: accuracy, valMetrics: measured });
    expect(history[1]!.metrics!['confidence']).toBeGreaterThan(0);
  });

  test('gives no accuracy where the targets are no class numbers', async () => {
    const regression = { x: { data: Float32Array.of(1, 2), shape: [2, 1] }, y: { data: Float32Array.of(3, 5), shape: [2, 1] } };
    const squared: FitOptions['loss'] = (output, target) => mean(output.sub(target).square());
    const { history } = await fit(new Linear(1, 1), batches(regression), {
      ...settings(1),
      loss: squared,
      validation: batches(regression),
    });
    expect(Object.keys(history[0]!)).toEqual(['epoch', 'loss', 'valLoss', 'seconds', 'examples', 'examplesPerSecond']);
  });

  test('times epochs without their validation', async () => {
    const slow = {
      async *iterate() {
        await new Promise((resolve) => setTimeout(resolve, 400));
        yield batch([[1]], [0]);
      },
    };
    const { history } = await fit(new Linear(1, 2), batches(batch([[1]], [0])), { ...settings(1), validation: slow });
    expect(history[0]!.seconds).toBeLessThan(0.3);
    expect(history[0]!.examplesPerSecond).toBeCloseTo(1 / history[0]!.seconds, 6);
  });
});

describe('callbacks', () => {
  const recorder = (log: string[], name = ''): Callback => ({
    onStart: () => void log.push(`${name}start`),
    onStep: ({ epoch, step, steps, globalStep, examples }) =>
      void log.push(`${name}step ${epoch}.${step}/${steps} ${globalStep} ${examples}`),
    onEpoch: ({ epoch }, session) => void log.push(`${name}epoch ${epoch}, history ${session.history.length}`),
    onStop: (reason) => void log.push(`${name}${reason}`),
  });

  test('are called in order', async () => {
    const log: string[] = [];
    await fit(new Linear(5, 3), clusters({ examples: 6 }), { ...settings(2), callbacks: [recorder(log), recorder(log, 'b ')] });
    expect(log.filter((line) => !line.startsWith('b '))).toEqual([
      'start',
      'step 1.1/2 1 4',
      'step 1.2/2 2 6',
      'epoch 1, history 1',
      'step 2.1/2 3 4',
      'step 2.2/2 4 6',
      'epoch 2, history 2',
      'finished',
    ]);
    expect(log.slice(0, 4)).toEqual(['start', 'b start', 'step 1.1/2 1 4', 'b step 1.1/2 1 4']);
  });

  test('see the running means, which end as those of the epoch', async () => {
    const means: number[] = [];
    const losses: number[] = [];
    const watch: Callback = { onStep: ({ meanLoss, loss }) => void (means.push(meanLoss), losses.push(loss)) };
    const { history } = await fit(new Linear(5, 3), clusters({ examples: 6 }), { ...settings(1), callbacks: [watch] });
    expect(means).toEqual([losses[0], (losses[0]! * 4 + losses[1]! * 2) / 6]);
    expect(means[1]).toBe(history[0]!.loss);
  });

  test('are awaited', async () => {
    let open = 0;
    const slow = async () => {
      expect(++open).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      open--;
    };
    await fit(new Linear(5, 3), clusters({ examples: 6 }), {
      ...settings(1),
      callbacks: [{ onStart: slow, onStep: slow, onEpoch: slow, onStop: slow }],
    });
    expect(open).toBe(0);
  });

  test.each(['onStart', 'onStep', 'onEpoch'] as const)('stop the training from %s', async (hook) => {
    const log: string[] = [];
    const callbacks: Callback[] = [
      { [hook]: (...args: unknown[]) => (args.at(-1) as { stop(reason: string): void }).stop('enough') },
      recorder(log),
    ];
    const { stopped, history } = await fit(new Linear(5, 3), clusters({ examples: 6 }), { ...settings(5), callbacks });
    expect(stopped).toBe('enough');
    expect(history).toHaveLength(hook === 'onEpoch' ? 1 : 0);
    expect(log.at(-1)).toBe('enough');
    expect(log.filter((line) => line.startsWith('step'))).toHaveLength({ onStart: 0, onStep: 1, onEpoch: 2 }[hook]);
  });
});

test('each training stays on its backend, whatever is used meanwhile', async () => {
  const [a, b] = [poisoned(), poisoned()];
  const model = withBackend(a, () => new Linear(5, 3));
  use(a);
  const running = fit(model, clusters(), { ...settings(2), validation: clusters() });
  use(b);
  await running;
  expect(b.memory().liveStorages).toBe(0);
  use(poisoned());
});
