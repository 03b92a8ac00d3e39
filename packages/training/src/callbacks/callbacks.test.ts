// Early stopping, best weights and checkpoints, on trainings with made-up losses.

import type { Model, Tensor } from '@sinapse/core';
import { memory, Parameter, SinapseError, tensor, use } from '@sinapse/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../../test/backends.ts';
import { batch, batches } from '../../test/tiny.ts';
import type { Callback, Checkpoint, EarlyStoppingOptions, EpochResult, FitOptions } from '../index.ts';
import { bestWeights, checkpointing, earlyStopping, fit, TrainingError } from '../index.ts';

beforeAll(() => void use(poisoned()));

/** A model whose only weight counts the steps. */
class Counter implements Model {
  readonly count: Parameter = new Parameter(tensor([0]));
  call(x: Tensor): Tensor {
    return x.mul(this.count.value);
  }
}
const counting: FitOptions['optimizer'] = {
  step: ([count]) => count!.assign(count!.value.add(1)),
  state: () => ({ step: 0, slots: {} }),
  restore: () => {},
};

/** Trains one epoch of one step for each of these validation losses. */
async function train(valLosses: readonly number[], callbacks: readonly Callback[], changes: Partial<FitOptions> = {}) {
  const model = new Counter();
  const validation = batches(batch([[1]], [0]));
  let at = 0;
  // Each epoch computes two losses: first that of training, 1, then that of the validation, the next in the list.
  let turn = 0;
  const loss: FitOptions['loss'] = (output) =>
    output
      .mul(0)
      .sum()
      .add(turn++ % 2 === 0 ? 1 : valLosses[at++]!);
  const result = await fit(model, batches(batch([[1]], [0])), {
    optimizer: counting,
    loss,
    epochs: valLosses.length,
    seed: 1,
    validation,
    callbacks,
    ...changes,
  });
  return { ...result, weight: model.count.value.dataSync()[0] };
}

describe('earlyStopping', () => {
  test.each<[string, number[], EarlyStoppingOptions, { epochs: number; weight: number; stopped: string }]>([
    ['stops after 3 epochs without a better one', [5, 4, 4, 6, 4, 1], {}, { epochs: 5, weight: 2, stopped: 'early' }],
    ['waits as long as it is told', [5, 6, 1], { patience: 1 }, { epochs: 2, weight: 1, stopped: 'early' }],
    ['counts anew after each better one', [5, 6, 4, 6, 3, 7], { patience: 2 }, { epochs: 6, weight: 5, stopped: 'finished' }],
    ['asks for a difference', [5, 4.95, 4.91, 4.5, 4.45], { patience: 2, minDelta: 0.1 }, { epochs: 3, weight: 1, stopped: 'early' }],
    ['can leave the last weights', [5, 6, 7], { patience: 2, restoreBest: false }, { epochs: 3, weight: 3, stopped: 'early' }],
    ['takes NaN for worse than anything', [NaN, NaN, 1], { patience: 2 }, { epochs: 2, weight: 2, stopped: 'early' }],
    ['takes infinity for better than nothing', [Infinity, 3, 2], { patience: 2 }, { epochs: 3, weight: 3, stopped: 'finished' }],
    [
      'watches what a function gives',
      [1, 2, 3],
      { monitor: ({ valLoss }) => -valLoss!, patience: 1 },
      { epochs: 3, weight: 3, stopped: 'finished' },
    ],
  ])('%s', async (_, valLosses, options, { epochs, weight, stopped }) => {
    const result = await train(valLosses, [earlyStopping(options)]);
    expect(result).toMatchObject({ weight, stopped });
    expect(result.history).toHaveLength(epochs);
  });

  test('watches an accuracy for its rise', async () => {
    const accuracies = [0.5, 0.75, 0.25, 0.5];
    const results: EpochResult[] = [];
    const callback = earlyStopping({ monitor: 'valAccuracy', patience: 2, restoreBest: false });
    let stopped: string | undefined;
    const session = { history: [], stop: (reason: string) => void (stopped = reason) } as unknown as Parameters<
      NonNullable<Callback['onStart']>
    >[0];
    await callback.onStart?.(session);
    for (const [i, valAccuracy] of accuracies.entries()) {
      expect(stopped).toBeUndefined();
      const result = { epoch: i + 1, loss: 1, valAccuracy, seconds: 1, examples: 1, examplesPerSecond: 1 };
      results.push(result);
      await callback.onEpoch?.(result, session);
    }
    expect(stopped).toBe('early');
  });

  test.each([0, -1, 1.5, NaN])('refuses a patience of %d', (patience) => {
    expect(() => earlyStopping({ patience })).toThrow(
      new SinapseError(`earlyStopping: patience: expected an integer >= 1, got ${patience}`),
    );
  });

  test.each([
    ['valLoss', 'give fit a validation set'],
    ['accuracy', 'its targets are no class numbers'],
  ] as const)('says what is missing: %s', async (monitor, remedy) => {
    const regression = batches({ x: { data: Float32Array.of(1), shape: [1, 1] }, y: { data: Float32Array.of(1), shape: [1, 1] } });
    const options: FitOptions = {
      optimizer: counting,
      loss: (output) => output.sum(),
      epochs: 1,
      seed: 1,
      callbacks: [earlyStopping({ monitor })],
    };
    await expect(fit(new Counter(), regression, options)).rejects.toThrow(
      new TrainingError(`earlyStopping: the epoch has no ${monitor} to monitor; ${remedy}`),
    );
  });
});

