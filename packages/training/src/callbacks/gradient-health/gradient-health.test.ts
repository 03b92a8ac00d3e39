// What is said of gradients: of a deep sigmoid network, of one whose weights are too large, of residual ones.

import { cpu } from '@sinapse/backend-cpu';
import { reference } from '@sinapse/backend-reference';
import { double } from '@sinapse/backend-testkit';
import { mul, parametersOf, scope, use } from '@sinapse/core';
import type { Model } from '@sinapse/core';
import { dense, initializers, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { sgd } from '@sinapse/optimizers';
import { resnet20 } from '@sinapse/zoo';
import { beforeEach, expect, test, vi } from 'vitest';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../../test/tiny.ts';
import type { DataOptions } from '../../../test/tiny.ts';
import { fit, gradientHealth } from '../../index.ts';
import type { Batch, GradientReport, HostArray, TrainStep } from '../../index.ts';
import { diagnose } from './diagnosis.ts';

beforeEach(() => void use(reference()));

/** A network of 20 layers. */
function deep(activation: 'sigmoid' | 'tanh' | 'relu', scale = 1): Model {
  const hidden = Array.from({ length: 19 }, () =>
    dense({ units: 16, activation, kernelInitializer: activation === 'relu' ? initializers.heNormal : initializers.glorotUniform }),
  );
  const model = sequential([...hidden, dense({ units: 3 })]);
  model.build([5], 1);
  scope(() => parametersOf(model).forEach(({ cell }) => cell.assign(mul(cell.value, scale))));
  return model;
}

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `dense${from + i}`);

async function watch(
  model: Model,
  data: DataOptions = {},
  epochs = 2,
): Promise<{ lines: string[]; reports: GradientReport[]; failed: boolean }> {
  const [lines, reports]: [string[], GradientReport[]] = [[], []];
  const health = gradientHealth({ everySteps: 2, write: (line) => lines.push(line), report: (report) => reports.push(report) });
  const settings = { optimizer: sgd({ learningRate: 0.01 }), loss: softmaxCrossEntropy, epochs, callbacks: [health] };
  const failed = await fit(model, clusters(data), settings).then(
    () => false,
    () => true,
  );
  return { lines, reports, failed };
}

test('20 layers of sigmoid: vanishing, in the lower layers', async () => {
  const { lines, reports } = await watch(deep('sigmoid'));
  expect(lines).toHaveLength(1); // once, not in each epoch
  const { layers, diagnosis } = reports[0]!;
  expect(diagnosis!.kind).toBe('vanishing');
  expect(diagnosis!.layers).toEqual(layers.filter(({ gradient }) => gradient < layers.at(-1)!.gradient / 10_000).map(({ layer }) => layer));
  // Each layer of sigmoid takes a factor of 0.25 at most, and the last one gives what is largest.
  expect(diagnosis!.layers.slice(0, 12)).toEqual(numbered(1, 12));
  for (const upper of numbered(18, 20)) expect(diagnosis!.layers).not.toContain(upper);
  expect(lines[0]).toMatch(/^epoch 1: gradients vanish in dense1 to dense1\d \(the norm in dense1 is \d.\de-\d+, in dense20 [\d.]+\), so these layers hardly learn: use ReLU instead of sigmoid or tanh, residual connections, and in recurrent networks an LSTM$/);
}); // prettier-ignore

