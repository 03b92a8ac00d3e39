// A model that is no model of the zoo, saved by the library: the commands open its file without knowing it.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { parametersOf, scope, tensor, use } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { digits, imageDataset } from '@sinapse/datasets';
import { loadSplit } from '@sinapse/datasets/node';
import { add, connect, conv2d, dense, flatten, graph, input, maxPool2d, sequential } from '@sinapse/layers';
import type { ActivationOption, Sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { evaluate, fit } from '@sinapse/training';
import { saveModel } from '@sinapse/training/node';
import { ensemble, temperatureScaled } from '@sinapse/training/selection';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinapse, small, testFolder } from './sinapse.ts';

const folder = testFolder();
const of = (name: string): string => join(folder, name);

function network(activation: ActivationOption = 'linear'): Sequential {
  const model = sequential([
    conv2d({ filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }),
    maxPool2d(),
    flatten(),
    ['scores', dense({ units: 10, activation })],
  ]);
  model.build([28, 28, 1], 1);
  return model;
}

describe('an own sequential', () => {
  let measured: { loss: number; accuracy: number };
  let measuredTogether: { loss: number; accuracy: number };

  beforeAll(async () => {
    const backend = use(reference());
    const model = network();
    const train = imageDataset(digits({ count: 300, seed: 1 })).batch(20);
    await fit(model, train, { optimizer: adam({ learningRate: 0.01 }), loss: softmaxCrossEntropy, epochs: 2, seed: 1 });
    const { images } = await loadSplit('digits', 'test', { count: 20 });
    measured = await evaluate(model, imageDataset(images).batch(20), { loss: softmaxCrossEntropy });
    const labels = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
    const preprocessing = { scale: 1 / 255 };
    await saveModel(of('own.safetensors'), model, { labels, preprocessing });
    await saveModel(of('bare.safetensors'), model);

    const ending = network('softmax');
    parametersOf(ending).forEach(({ cell }, i) => cell.assign(parametersOf(model)[i]!.cell.value));
    await saveModel(of('softmax.safetensors'), ending, { preprocessing });

    const x = input([28, 28, 1]);
    await saveModel(of('graph.safetensors'), graph({ inputs: x, outputs: x.to(...ending.layers) }), { preprocessing });
    const [left, right] = [input([2]), input([2])];
    const pair = graph({ inputs: { left, right }, outputs: connect([left, right], add(), dense({ units: 2 })) });
    pair.build(pair.inputShape, 1);
    await saveModel(of('pair.safetensors'), pair);

    const calibrated = temperatureScaled(ensemble([model, ['other', network()]]), { temperature: 0.5 });
    await saveModel(of('ensemble.safetensors'), calibrated, { preprocessing });
    measuredTogether = await evaluate(calibrated, imageDataset(images).batch(20), { loss: softmaxCrossEntropy });

    const broken = network();
    for (const { cell } of parametersOf(broken))
      scope(() => cell.assign(tensor(new Float32Array(cell.size).fill(NaN), { shape: cell.shape })));
    await saveModel(of('nan.safetensors'), broken, { preprocessing });
    await backend.close();
    await sinapse(...small.filter((word) => word !== '--json'), '--out', 'run'); // leaves a test image
    copyFileSync(of('run/sample.png'), of('sample.png'));
  });

  const evaluateFile = (name: string) => sinapse('evaluate', name, '--dataset', 'digits', '--test-limit', '20', '--json');

  it('is measured as in the library', async () => {
    const { code, stderr, events } = await evaluateFile('own.safetensors');
    expect([code, stderr]).toEqual([0, '']);
    expect(events[0]!['accuracy']).toBe(measured.accuracy);
    expect(events[0]!['loss']).toBeCloseTo(measured.loss, 5);
    expect(measured.accuracy).toBeGreaterThan(0.5);
  });

  it('is measured in an ensemble, which is one file', async () => {
    const { code, stderr, events } = await evaluateFile('ensemble.safetensors');
    expect([code, stderr]).toEqual([0, '']);
    expect(events[0]!['accuracy']).toBe(measuredTogether.accuracy);
    expect(events[0]!['loss']).toBeCloseTo(measuredTogether.loss, 5);
  });

  it('is summarised', async () => {
    const { code, events } = await sinapse('summary', 'own.safetensors', '--json');
    expect(code).toBe(0);
    expect(events).toMatchObject([{ model: 'sequential', inputShape: [28, 28, 1], outputShape: [10], parameters: 104 + 1450 }]);
  });

  it('says what an image shows, by its labels or without any', async () => {
    const asked = await sinapse('predict', 'own.safetensors', 'sample.png', '--top', '10', '--json');
    expect(asked.code).toBe(0);
    const top = asked.events[0]!['top'] as { label: string; probability: number }[];
    expect(top.map(({ label }) => label).sort()).toContain('seven');
    expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    const bare = await sinapse('predict', 'bare.safetensors', 'sample.png', '--json');
    expect(bare.code).toBe(0);
  });

  it('that ends in softmax gives its own probabilities and their cross-entropy', async () => {
    const [own, ending] = [await evaluateFile('own.safetensors'), await evaluateFile('softmax.safetensors')];
    expect(ending.events[0]!['loss']).toBeCloseTo(own.events[0]!['loss'] as number, 4);
    const top = async (name: string) =>
      (await sinapse('predict', name, 'sample.png', '--json')).events[0]!['top'] as { label: string; probability: number }[];
    const [expected, found] = [await top('bare.safetensors'), await top('softmax.safetensors')];
    expect(found[0]!.label).toBe(expected[0]!.label);
    expect(found[0]!.probability).toBeCloseTo(expected[0]!.probability, 5);
    expect(await top('graph.safetensors')).toEqual(found); // a graph of the same layers
  });

  it('of several inputs is refused in one line', async () => {
    const { code, stderr } = await sinapse('summary', 'pair.safetensors');
    expect(code).toBe(1);
    expect(stderr).toContain('the model takes or gives several tensors; the command line works with models of one input and one output');
  });

  it.each([
    ['predict', ['predict', 'nan.safetensors', 'sample.png']],
    ['evaluate', ['evaluate', 'nan.safetensors', '--dataset', 'digits', '--test-limit', '20']],
  ])('of NaN weights ends %s with an error', async (_, args) => {
    const { code, stdout, stderr } = await sinapse(...args, '--json');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/not numbers \(NaN\)/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
