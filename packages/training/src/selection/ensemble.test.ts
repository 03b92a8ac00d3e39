// Ensembles against their formulas in float64, and as model files.

import type { Context, Model, Tensor } from '@sinapse/core';
import { SinapseError, parametersOf, randomNormal, tensor, use, zeros } from '@sinapse/core';
import { activation, allLayers, dense, sequential, summary } from '@sinapse/layers';
import { meanSquaredError } from '@sinapse/layers/losses';
import { sgd } from '@sinapse/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { bitsOf, clusters, crossEntropy, Linear, Momentum } from '../../test/tiny.ts';
import type { Callback, Checkpoint } from '../index.ts';
import { decodeCheckpoint, encodeCheckpoint, encodeModel, evaluate, fit, openModel, predict } from '../index.ts';
import { ensemble, ensembleLayers, snapshots, stack, temperatureScaled } from './index.ts';

beforeAll(() => void use(poisoned()));

/** A model that gives the same rows for every x. */
const gives = (...rows: number[][]): Model => ({ call: () => tensor(rows) });
const rowsOf = async (model: Model, x = zeros([2, 1])) => {
  const { data, shape } = await predict(model, x);
  return Array.from({ length: shape[0]! }, (_, i) => Array.from(data.slice(i * shape[1]!, (i + 1) * shape[1]!), Number));
};
const softmax = (z: readonly number[]) => {
  const powers = z.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};
const near = (got: readonly number[][], expected: readonly number[][]) =>
  got.forEach((row, i) => row.forEach((value, k) => expect(value).toBeCloseTo(expected[i]![k]!, 6))); // float32 numbers of size 1

const A = [[1, 2, 0], [3, -1, 0.5]]; // prettier-ignore
const B = [[0, 1.5, 2], [1, 1.25, 0]]; // prettier-ignore
const C = [[0.5, 0.1, 0.2], [-1, 2, 0]]; // prettier-ignore

describe('the mean', () => {
  const mean = (i: number, k: number, rows: readonly number[][][]) => rows.reduce((sum, each) => sum + each[i]![k]!, 0) / rows.length;
  const all = [A, B, C].map((rows) => rows.map(softmax));
  const expected = A.map((row, i) => row.map((_, k) => mean(i, k, all)));

  test('of probabilities, as logits whose softmax it is', async () => {
    const rows = await rowsOf(ensemble([gives(...A), gives(...B), gives(...C)]));
    near(rows.map((row) => row.map(Math.exp)), expected); // prettier-ignore
    near(rows.map(softmax), expected);
    near(await rowsOf(ensemble(all.map((p) => gives(...p)), { of: 'probabilities' })), rows); // prettier-ignore
  });

  test('of values', async () => {
    near(await rowsOf(ensemble([gives(...A), gives(...B)], { of: 'values' })), A.map((row, i) => row.map((_, k) => mean(i, k, [A, B])))); // prettier-ignore
  });

  test('is at least as good as the members on average (Jensen)', async () => {
    const data = clusters({ examples: 30, batchSize: 10 });
    const members = [1, 2, 3].map((seed) => new Linear(5, 3, seed));
    const losses = await Promise.all(members.map(async (model) => (await evaluate(model, data, { loss: crossEntropy })).loss));
    const { loss } = await evaluate(ensemble(members), data, { loss: crossEntropy });
    expect(loss).toBeLessThan(losses.reduce((a, b) => a + b, 0) / 3);
  });
});

test('a vote counts decisions: of equal scores the first class, classes without votes are impossible', async () => {
  const rows = await rowsOf(ensemble([gives(...A), gives(...B), gives([1, 1, 0], [0, 3, 3])], { combine: 'vote' }));
  near(rows.map((row) => row.map(Math.exp)), [[1 / 3, 1 / 3, 1 / 3], [1 / 3, 2 / 3, 0]]); // prettier-ignore
  expect(rows[1]![2]).toBe(-Infinity);
});

test.each([{}, { combine: 'vote' }, { of: 'values' }] as const)('models of unlike outputs are refused: %j', async (options) => {
  const unlike = ensemble([gives(...A), ['narrow', gives([1, 2], [3, 4])]], options);
  await expect(predict(unlike, zeros([2, 1]))).rejects.toThrow(
    new SinapseError('ensemble: the models must give one shape, got [2,3] of model1 and [2,2] of narrow'),
  );
});

