// Boltzmann machines against their partition function, summed in float64, and on digits.

import { cpu } from '@sinapse/backend-cpu';
import type { Tensor } from '@sinapse/core';
import { greater, parametersOf, tensor, use } from '@sinapse/core';
import { digits } from '@sinapse/datasets';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { train } from '@sinapse/training';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RestrictedBoltzmannMachine } from '../index.ts';
import { deepBeliefNetwork, logisticClassifier, restrictedBoltzmannMachine } from '../index.ts';

beforeAll(async () => void use(await cpu()));

const STATES = Array.from({ length: 16 }, (_, i) => [3, 2, 1, 0].map((bit) => (i >> bit) & 1));
/** Pairs of units that agree: 00 00, 00 11, 11 00, 11 11. */
const AGREEING = STATES.filter(([a, b, c, d]) => a === b && c === d);
const examples = (): Tensor => tensor(Array.from({ length: 40 }, (_, i) => AGREEING[i % 4]!));

/** Σ over the hidden states of exp(b v + h (c + v W)), by the arrays of a machine; each of 16 visible states. */
function weightsOf(machine: RestrictedBoltzmannMachine): number[] {
  const [w, b, c] = ['weights', 'visible', 'hidden'].map((name) => machine.arrays().get(name)!.dataSync());
  const units = c!.length;
  return STATES.map((v) => {
    let product = Math.exp(v.reduce((sum, each, i) => sum + each * b![i]!, 0));
    for (let j = 0; j < units; j++) product *= 1 + Math.exp(v.reduce((sum, each, i) => sum + each * w![i * units + j]!, c![j]!));
    return product;
  });
}

describe('a restricted Boltzmann machine', () => {
  test.each(['cd', 'pcd'] as const)('learns a distribution, %s', async (method) => {
    const machine = await restrictedBoltzmannMachine({
      units: 4,
      method,
      steps: 1,
      epochs: 400,
      learningRate: 0.5,
      batchSize: 20,
      seed: 1,
    }).fit(examples());
    const weights = weightsOf(machine);
    const total = weights.reduce((a, b) => a + b, 0);
    const shares = STATES.map((state, i) => (AGREEING.includes(state) ? weights[i]! / total : 0)).filter((share) => share > 0);
    // 1/16 each before, 1/4 each at best: together most of it, and none forgotten.
    expect(shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.8);
    shares.forEach((share) => expect(share).toBeGreaterThan(1 / 16));
    const drawn = machine.sample(200, 20, 1).dataSync();
    const agreeing = Array.from({ length: 200 }, (_, i) => drawn[4 * i] === drawn[4 * i + 1] && drawn[4 * i + 2] === drawn[4 * i + 3]);
    expect(agreeing.filter(Boolean).length).toBeGreaterThan(140); // of 200, with a share of 0.8 160 ± 6
  });

  test('the free energy is minus the logarithm of a state, summed over hidden ones', async () => {
    const machine = await restrictedBoltzmannMachine({ units: 3, epochs: 20, seed: 2 }).fit(examples());
    const energies = machine.freeEnergy(tensor(STATES)).dataSync();
    weightsOf(machine).forEach((weight, i) => expect(energies[i]).toBeCloseTo(-Math.log(weight), 4));
  });

  test('reconstructs, and its filters are its weights', async () => {
    const before = await restrictedBoltzmannMachine({ units: 6, epochs: 1 }).fit(examples());
    const after = await restrictedBoltzmannMachine({ units: 6, epochs: 300, learningRate: 0.5, batchSize: 20 }).fit(examples());
    expect(await after.reconstructionError(examples())).toBeLessThan(0.5 * (await before.reconstructionError(examples())));
    expect(after.filters().shape).toEqual([6, 4]);
  });

  test('data that is not binary', async () => {
    await expect(restrictedBoltzmannMachine({ units: 2 }).fit(tensor([[0, 0.5]]))).rejects.toThrow(
      "restrictedBoltzmannMachine: x must be binary, of 0 and 1 only; greater(x, 0.5).cast('float32') makes it so",
    );
  });
});

describe('a deep belief network', () => {
  const pixels = (count: number, seed: number): { x: Tensor; y: Tensor } => {
    const { images, labels } = digits({ count, seed });
    const small = tensor(images, { shape: [count, 14, 2, 14, 2] }).cast('float32').mean({ axis: [2, 4] }).reshape([count, 196]); // prettier-ignore
    return { x: greater(small, 90).cast('float32'), y: tensor(Int32Array.from(labels)) };
  };

  test('greedy pre-training, then fine-tuning as a model', async () => {
    const { x, y } = pixels(200, 1);
    const network = await deepBeliefNetwork({ units: [50, 30], epochs: 10 }).fit(x);
    expect(network.transform(x).shape).toEqual([200, 30]);
    const features = await logisticClassifier({ classes: 10, epochs: 40 }).fit(network.transform(x), y);
    const rightBefore = features.predict(network.transform(x)).dataSync().filter((label, i) => label === y.dataSync()[i]).length; // prettier-ignore
    expect(rightBefore).toBeGreaterThan(60); // 20 by chance
    const model = network.toModel(10);
    await train(model, { x, y, epochs: 12, batchSize: 20, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.01 }) });
    const rightAfter = model.call(x).argMax({ axis: 1 }).dataSync().filter((label, i) => label === y.dataSync()[i]).length; // prettier-ignore
    expect(rightAfter).toBeGreaterThan(rightBefore);
    expect(rightAfter).toBeGreaterThan(180);
  });

  test('the model gives what the network gives, before the new layer', async () => {
    const network = await deepBeliefNetwork({ units: [3, 2], epochs: 3 }).fit(examples());
    const model = network.toModel(2);
    const [kernel, bias] = parametersOf(model).slice(-2).map(({ cell }) => cell.value); // prettier-ignore
    const expected = network.transform(examples()).matmul(kernel!).add(bias!).dataSync();
    model.call(examples()).dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5)); // prettier-ignore
  });
});