describe('bestWeights', () => {
  test('gives the weights of the best epoch back at the end', async () => {
    expect(await train([3, 1, 2], [bestWeights()])).toMatchObject({ weight: 2, stopped: 'finished' });
    expect(
      await train([3, 1, 2, 0], [bestWeights(), { onEpoch: ({ epoch }, session) => void (epoch === 3 && session.stop('enough')) }]),
    ).toMatchObject({ weight: 2, stopped: 'enough' });
  });

  test('leaves the last weights where there was no better epoch, or the training was aborted', async () => {
    expect(await train([NaN, NaN], [bestWeights()])).toMatchObject({ weight: 2 });
    const controller = new AbortController();
    const abort: Callback = { onEpoch: ({ epoch }) => void (epoch === 2 && controller.abort()) };
    expect(await train([1, 2, 3], [bestWeights(), abort], { signal: controller.signal })).toMatchObject({ weight: 2, stopped: 'aborted' });
  });

  test('two of them need names of their own', async () => {
    await expect(train([1], [bestWeights(), bestWeights()])).rejects.toThrow('fit: two callbacks have the name bestWeights');
    const both = [bestWeights(), bestWeights({ monitor: ({ epoch }) => epoch, name: 'first' })];
    expect(await train([2, 1, 3], both)).toMatchObject({ weight: 1 });
  });

  test('can be used again, and holds nothing when it is done', async () => {
    const callback = bestWeights();
    await train([1, 2], [callback]);
    const { tensors } = memory();
    expect(await train([3, 1, 2], [callback])).toMatchObject({ weight: 2 });
    expect(memory().tensors).toBeLessThanOrEqual(tensors + 3); // the new model's weight, read above
  });

  test('begins anew where a checkpoint brings a history but not its weights', async () => {
    const { checkpoint } = await train([1, 2], []);
    expect(await train([9, 9, 5, 7], [bestWeights()], { resume: await checkpoint() })).toMatchObject({ weight: 3 });
  });

  test("refuses weights from a checkpoint that are not the model's", async () => {
    const saved: Checkpoint[] = [];
    await train([1, 2], [bestWeights(), checkpointing({ save: (checkpoint) => void saved.push(checkpoint) })]);
    const kept = saved[1]!.callbacks.get('bestWeights')!;
    expect(kept).toMatchObject({ values: { epoch: 1 }, arrays: new Map([['count', { data: Float32Array.of(1) }]]) });
    const forged = { ...saved[1]!, callbacks: new Map([['bestWeights', { ...kept, arrays: new Map() }]]) };
    await expect(train([1, 2, 3], [bestWeights()], { resume: forged })).rejects.toThrow(new TrainingError('weights: "count" is missing'));
    const odd = { ...saved[1]!, callbacks: new Map([['bestWeights', { ...kept, values: { epoch: -1 } }]]) };
    await expect(train([1, 2, 3], [bestWeights()], { resume: odd })).rejects.toThrow(
      new TrainingError('checkpoint: bestWeights: "epoch" must be an integer of at least 0; got -1'),
    );
  });
});

describe('checkpointing', () => {
  test('saves before the first step, after epochs, every few steps, and when aborted', async () => {
    const at: string[] = [];
    const save = ({ epoch, step, globalStep }: Checkpoint) => void at.push(`${epoch}.${step} ${globalStep}`);
    const controller = new AbortController();
    const data = batches(batch([[1]], [0]), batch([[1]], [0]), batch([[1]], [0]));
    const abort: Callback = { onStep: ({ globalStep }) => void (globalStep === 5 && controller.abort()) };
    const options: FitOptions = {
      optimizer: counting,
      loss: (output) => output.sum(),
      epochs: 2,
      seed: 1,
      callbacks: [checkpointing({ save, everySteps: 2 }), abort],
      signal: controller.signal,
    };
    await fit(new Counter(), data, options);
    expect(at).toEqual(['1.0 0', '1.2 2', '2.0 3', '2.1 4', '2.2 5']);
  });

  test('has a state to go back to when the very first step fails', async () => {
    const saved: Checkpoint[] = [];
    const save = checkpointing({ save: (checkpoint) => void saved.push(checkpoint) });
    await expect(train([1], [save], { loss: (output) => output.sum().mul(NaN) })).rejects.toThrow('epoch 1, step 1: the loss is NaN');
    expect(saved).toMatchObject([{ epoch: 1, step: 0, globalStep: 0, history: [] }]);
    expect(await train([3, 1, 2], [], { resume: saved[0]! })).toMatchObject({ weight: 3, stopped: 'finished' });
  });

  test.each([0, -1, 1.5, NaN])('refuses to save every %d steps', (everySteps) => {
    expect(() => checkpointing({ save: () => {}, everySteps })).toThrow(
      new SinapseError(`checkpointing: everySteps: expected an integer >= 1, got ${everySteps}`),
    );
  });
});