describe('one model file', () => {
  const network = (seed: number) => {
    const model = sequential([dense({ units: 4, activation: 'tanh' }), dense({ units: 3 })]);
    model.build([5], seed);
    return model;
  };
  const x = () => randomNormal([6, 5], { seed: 3 });

  test.each<[string, () => Promise<Model>]>([
    ['mean', () => Promise.resolve(ensemble([network(1), ['second', network(2)]]))],
    ['vote', () => Promise.resolve(ensemble([network(1), network(2)], { combine: 'vote' }))],
    ['stacking', () => stack([network(1), network(2)], clusters({ examples: 12 }), { optimizer: new Momentum(), loss: crossEntropy, epochs: 1 })],
    ['temperature', () => Promise.resolve(temperatureScaled(ensemble([network(1), network(2)]), { temperature: 1.7 }))],
    ['inside a sequential', () => {
      const model = sequential([['all', ensemble([network(1), network(2)])], activation('softmax')]);
      model.build([5], 4);
      return Promise.resolve(model);
    }],
  ])('%s', async (_, make) => {
    const model = await make();
    const file = await encodeModel(model);
    const opened = openModel(file, { ...allLayers, ...ensembleLayers });
    expect([opened.inputShape, opened.outputShape]).toEqual([[5], [3]]);
    expect(bitsOf(opened.model)).toEqual(bitsOf(model));
    expect(await predict(opened.model, x())).toEqual(await predict(model, x()));
    expect(await encodeModel(opened.model)).toEqual(file);
  }); // prettier-ignore

  test('a summary lists the layers of all members', () => {
    const rows = summary(ensemble([network(1), ['second', network(2)]]), [5]).layers;
    expect(rows.map(({ path, parameters }) => `${path} ${parameters}`)).toEqual(['model1/dense1 24', 'model1/dense2 15', 'second/dense1 24', 'second/dense2 15']);
  }); // prettier-ignore

  test('paths name the members', () => {
    expect(parametersOf(ensemble([network(1), ['second', network(2)]])).map(({ path }) => path)).toEqual([
      ...['dense1/kernel', 'dense1/bias', 'dense2/kernel', 'dense2/bias'].map((path) => `model1/${path}`),
      ...['dense1/kernel', 'dense1/bias', 'dense2/kernel', 'dense2/bias'].map((path) => `second/${path}`),
    ]);
  });
});

describe('stacking', () => {
  test('learns the least squares solution, and leaves the models as they are', async () => {
    // Two members see the target through noise of 0.5 and 1; the bias of the second is wrong.
    const [x, y] = [randomNormal([40, 3], { seed: 1 }), randomNormal([40, 1], { seed: 2 })];
    const member = (column: number, noise: number, shift: number): Model => ({
      call: (z: Tensor, _: Context) => z.mul(tensor([[column === 0 ? noise : 0, column === 1 ? noise : 0, 1]])).sum({ axis: 1, keepDims: true }).add(shift),
    }); // prettier-ignore
    const inputs = Array.from(await x.data());
    const targets = Array.from(await y.data());
    targets.forEach((value, i) => (inputs[3 * i + 2] = value));
    const data = { x: { data: Float32Array.from(inputs), shape: [40, 3] }, y: { data: Float32Array.from(targets), shape: [40, 1] } };
    const members = [member(0, 0.5, 0), member(1, 1, 2)];
    const model = await stack(members, data, { of: 'values', optimizer: sgd({ learningRate: 0.1, momentum: 0.8 }), loss: meanSquaredError, epochs: 120, batchSize: 40 }); // prettier-ignore

    const rows = targets.map((_, i) => [targets[i]! + 0.5 * inputs[3 * i]!, targets[i]! + inputs[3 * i + 1]! + 2, 1]);
    const solution = leastSquares(rows, targets);
    const { combiner } = model;
    const learned = [...(await combiner!.kernel.value.data()), ...(await combiner!.bias.value.data())];
    learned.forEach((value, i) => expect(value).toBeCloseTo(solution[i]!, 4)); // float32 gradients end within 1e-6 of 0, on a curvature above 0.1
    expect(learned[0]).toBeGreaterThan(learned[1]!); // the better member counts more
    const alone = await evaluate(members[0]!, { async *iterate() { yield data; } }, { loss: meanSquaredError }); // prettier-ignore
    const both = await evaluate(model, { async *iterate() { yield data; } }, { loss: meanSquaredError }); // prettier-ignore
    expect(both.loss).toBeLessThan(alone.loss);
  });

  test('begins with the mean of the logarithms of probabilities', async () => {
    const model = await stack([gives(...A), gives(...B)], { x: zeros([2, 1]), y: tensor([0, 1], { dtype: 'int32' }) }, { optimizer: { step() {}, state: () => ({ step: 0, slots: {} }), restore() {} }, loss: crossEntropy, epochs: 1 }); // prettier-ignore
    const logs = [A, B].map((rows) => rows.map((row) => softmax(row).map(Math.log)));
    near(await rowsOf(model), A.map((row, i) => row.map((_, k) => (logs[0]![i]![k]! + logs[1]![i]![k]!) / 2))); // prettier-ignore
  });
});