test('20 layers with weights scaled by 3: exploding, in all of them, also if the training fails in its first epoch', async () => {
  const { lines, reports, failed } = await watch(deep('relu', 3));
  expect(failed).toBe(true);
  expect(reports[0]!.diagnosis).toMatchObject({ kind: 'exploding', layers: numbered(1, 20) });
  expect(lines).toEqual([expect.stringMatching(/^epoch 1: gradients explode in dense1 to dense20 \(the norm in dense\d+ is .*\): clip them, e.g. with the optimizer's clipNorm, start from smaller weights, and in recurrent networks use an LSTM$/)]);
}); // prettier-ignore

test('20 layers of tanh with weights scaled by 3: exploding where the gradient arrives last', async () => {
  const { reports } = await watch(deep('tanh', 3));
  const { diagnosis } = reports[0]!;
  expect(diagnosis!.kind).toBe('exploding');
  expect(diagnosis!.layers).toEqual(numbered(1, diagnosis!.layers.length));
  expect(diagnosis!.layers.length).toBeLessThan(10);
  expect((await watch(deep('tanh'))).lines).toEqual([]);
});

test('silent on 20 layers of ReLU with the initial weights of He', async () => {
  expect((await watch(deep('relu'))).lines).toEqual([]);
});

test('silent on ResNet-20', async () => {
  use(await cpu());
  const model = resnet20({ classes: 3 });
  model.build([16, 16, 3], 1);
  const { lines, reports } = await watch(model, { examples: 24, batchSize: 8, shape: [16, 16, 3] });
  expect(lines).toEqual([]);
  expect(reports[1]!.layers).toHaveLength(20); // 19 convolutions with their normalisations, and the classifier
});

test('the norms are those of gradients, weights and updates', async () => {
  const [reports, model]: [GradientReport[], Model] = [[], new Linear(5, 3)];
  let norm = 0;
  await fit(model, clusters(), {
    optimizer: new Momentum(0.5),
    loss: crossEntropy,
    epochs: 1,
    callbacks: [
      gradientHealth({ everySteps: 100, report: (report) => reports.push(report) }),
      { wantsGradients: (step) => step === 1, onGradients: ({ gradients }) => void (norm = Math.hypot(...gradients[0]!.dataSync())) },
    ],
  });
  const [{ epoch, layers }] = reports as [GradientReport];
  expect(epoch).toBe(1);
  expect(layers.map(({ layer }) => layer)).toEqual(['kernel', 'bias']);
  expect(layers[0]!.gradient).toBeCloseTo(norm, 6);
  expect(layers[0]!.update).toBeCloseTo(0.5 * norm, 6); // the first step of momentum
  expect(layers[0]!.weights).toBeCloseTo(Math.hypot(...new Linear(5, 3).kernel.value.dataSync()), 6);
});

test('a step that trains two parts is looked at whole, and each part by itself', async () => {
  const parts = { small: new Linear(5, 3, 1), large: new Linear(5, 3, 2) };
  const [reports, lines]: [GradientReport[], string[]] = [[], []];
  const step: TrainStep<typeof parts, Batch<HostArray>> = ({ x, y }, { model, minimize }) => {
    minimize(() => crossEntropy(model.small.call(x), y).mul(1e-9), 'small'); // small beside the other, not within itself
    return minimize(() => crossEntropy(model.large.call(x), y), 'large');
  };
  const health = gradientHealth({ everySteps: 2, report: (report) => reports.push(report), write: (line) => lines.push(line) });
  const optimizer = { small: new Momentum(), large: new Momentum() };
  await fit(parts, clusters(), { optimizer, step, epochs: 1, callbacks: [health] });
  expect(reports.map(({ layers }) => layers.map(({ layer }) => layer))).toEqual([['small', 'large']]);
  expect(lines).toEqual([]);
});

test('late devices tell the same, and no bit of the training changes', async () => {
  const run = async (watched: boolean) => {
    const [reports, model]: [GradientReport[], Linear] = [[], new Linear(5, 3)];
    const callbacks = watched ? [gradientHealth({ everySteps: 2, report: (report) => reports.push(report) })] : [];
    await fit(model, clusters(), { optimizer: new Momentum(), loss: crossEntropy, epochs: 2, callbacks });
    return { reports, model };
  };
  const { reports, model } = await run(true);
  expect(bitsOf((await run(false)).model)).toEqual(bitsOf(model));
  use(double());
  expect((await run(true)).reports).toEqual(reports);
  expect(reports).toHaveLength(2);
});

test('warns on the console by default, and checks its options', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await fit(deep('sigmoid'), clusters(), { optimizer: sgd(), loss: softmaxCrossEntropy, epochs: 1, callbacks: [gradientHealth()] });
  expect(warn.mock.calls).toEqual([[expect.stringContaining('gradients vanish')]]);
  warn.mockRestore();
  expect(() => gradientHealth({ everyStep: 1 } as never)).toThrow('gradientHealth: everyStep is no option; did you mean everySteps?');
});

test('layers apart from each other are named one by one', () => {
  const norms = [1e-6, 1, 1e-7, 1e-8, 1, 1e-9, 1e-9, 0, NaN].map((gradient, i) => ({ layer: `l${i}`, gradient, update: 0, weights: 1 }));
  expect(diagnose(norms.slice(0, 8))!.sentence).toContain('vanish in l0, l2, l3, l5 to l7 (the norm in l7 is 0, in l1 1)');
  expect(diagnose(norms)!.sentence).toContain('explode in l8 (the norm in l8 is NaN, that of its weights 1)');
  expect(diagnose(norms.slice(0, 1))).toBeUndefined();
});