/** Solves the normal equations by Gauss's elimination. */
function leastSquares(rows: readonly number[][], targets: readonly number[]): number[] {
  const n = rows[0]!.length;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, k) => sum + row[i]! * targets[k]!, 0),
  ]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const factor = system[j]![i]! / system[i]![i]!;
      system[j] = system[j]!.map((value, k) => value - factor * system[i]![k]!);
    }
  return system.map((row, i) => row[n]! / row[i]!);
}

describe('snapshots', () => {
  const data = () => clusters({ examples: 12, batchSize: 6 });
  const settings = (callbacks: readonly Callback[]) => ({ optimizer: new Momentum(), loss: crossEntropy, epochs: 6, callbacks });

  test('are the weights at the end of every so many epochs, the last ones', async () => {
    const model = new Linear(5, 3);
    const seen: unknown[] = [];
    const kept = snapshots(() => new Linear(5, 3, 9), { every: 2, last: 2 });
    await fit(model, data(), settings([{ onEpoch: () => void seen.push(bitsOf(model)) }, kept]));
    expect(kept.models.map(bitsOf)).toEqual([seen[3], seen[5]]);
    expect((await evaluate(ensemble(kept.models), data(), { loss: crossEntropy })).examples).toBe(12);
  });

  test('survive a checkpoint', async () => {
    const expected = snapshots(() => new Linear(5, 3), { every: 2 });
    await fit(new Linear(5, 3), data(), settings([expected]));
    let checkpoint: Uint8Array | undefined;
    const take: Callback = { onEpoch: async ({ epoch }, session) => { if (epoch === 4) checkpoint = encodeCheckpoint(await session.checkpoint()); } }; // prettier-ignore
    await fit(new Linear(5, 3), data(), settings([snapshots(() => new Linear(5, 3), { every: 2 }), take]));
    const again = snapshots(() => new Linear(5, 3), { every: 2 });
    const resume: Checkpoint = decodeCheckpoint(checkpoint!);
    await fit(new Linear(5, 3), data(), { ...settings([again]), resume });
    expect(again.models.map(bitsOf)).toEqual(expected.models.map(bitsOf));
  });

  test('refuse another model', async () => {
    const other = { makeModel: () => ({ weights: [], call: (x: Tensor) => x }) };
    await expect(fit(new Linear(5, 3), data(), settings([snapshots(other.makeModel)]))).rejects.toThrow('snapshots: makeModel makes a model with other parameters');
  }); // prettier-ignore
});

describe('one line says what is wrong', () => {
  const two = () => [new Linear(5, 3), new Linear(5, 3)];
  test.each<[string, () => unknown, string]>([
    ['no models', () => ensemble([]), 'ensemble: expected a list of at least one model, got []'],
    ['models by name', () => ensemble({ a: new Linear(5, 3) } as never), 'ensemble: expected a list of at least one model, got an object'],
    ['no model', () => ensemble([new Linear(5, 3), 3 as never]), 'ensemble: entry 1 of the list must be a model, or [name, model], got 3'],
    ['a name twice', () => ensemble([['a', new Linear(5, 3)], ['a', new Linear(5, 3)]]), 'ensemble: two models are named a'],
    ['an unknown way', () => ensemble(two(), { combine: 'averge' as 'average' }), 'ensemble: combine: expected one of average, vote, got "averge"; did you mean average?'],
    ['a vote of values', () => ensemble(two(), { combine: 'vote', of: 'values' }), 'ensemble: combine: models that give values cannot vote for a class'],
    ['an input of another length', () => ensemble(two()).call(zeros([1, 4])), 'model1: linear: '],
    ['a model without build', () => ensemble(two()).build([5]), 'model1: ensemble: the model has no method build'],
    ['a temperature of 0', () => temperatureScaled(new Linear(5, 3), { temperature: 0 }), 'temperatureScaled: temperature: expected a finite number > 0, got 0'],
    ['stacking without data', () => stack(two(), [] as never, { optimizer: new Momentum(), loss: crossEntropy, epochs: 1 }), 'stack: the data: expected { x, y } with arrays of all examples, or a source of batches, e.g. dataset.batch(32), got '],
    ['models of other shapes', () => stack([new Linear(5, 3), new Linear(5, 2)], clusters(), { optimizer: new Momentum(), loss: crossEntropy, epochs: 1 }), 'stack: the models must give one shape, got [22,3] and [22,2]'],
  ])('%s', async (_, mistake, message) => {
    const error = await (async () => mistake())().then(() => expect.unreachable(), (reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(SinapseError);
    expect(error.message).toContain(message);
  }); // prettier-ignore
});
